// Time travel: from the record as it is, back from version to version by the journal's reverse
// differences. Each step is one look-up by key.
#include "emptor/core/error.hpp"
#include "emptor/session/session.hpp"
#include "session/subject_keys.hpp"

namespace emptor {
namespace {

// A change copied out of its entry.
struct Step {
  ChangeKind kind = ChangeKind::insert;
  std::int64_t previous = 0;
  std::string difference;
};

Step step_of(const JournalEntry& entry, EntityNumber entity, Id id) {
  std::optional<Step> step;
  each_change(entry, [&](const Change& change) {
    if (change.entity != entity || change.id != id) return true;
    step = Step{change.kind, change.previous, std::string(change.difference)};
    return false;
  });
  if (!step)
    throw Error(Code::corrupt, "the journal entry of a record's version does not hold the record", "run verify");
  return *step;
}

// Walks back from the newest version; stops where `visit` returns false.
void walk_back(Reader& reader, const Record& newest,
               const std::function<bool(const JournalEntry&, const Step&, Row)>& visit) {
  const Entity& entity = newest.entity();
  const Id id = newest.id();
  SubjectKeys keys({});
  std::vector<Value> row(newest.row().begin(), newest.row().end());
  Arena text;
  for (std::int64_t version = newest.version(); version != 0;) {
    const std::optional<JournalEntry> entry = reader.entry(version);
    if (!entry) throw Error(Code::corrupt, "the journal lacks the entry of a record's version", "run verify");
    const Step step = step_of(*entry, entity.number, id);
    if (!visit(*entry, step, row)) return;
    if (step.kind == ChangeKind::insert) return;
    const Secret* secret = keys.of(reader, customer_of(entity, row));
    apply_sealed(secret, entity, id, version, step.difference, row, text);
    version = step.previous;
    row[system_field::version] = Value(version);
  }
}

}  // namespace

std::vector<RecordVersion> View::history(std::string_view entity, Id id, std::size_t limit) const {
  std::vector<RecordVersion> versions;
  const std::optional<Record> newest = get(entity, id, true);
  if (!newest || limit == 0) return versions;
  walk_back(*reader_, *newest, [&](const JournalEntry& entry, const Step& step, Row row) {
    versions.push_back(
        {entry.version, entry.at, entry.actor, entry.reason, step.kind, Record(schema_, newest->entity().number, row)});
    return versions.size() < limit;
  });
  return versions;
}

std::optional<Record> View::as_of(std::string_view entity, Id id, Instant at) const {
  const std::optional<Record> newest = get(entity, id, true);
  if (!newest) return std::nullopt;
  std::optional<Record> found;
  walk_back(*reader_, *newest, [&](const JournalEntry& entry, const Step&, Row row) {
    if (entry.at > at) return true;
    found.emplace(schema_, newest->entity().number, row);
    return false;
  });
  if (found && found->deleted()) found.reset();
  return found;
}

}  // namespace emptor
