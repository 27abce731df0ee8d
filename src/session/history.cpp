// Time travel: a record's versions, and the record as it stood at an instant.
#include "emptor/core/error.hpp"
#include "emptor/session/session.hpp"
#include "session/walk_back.hpp"

namespace emptor {
namespace {

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

void refuse_past(bool past) {
  if (past) throw Error(Code::unsupported, "the past has no history of its own", "ask for the history in the present");
}

}  // namespace

void walk_back(Reader& reader, const Entity& entity, Row newest, SubjectKeys& keys, Arena& text,
               const std::function<bool(const JournalEntry&, const Step&, Row)>& visit) {
  const Id id = newest[system_field::id].id();
  std::vector<Value> row(newest.begin(), newest.end());
  for (std::int64_t version = row[system_field::version].integer(); version != 0;) {
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

std::vector<RecordVersion> View::history(std::string_view entity_name, Id id, std::size_t limit) const {
  refuse_past(partial_);
  require_journal();
  std::vector<RecordVersion> versions;
  const Entity& entity = schema_->entity(entity_name);
  const std::optional<Record> newest = seen(entity, id);
  if (!newest || limit == 0) return versions;
  SubjectKeys keys({});
  Arena text;
  walk_back(*reader_, entity, newest->row(), keys, text, [&](const JournalEntry& entry, const Step& step, Row row) {
    versions.push_back({rights_ ? rights_->token_of(entry.version) : entry.version, entry.at, entry.actor, entry.reason,
                        step.kind, masked(*newest, Record(schema_, entity.number, row))});
    return versions.size() < limit;
  });
  return versions;
}

std::optional<Record> View::as_of(std::string_view entity_name, Id id, Instant at) const {
  refuse_past(partial_);
  require_journal();
  const Entity& entity = schema_->entity(entity_name);
  const std::optional<Record> newest = seen(entity, id);
  if (!newest) return std::nullopt;
  std::optional<Record> found;
  SubjectKeys keys({});
  Arena text;
  walk_back(*reader_, entity, newest->row(), keys, text, [&](const JournalEntry& entry, const Step&, Row row) {
    if (entry.at > at) return true;
    found.emplace(masked(*newest, Record(schema_, entity.number, row)));
    return false;
  });
  if (found && found->deleted()) found.reset();
  return found;
}

}  // namespace emptor
