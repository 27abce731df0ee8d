// Time travel: a record's versions, and the record as it stood at an instant.
#include "emptor/core/error.hpp"
#include "emptor/session/session.hpp"
#include "session/journal_base.hpp"
#include "session/walk_back.hpp"

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

void refuse_past(bool past) {
  if (past) throw Error(Code::unsupported, "the past has no history of its own", "ask for the history in the present");
}

}  // namespace

void walk_back(Reader& reader, const Entity& entity, Row newest, SubjectKeys& keys, Arena& text,
               const std::function<bool(const PastVersion&)>& visit) {
  const Id id = newest[system_field::id].id();
  std::vector<Value> row(newest.begin(), newest.end());
  for (std::int64_t version = row[system_field::version].integer(); version != 0;) {
    const std::optional<JournalEntry> entry = reader.entry(version);
    if (!entry && version <= journal_base(reader).head.position) {
      visit({version, nullptr, ChangeKind::update, row});
      return;
    }
    if (!entry) throw Error(Code::corrupt, "the journal lacks the entry of a record's version", "run verify");
    const Step step = step_of(*entry, entity.number, id);
    if (!visit({version, &*entry, step.kind, row}) || step.kind == ChangeKind::insert) return;
    const Secret* secret = keys.opening(reader, customer_of(entity, row), version);
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
  if (log_) note(*newest);
  SubjectKeys keys({});
  Arena text;
  walk_back(*reader_, entity, newest->row(), keys, text, [&](const PastVersion& past) {
    if (past.entry == nullptr) {
      if (versions.empty()) refuse_forgotten(journal_base());
      versions.back().earlier_forgotten = true;
      return false;
    }
    versions.push_back({rights_ ? rights_->token_of(past.version) : past.version, past.entry->at, past.entry->actor,
                        past.entry->reason, past.kind, masked(*newest, Record(schema_, entity.number, past.row))});
    return versions.size() < limit;
  });
  return versions;
}

void View::check_not_before(Instant at) const {
  if (const JournalBase base = journal_base(); at < base.at) refuse_forgotten(base);
}

std::optional<Record> View::as_of(std::string_view entity_name, Id id, Instant at) const {
  refuse_past(partial_);
  require_journal();
  const Entity& entity = schema_->entity(entity_name);
  const std::optional<Record> newest = seen(entity, id);
  if (!newest) return std::nullopt;
  if (log_) note(*newest);
  std::optional<Record> found;
  SubjectKeys keys({});
  Arena text;
  walk_back(*reader_, entity, newest->row(), keys, text, [&](const PastVersion& past) {
    if (past.entry != nullptr && past.entry->at > at) return true;
    if (past.entry == nullptr) check_not_before(at);
    found.emplace(masked(*newest, Record(schema_, entity.number, past.row)));
    return false;
  });
  if (found && found->deleted()) found.reset();
  return found;
}

}  // namespace emptor
