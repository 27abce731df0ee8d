#include "emptor/session/sealing.hpp"

#include <algorithm>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/insight.hpp"
#include "emptor/model/system.hpp"
#include "emptor/session/rule.hpp"
#include "model/next_schema.hpp"
#include "session/journal_base.hpp"
#include "session/rights/guard.hpp"
#include "session/row_rules.hpp"
#include "session/search/index.hpp"
#include "session/tell.hpp"
#include "store/batch_rows.hpp"
#include "store/secret_settings.hpp"

namespace emptor {
namespace {

constexpr std::size_t customers_at_once = 5'000;
constexpr std::chrono::milliseconds purge_wait{5'000};  // for those who read the store as it was

[[noreturn]] void refuse_without_key() {
  throw Error(Code::denied, "the store was opened without a key", "give the host's key when it is opened");
}

class Sealing {
 public:
  explicit Sealing(const Schema& schema) : schema_(schema), rows_(schema.catalog()) {}

  void add(std::string_view name) {
    const std::size_t dot = name.find('.');
    const Entity& entity = schema_.entity(name.substr(0, dot));
    const Field& field = entity.field(dot == name.npos ? std::string_view() : name.substr(dot + 1));
    check(entity, field);
    mark(entity, field);
    for (const DerivedField& derived : derived_fields(rules_of(entity)))
      if (std::ranges::find(derived.sources, field.number) != derived.sources.end() &&
          entity.fields[derived.field].type == Type::text)
        mark(entity, entity.fields[derived.field]);
  }

  /// Throws where a rule of a segment asks what is to be sealed.
  void check_rules(Reader& reader) {
    const SchemaPtr next = marked(schema_, fields_);
    const Query query{.entity = std::string(Segment::entity_name), .fields = {"rule"}};
    ScanKey key;
    Batch batch;
    for (bool more = true; more;) {
      more = reader.scan(query, key, batch);
      for (std::size_t i = 0; i < batch.rows(); ++i) check_rule(*next, batch.columns[0].text(i), batch.ids[i]);
    }
    if (!problems_.empty()) throw Error(std::move(problems_));
  }

  std::span<const CatalogField> fields() const noexcept { return fields_; }

 private:
  void check(const Entity& entity, const Field& field) {
    const auto refuse = [&](std::string message, std::string hint) {
      problems_.push_back({Code::invalid, std::move(message), entity.name, field.name, {}, std::move(hint)});
    };
    if (!field.has(field_flag::personal) || field.type != Type::text || entity.keeping != Keeping::journalled)
      refuse("only personal texts are sealed", "see which fields are personal in docs/entities.md");
    const bool unique = std::ranges::any_of(entity.indexes, [&](const Index& index) {
      return index.unique && std::ranges::find(index.fields, field.number) != index.fields.end();
    });
    if (unique) refuse("a field that is part of a unique key cannot be sealed", "leave it out");
  }

  void mark(const Entity& entity, const Field& field) {
    for (const CatalogField& row : rows_)
      if (row.entity == entity.number && row.number == field.number) fields_.push_back(row);
    fields_.back().flags |= field_flag::sealed;
  }

  void check_rule(const Schema& next, std::string_view rule, Id segment) {
    try {
      Rule::parse_segment(next, rule);
    } catch (const Error& error) {
      Problem problem = error.first();
      problem.message = "segment " + std::to_string(segment.value) + " asks the field: " + problem.message;
      problems_.push_back(std::move(problem));
    }
  }

  const Schema& schema_;
  std::vector<CatalogField> rows_, fields_;
  std::vector<Problem> problems_;
};

}  // namespace

void seal_fields(Session& session, std::span<const std::string_view> fields, const Progress& progress) {
  require_whole(session, "seal fields");
  const LongCall call(progress ? progress : session.options().progress);
  std::unique_ptr<Writer> writer = session.store().write();
  const SchemaPtr schema = writer->schema();
  Sealing sealing(*schema);
  for (const std::string_view field : fields) sealing.add(field);
  sealing.check_rules(*writer);
  writer->mark_fields(sealing.fields());
  if (writer->setting(seal_setting).empty()) refuse_without_key();
  while (seek::extend_index(*writer, *session.store().kept<seek::SearchMemory>(), true)) beat("seal");
  writer->commit();
  writer.reset();
  if (!session.store().purge(purge_wait))
    tell(session, LogLevel::warning,
         "somebody still reads what was: the files keep plain texts until an erasure cleans them");
  std::string names;
  for (const std::string_view field : fields) names += (names.empty() ? "" : ", ") + std::string(field);
  tell(session, LogLevel::info, "fields sealed: " + names);
}

void rotate_keys(Session& session, const Progress& progress) {
  require_whole(session, "rotate the store's keys");
  const LongCall call(progress ? progress : session.options().progress);
  ScanKey key;
  for (bool more = true; more; beat("rotate keys")) {
    const std::unique_ptr<Writer> writer = session.store().write();
    if (!writer->schema()->seals()) throw Error(Code::denied, "the store has no sealed fields", "seal some first");
    const Entity& entity = writer->schema()->entity(SubjectKey::entity_number);
    Batch batch;
    const bool first = !key.begun;
    more = writer->scan({.entity = entity.name, .limit = customers_at_once}, key, batch);
    writer->put(entity, BatchRows().of(batch), false);
    if (first)
      for (const std::string_view name : {seal_setting, salt_setting}) writer->set_setting(name, writer->setting(name));
    writer->commit();
  }
  tell(session, LogLevel::info, "the secrets of customers are wrapped with the newest key");
}

std::vector<std::string> sealed_fields(const Schema& schema) {
  std::vector<std::string> names;
  for (const Entity& entity : schema.entities())
    for (const FieldNumber field : entity.sealed_fields) names.push_back(entity.name + "." + entity.fields[field].name);
  return names;
}

}  // namespace emptor
