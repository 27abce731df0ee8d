#include "session/derive.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"
#include "emptor/store/open.hpp"

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

bool is_asked(Reader& reader, const Derivation& derivation) { return !derivation.asked || derivation.asked(reader); }

// Writes the rows of one entity that are not there as they are, in groups.
class RowBuffer {
 public:
  RowBuffer(Writer& writer, const Entity& entity, bool all_new) : writer_(writer), entity_(entity), all_new_(all_new) {}
  void add(Row row) {
    for (const Value& value : row) values_.push_back(text_.keep(value));
    if (values_.size() >= rows_at_once * entity_.fields.size()) flush();
  }
  void flush() {
    std::vector<Row> rows, changed;
    std::vector<Id> ids;
    const std::size_t width = entity_.fields.size();
    for (std::size_t at = 0; at < values_.size(); at += width) {
      rows.emplace_back(values_.data() + at, width);
      ids.push_back(rows.back()[system_field::id].id());
    }
    Batch there;
    if (!ids.empty() && !all_new_) writer_.get(entity_, ids, there);
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (all_new_ || !stands(there, i, rows[i])) changed.push_back(rows[i]);
    for (const Row row : changed) differing_.push_back(row[system_field::id].id());
    if (!changed.empty()) writer_.put(entity_, changed, false);
    values_.clear();
    text_.clear();
  }
  std::vector<Id> take_differing() { return std::move(differing_); }

 private:
  static bool stands(const Batch& there, std::size_t at, Row row) {
    if (!there.ids[at]) return false;
    for (const Column& column : there.columns)
      if (!(column.value(at) == row[column.field])) return false;
    return true;
  }

  Writer& writer_;
  const Entity& entity_;
  bool all_new_;
  std::vector<Value> values_;
  std::vector<Id> differing_;
  Arena text_;
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

void erase_rows(Writer& writer, const Entity& entity, std::span<const Id> ids) {
  if (!ids.empty()) writer.erase(entity, ids);
}

std::vector<Id> rebuild(Reader& from, Writer& to, const Derivation& derivation) {
  const SchemaPtr schema = to.schema();
  const Entity& entity = schema->entity(derivation.writes);
  const std::vector<Id> old = all_ids(to, entity);
  std::vector<Id> fresh;
  RowBuffer buffer(to, entity, old.empty());
  derivation.recompute(from, [&](Row row) {
    fresh.push_back(row[system_field::id].id());
    buffer.add(row);
  });
  buffer.flush();
  std::sort(fresh.begin(), fresh.end());
  std::vector<Id> touched;
  std::set_difference(old.begin(), old.end(), fresh.begin(), fresh.end(), std::back_inserter(touched));
  erase_rows(to, entity, touched);
  const std::vector<Id> differing = buffer.take_differing();
  touched.insert(touched.end(), differing.begin(), differing.end());
  std::sort(touched.begin(), touched.end());
  return touched;
}

void check_known(const std::vector<std::string>& names) {
  const auto all = derivations();
  for (const std::string& name : names)
    if (name != search_index_name && std::ranges::none_of(all, [&](const Derivation& d) { return d.name == name; }))
      throw Error(Code::unsupported, "the store keeps something up to date that this program does not know: " + name,
                  "open it read-only, or use a newer version of the library");
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// Builds what is asked for and not there, and takes away what nobody asks for any more.
void settle_asked(Writer& writer, const std::vector<std::string>& names) {
  std::string list;
  bool changed = false;
  for (const Derivation& derivation : derivations()) {
    const bool kept = has(names, derivation.name), asked = is_asked(writer, derivation);
    if (asked) list += (list.empty() ? "" : ",") + derivation.name;
    changed |= kept != asked;
    if (asked && !kept && derivation.recompute) rebuild(writer, writer, derivation);
    const Entity& entity = writer.schema()->entity(derivation.writes);
    if (kept && !asked) erase_rows(writer, entity, all_ids(writer, entity));
  }
  if (has(names, std::string(search_index_name))) list += (list.empty() ? "" : ",") + std::string(search_index_name);
  if (changed) writer.set_setting(derivations_setting, list);
}

}  // namespace

std::span<Value> FollowingRecords::add(const Entity& entity) {
  const std::size_t begin = values_.size();
  values_.resize(begin + entity.fields.size());
  records_.push_back({&entity, true, begin, begin});
  return std::span(values_).subspan(begin);
}

std::span<Value> FollowingRecords::change(const Entity& entity, const Batch& standing, std::size_t row) {
  const std::size_t begin = values_.size(), width = entity.fields.size();
  standing.copy_row(row, values_);
  standing.copy_row(row, values_);
  records_.push_back({&entity, false, begin, begin + width});
  return std::span(values_).subspan(begin + width);
}

Row FollowingRecords::before(const Record& record) const {
  return record.is_new ? Row() : Row(values_).subspan(record.before, record.entity->fields.size());
}

Row FollowingRecords::after(const Record& record) const {
  return Row(values_).subspan(record.after, record.entity->fields.size());
}

bool any_touched(const TouchedRows& touched) {
  return std::ranges::any_of(touched, [](const std::vector<Id>& rows) { return !rows.empty(); });
}

std::vector<const Derivation*> kept_derivations(Reader& reader) {
  std::vector<const Derivation*> kept;
  const std::vector<std::string> names = recorded(reader);
  for (const Derivation& derivation : derivations())
    if (has(names, derivation.name)) kept.push_back(&derivation);
  return kept;
}

void depend_on(Writer& writer, std::string_view name) {
  const std::vector<std::string> names = recorded(writer);
  if (has(names, std::string(name))) return;
  std::string list = writer.setting(derivations_setting);
  list += (list.empty() ? "" : ",") + std::string(name);
  writer.set_setting(derivations_setting, list);
}

bool derivations_behind(Reader& reader) { return !reader.setting(behind_setting).empty(); }

void mark_derivations_behind(Writer& writer) {
  if (!derivations_behind(writer)) writer.set_setting(behind_setting, "yes");
}

TouchedRows rebuild_derivations(Reader& from, Writer& to) {
  TouchedRows touched(derivations().size());
  for (std::size_t i = 0; i < touched.size(); ++i) {
    const Derivation& derivation = derivations()[i];
    if (!is_asked(from, derivation)) continue;
    if (derivation.doubt && &from == &to) derivation.doubt(to);
    if (!derivation.recompute) continue;
    std::vector<Id> rows = rebuild(from, to, derivation);
    if (derivation.follow) touched[i] = std::move(rows);
  }
  if (derivations_behind(to)) to.set_setting(behind_setting, "");
  return touched;
}

std::unique_ptr<Store> derived_anew(Reader& from) {
  std::unique_ptr<Store> derived = open_memory({});
  const std::unique_ptr<Writer> writer = derived->write();
  rebuild_derivations(from, *writer);
  writer->commit();
  return derived;
}

TouchedRows prepare_derivations(Writer& writer, bool defer) {
  const std::vector<std::string> names = recorded(writer);
  check_known(names);
  settle_asked(writer, names);
  if (defer || !derivations_behind(writer)) return TouchedRows(derivations().size());
  return rebuild_derivations(writer, writer);
}

TouchedRows run_derivations(Writer& writer, Turn turn, std::span<const RecordChange> changes,
                            DerivationMemories& memories) {
  const auto all = derivations();
  memories.resize(all.size());
  const auto has_turn = [&](const Derivation& derivation) { return derivation.last == (turn == Turn::last); };
  bool asked_anew = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto asks = [&](const RecordChange& change) { return change.entity->name == all[i].asked_by; };
    if (!has_turn(all[i]) || std::ranges::none_of(changes, asks)) continue;
    memories[i].current = false;
    asked_anew = true;
  }
  if (asked_anew) settle_asked(writer, recorded(writer));
  TouchedRows touched(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!has_turn(all[i])) continue;
    std::vector<RecordChange> wanted;
    for (const RecordChange& change : changes)
      if (all[i].reads.empty() || has(all[i].reads, change.entity->name)) wanted.push_back(change);
    if (!wanted.empty()) touched[i] = all[i].update(writer, wanted, memories[i]);
  }
  return touched;
}

TouchedRows due_rows(Writer& writer, Instant at, std::span<const RecordChange> changes, DerivationMemories& memories) {
  const auto all = derivations();
  memories.resize(all.size());
  TouchedRows due(all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].due) due[i] = all[i].due(writer, at, changes, memories[i]);
  return due;
}

FollowingRecords following_records(Writer& writer, const TouchedRows& touched, const WriteMoment& moment,
                                   DerivationMemories& memories) {
  const auto all = derivations();
  memories.resize(all.size());
  FollowingRecords following;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].follow && !touched[i].empty()) all[i].follow(writer, touched[i], moment, memories[i], following);
  return following;
}

}  // namespace emptor
