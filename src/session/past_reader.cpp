#include "session/past_reader.hpp"

#include <algorithm>
#include <ranges>

#include "emptor/core/error.hpp"
#include "emptor/store/open.hpp"
#include "session/batch_row.hpp"
#include "session/journal_base.hpp"
#include "session/walk_back.hpp"
#include "store/keyvalue/key_encoding.hpp"

namespace emptor {
namespace {

constexpr std::size_t at_once = 1'000;

// A store of the same fields, with nothing in it.
std::unique_ptr<Store> empty_twin(Reader& reader) {
  std::unique_ptr<Store> twin =
      open_memory({.create = true, .currency = reader.info().currency, .zone = reader.info().zone});
  const std::unique_ptr<Writer> writer = twin->write();
  for (const Entity& entity : reader.schema()->entities())
    for (const Field& field : entity.fields)
      if (field.has(field_flag::custom) && writer->schema()->entity(entity.name).find(field.name) == nullptr)
        writer->add_field(writer->schema()->custom({.entity = entity.name,
                                                    .name = field.name,
                                                    .type = field.type,
                                                    .flags = field.flags & (field_flag::indexed | field_flag::personal),
                                                    .doc = field.doc}));
  writer->commit();
  return twin;
}

// The ids that a field is held to by a condition; nothing where it is held to none.
std::optional<std::vector<Value>> pinned(const Where& where, std::string_view field) {
  if (where.kind == Where::Kind::all)
    for (const Where& child : where.children)
      if (auto ids = pinned(child, field)) return ids;
  const bool pins = where.kind == Where::Kind::compare && where.field == field &&
                    (where.op == Operator::equal || where.op == Operator::in);
  return pins ? std::optional(where.values) : std::nullopt;
}

// A field that a condition holds to values by which records are found without a scan; null if none.
const std::string* pinned_index(const Entity& entity, const Where& where) {
  for (const Index& index : entity.indexes)
    if (const std::string& field = entity.fields[index.fields.front()].name; pinned(where, field)) return &field;
  return nullptr;
}

std::string key_of(const Value& value) {
  std::string key = "=";
  keyvalue::append_key(key, value, false);
  return key;
}

}  // namespace

PastReader::PastReader(std::unique_ptr<Reader> present, RightsPtr rights, Action purpose, Instant at)
    : present_(std::move(present)), rights_(std::move(rights)), purpose_(purpose), info_(present_->info()) {
  if (const JournalBase base = journal_base(*present_); at < base.at) refuse_forgotten(base);
  position_ = position_at(*present_, at);
  const std::vector<JournalEntry> newest = present_->journal(position_ - 1, 1);
  info_.position = rights_ ? rights_->token_of(position_) : position_;
  info_.head = rights_ || position_ == 0 || newest.empty() ? Hash{} : newest.front().hash;
  past_ = empty_twin(*present_);
  later_ = LaterChanges::after(*present_, position_);
}

Reader& PastReader::past() {
  if (!past_reader_) past_reader_ = past_->read();
  return *past_reader_;
}

void PastReader::get(const Entity& entity, std::span<const Id> ids, Batch& out) {
  std::vector<Value> wanted(ids.begin(), ids.end());
  need(entity, Where::in("id", std::move(wanted)));
  past().get(entity, ids, out);
}

bool PastReader::scan(const Query& query, ScanKey& key, Batch& out) {
  need(past().schema()->entity(query.entity), query.where);
  return past().scan(query, key, out);
}

Groups PastReader::aggregate(const AggregateQuery& query) {
  need(past().schema()->entity(query.entity), query.where);
  return past().aggregate(query);
}

std::vector<JournalEntry> PastReader::journal(std::int64_t after, std::size_t limit) {
  if (after >= position_) return {};
  return present_->journal(after, std::min(limit, static_cast<std::size_t>(position_ - after)));
}

std::optional<JournalEntry> PastReader::entry(std::int64_t version) {
  std::optional<JournalEntry> found = present_->entry(version);
  if (found && found->position > position_) found.reset();
  return found;
}

std::optional<JournalEntry> PastReader::operation(std::string_view op_id) {
  std::optional<JournalEntry> found = present_->operation(op_id);
  if (found && found->position > position_) found.reset();
  return found;
}

// Brings what a condition can reach and is not there yet.
void PastReader::need(const Entity& past_entity, const Where& asked) {
  const Entity& entity = present_->schema()->entity(past_entity.name);
  if (entity.keeping != Keeping::journalled || whole_.contains(entity.number)) return;
  if (auto parts = reached_by(entity, asked)) {
    for (Where& part : *parts) bring(past_entity, std::move(part));
    return;
  }
  whole_.insert(entity.number);
  bring(past_entity, {});
}

// Which of today's records hold what a condition asks for and is not there yet, each part found along an index; nothing
// where that may be any. A record that is as it was is found by what it is; the others are brought with the first of
// their entity.
std::optional<std::vector<Where>> PastReader::reached_by(const Entity& entity, const Where& asked) {
  const std::string* customer = entity.customer_field ? &entity.fields[*entity.customer_field].name : nullptr;
  const std::string* field = &entity.fields[system_field::id].name;
  if (!pinned(asked, *field)) field = customer;
  if (field == nullptr || !pinned(asked, *field)) field = later_ ? pinned_index(entity, asked) : nullptr;
  if (field == nullptr) return std::nullopt;
  const std::vector<Value> held = *pinned(asked, *field);
  std::vector<Value> values;
  for (const Value& value : held)
    if (value.present() && brought_.emplace(entity.number, *field + key_of(value)).second) values.push_back(value);
  std::vector<Where> parts;
  if (!values.empty()) parts.push_back(Where::in(*field, values));
  if (!values.empty() && !later_ && field == customer && entity.find("origin_id") != nullptr)
    parts.push_back(Where::in("origin_id", values));
  if (later_ && brought_.emplace(entity.number, "").second) {
    const std::vector<Id> changed = later_->changed(entity.number);
    if (!changed.empty()) parts.push_back(Where::in("id", {changed.begin(), changed.end()}));
  }
  return parts;
}

void PastReader::bring(const Entity& past_entity, Where which) {
  const Entity& entity = present_->schema()->entity(past_entity.name);
  if (rights_)
    which = Where::all({rights_->scope(entity, Action::read), rights_->scope(entity, purpose_), std::move(which)});
  const Query query{entity.name, std::move(which), {}, {}, at_once, true};
  past_reader_.reset();
  const std::unique_ptr<Writer> writer = past_->write();
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = present_->scan(query, key, batch);
    std::vector<std::vector<Value>> rows;
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      const auto was = as_it_was(entity, row_of(batch, i));
      if (!was) continue;
      std::vector<Value>& row = rows.emplace_back(past_entity.fields.size());
      for (const Field& field : past_entity.fields)
        if (const Field* same = entity.find(field.name)) row[field.number] = (*was)[same->number];
    }
    // One by one, for a record may be there by another way already.
    for (const std::vector<Value>& row : rows) {
      const Row one = row;
      Batch there;
      const Id id = row[system_field::id].id();
      writer->get(past_entity, std::span(&id, 1), there);
      if (!there.ids[0]) writer->put(past_entity, std::span(&one, 1), true);
    }
  }
  writer->commit();
}

// Nothing for a record that came later.
std::optional<std::vector<Value>> PastReader::undone(const Entity& entity, Row today) {
  const Id id = today[system_field::id].id();
  std::vector<Value> row(today.begin(), today.end());
  for (const LaterChanges::Step& step : std::views::reverse(later_->of(entity.number, id))) {
    if (step.kind == ChangeKind::insert) return std::nullopt;
    const Secret* secret = keys_.opening(*present_, customer_of(entity, row), step.version);
    apply_sealed(secret, entity, id, step.version, step.difference, row, text_);
    row[system_field::version] = Value(step.previous);
  }
  return row;
}

// What the actor may not read of it today is missing, also where it would be masked.
std::optional<std::vector<Value>> PastReader::as_it_was(const Entity& entity, Row today) {
  std::optional<std::vector<Value>> was;
  if (today[system_field::version].integer() <= position_) {
    was.emplace(today.begin(), today.end());
  } else if (later_) {
    was = undone(entity, today);
  } else {
    walk_back(*present_, entity, today, keys_, text_, [&](const PastVersion& past) {
      if (past.version > position_) return true;
      was.emplace(past.row.begin(), past.row.end());
      return false;
    });
  }
  if (was && rights_)
    for (const FieldRule& rule : rights_->field_rules(entity))
      if (!rights_->holds(entity, rule, Rights::Part::open, today)) (*was)[rule.field] = Value();
  if (was && rights_) (*was)[system_field::version] = Value(rights_->token_of((*was)[system_field::version].integer()));
  return was;
}

}  // namespace emptor
