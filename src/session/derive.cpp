#include "session/derive.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"
#include "session/customer_summary.hpp"

namespace emptor {
namespace {

constexpr std::string_view derivations_setting = "derivations";
constexpr std::string_view behind_setting = "derivations_behind";
constexpr std::size_t rows_at_once = 4096;

std::vector<std::string> recorded(Reader& reader) {
  std::vector<std::string> names;
  const std::string text = reader.setting(derivations_setting);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    names.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

// Writes rows of one entity in groups.
class RowBuffer {
 public:
  RowBuffer(Writer& writer, const Entity& entity) : writer_(writer), entity_(entity) {}
  void add(Row row) {
    values_.insert(values_.end(), row.begin(), row.end());
    if (values_.size() >= rows_at_once * entity_.fields.size()) flush();
  }
  void flush() {
    std::vector<Row> rows;
    const std::size_t width = entity_.fields.size();
    for (std::size_t at = 0; at < values_.size(); at += width) rows.emplace_back(values_.data() + at, width);
    if (!rows.empty()) writer_.put(entity_, rows, false);
    values_.clear();
  }

 private:
  Writer& writer_;
  const Entity& entity_;
  std::vector<Value> values_;
};

std::vector<Id> all_ids(Reader& reader, const Entity& entity) {
  Query query;
  query.entity = entity.name;
  query.fields = {"id"};
  query.limit = rows_at_once;
  std::vector<Id> ids;
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    ids.insert(ids.end(), batch.ids.begin(), batch.ids.end());
  }
  return ids;
}

void rebuild(Reader& from, Writer& to, const Derivation& derivation) {
  const SchemaPtr schema = to.schema();
  const Entity& entity = schema->entity(derivation.writes);
  const std::vector<Id> old = all_ids(to, entity);
  std::vector<Id> fresh;
  RowBuffer buffer(to, entity);
  derivation.recompute(from, [&](Row row) {
    fresh.push_back(row[system_field::id].id());
    buffer.add(row);
  });
  buffer.flush();
  std::sort(fresh.begin(), fresh.end());
  std::vector<Id> gone;
  std::set_difference(old.begin(), old.end(), fresh.begin(), fresh.end(), std::back_inserter(gone));
  if (!gone.empty()) to.erase(entity, gone);
}

}  // namespace

std::span<const Derivation> derivations() {
  static const std::vector<Derivation> all = {customer_summary_derivation()};
  return all;
}

bool derivations_behind(Reader& reader) { return !reader.setting(behind_setting).empty(); }

void mark_derivations_behind(Writer& writer) {
  if (!derivations_behind(writer)) writer.set_setting(behind_setting, "yes");
}

void rebuild_derivations(Reader& from, Writer& to) {
  for (const Derivation& derivation : derivations()) rebuild(from, to, derivation);
  if (derivations_behind(to)) to.set_setting(behind_setting, "");
}

void prepare_derivations(Writer& writer, bool defer) {
  const std::vector<std::string> names = recorded(writer);
  const auto all = derivations();
  for (const std::string& name : names)
    if (std::none_of(all.begin(), all.end(), [&](const Derivation& d) { return d.name == name; }))
      throw Error(Code::unsupported, "the store keeps something up to date that this program does not know: " + name,
                  "open it read-only, or use a newer version of the library");
  std::string list;
  for (const Derivation& derivation : all) list += (list.empty() ? "" : ",") + derivation.name;
  if (names.size() != all.size()) {
    rebuild_derivations(writer, writer);
    writer.set_setting(derivations_setting, list);
  } else if (!defer && derivations_behind(writer)) {
    rebuild_derivations(writer, writer);
  }
}

void run_derivations(Writer& writer, std::span<const RecordChange> changes) {
  for (const Derivation& derivation : derivations()) {
    std::vector<RecordChange> wanted;
    for (const RecordChange& change : changes)
      if (std::find(derivation.reads.begin(), derivation.reads.end(), change.entity->name) != derivation.reads.end())
        wanted.push_back(change);
    if (!wanted.empty()) derivation.update(writer, wanted);
  }
}

}  // namespace emptor
