// The one write path: validate, authorise, write, journal, derive, commit.
#include <algorithm>

#include "core/long_call.hpp"
#include "session/derive.hpp"
#include "session/journal_base.hpp"
#include "session/search/index.hpp"
#include "session/session_state.hpp"

namespace emptor {
namespace {

constexpr std::size_t rebuilt_at_once = 2'000;  // customers an entry
constexpr std::int64_t tolerated_jump = 5 * 60 * micros_per_second;

void count(Receipt& receipt, ChangeKind kind) {
  switch (kind) {
    case ChangeKind::insert:
      ++receipt.inserted;
      break;
    case ChangeKind::update:
      ++receipt.updated;
      break;
    case ChangeKind::erase:
      ++receipt.erased;
      break;
    case ChangeKind::unchanged:
      ++receipt.unchanged;
      break;
  }
}

// Fills ids, versions and counts of the changes that the caller made; identities that came along are
// not the caller's.
void describe(Receipt& receipt, const std::vector<std::size_t>& planned_of, std::span<const Id> ids,
              std::span<const std::int64_t> versions, std::span<const ChangeKind> kinds) {
  std::size_t callers = 0;
  for (const std::size_t planned : planned_of) {
    receipt.ids.push_back(ids[planned]);
    receipt.versions.push_back(versions[planned]);
    callers = std::max(callers, planned + 1);
  }
  for (std::size_t i = 0; i < callers; ++i) count(receipt, kinds[i]);
}

[[noreturn]] void refuse_op_id() {
  throw Error(Code::duplicate, "this operation id was used for another change set", "use a new id for each operation");
}

// Users see tokens in the place of versions and positions.
Receipt told_to(const RightsPtr& rights, Receipt receipt) {
  if (!rights) return receipt;
  receipt.position = rights->token_of(receipt.position);
  for (std::int64_t& version : receipt.versions) version = rights->token_of(version);
  return receipt;
}

Receipt earlier_receipt(const JournalEntry& entry, const std::vector<std::size_t>& planned_of) {
  std::vector<Id> ids;
  std::vector<std::int64_t> versions;
  std::vector<ChangeKind> kinds;
  each_change(entry, [&](const Change& change) {
    ids.push_back(change.id);
    versions.push_back(change.kind == ChangeKind::unchanged ? change.previous : entry.version);
    kinds.push_back(change.kind);
    return true;
  });
  for (const std::size_t planned : planned_of)
    if (planned >= ids.size()) refuse_op_id();
  Receipt receipt;
  receipt.position = entry.position;
  receipt.repeated = true;
  describe(receipt, planned_of, ids, versions, kinds);
  return receipt;
}

std::vector<RecordChange> changes_of(Plan& plan) {
  std::vector<RecordChange> changes;
  for (const PlannedChange& change : plan.changes())
    if (change.kind != ChangeKind::unchanged)
      changes.push_back({change.entity, plan.before(change), plan.after(change)});
  return changes;
}

// One write, from the plan to the commit.
class Write {
 public:
  Write(Writer& writer, Plan& plan, SubjectKeys& keys) : writer_(writer), plan_(plan), keys_(keys) {}

  void keep_rows() {
    version_ = writer_.next_version();
    keys_.prepare(writer_);
    put_from(0);
  }
  std::int64_t version() const noexcept { return version_; }

  /// Adds what follows from the rows. Its text must outlive the write.
  void keep_following(const FollowingRecords& following) {
    const std::size_t first = plan_.changes().size();
    plan_.follow(following);
    put_from(first);
  }

  void journal(JournalEntry& entry, bool with_unchanged) {
    for (const PlannedChange& change : plan_.changes()) {
      beat("journal");
      if (with_unchanged || change.kind != ChangeKind::unchanged) add_change(entry, change);
    }
    if (entry.count > 0) writer_.append(entry);
  }

  Receipt receipt(const JournalEntry& entry) const {
    std::vector<Id> ids;
    std::vector<std::int64_t> versions;
    std::vector<ChangeKind> kinds;
    for (const PlannedChange& change : plan_.changes()) {
      ids.push_back(change.id);
      versions.push_back(plan_.after(change)[system_field::version].integer());
      kinds.push_back(change.kind);
    }
    Receipt receipt;
    receipt.position = entry.position;
    describe(receipt, plan_.planned_of(), ids, versions, kinds);
    return receipt;
  }

  std::vector<RecordChange> record_changes() const { return changes_of(plan_); }

 private:
  void put_from(std::size_t first) {
    const std::span<const PlannedChange> changes = std::span(plan_.changes()).subspan(first);
    make_secrets(changes);
    for (const PlannedChange& change : changes)
      if (change.kind != ChangeKind::unchanged) plan_.set_version(change, version_);
    put_all(changes, true);
    put_all(changes, false);
  }

  void make_secrets(std::span<const PlannedChange> changes) {
    std::vector<Id> made, owners;
    for (const PlannedChange& change : changes) {
      const Id customer = customer_of(*change.entity, plan_.after(change));
      const bool new_customer = change.is_new && customer == change.id && !change.entity->customer_field;
      (new_customer ? made : owners).push_back(customer);
    }
    keys_.create(writer_, made);
    keys_.load(writer_, owners);
  }

  // Rows of one entity together, in the order of the change set.
  void put_all(std::span<const PlannedChange> changes, bool inserts) {
    struct Group {
      const Entity* entity;
      std::vector<Row> before, after;
    };
    std::vector<Group> groups;
    for (const PlannedChange& change : changes) {
      if (change.kind == ChangeKind::unchanged || change.is_new != inserts) continue;
      auto group = std::ranges::find(groups, change.entity, &Group::entity);
      if (group == groups.end()) group = groups.insert(groups.end(), {change.entity, {}, {}});
      if (!inserts) group->before.push_back(plan_.before(change));
      group->after.push_back(plan_.after(change));
    }
    for (const auto& [entity, before, after] : groups)
      inserts ? writer_.put(*entity, after, true) : writer_.replace(*entity, before, after);
  }

  void add_change(JournalEntry& entry, const PlannedChange& planned) {
    Change change;
    change.entity = planned.entity->number;
    change.id = planned.id;
    change.kind = planned.kind;
    const Row before = plan_.before(planned);
    const Row after = plan_.after(planned);
    if (!before.empty()) change.previous = before[system_field::version].integer();
    std::string difference;
    StateDigest state;
    if (planned.kind != ChangeKind::unchanged) {
      const Secret* secret = keys_.of(writer_, customer_of(*planned.entity, after));
      if (secret == nullptr) secret = keys_.of(writer_, no_id);
      state = state_digest(*secret, *planned.entity, after, scratch_);
      change.state = {reinterpret_cast<const char*>(state.data()), state.size()};
      if (planned.forgotten)
        difference = seal_difference(*secret, *planned.entity, after, told_of(planned), version_);
      else if (!before.empty())
        difference = seal_difference(*secret, *planned.entity, after, before, version_);
      change.difference = difference;
    }
    append_change(entry, change);
  }

  // What the journal may tell of a row that a legal erasure took away: whether it was deleted before.
  Row told_of(const PlannedChange& planned) {
    const Row after = plan_.after(planned);
    told_.assign(after.begin(), after.end());
    told_[system_field::deleted_at] = plan_.before(planned)[system_field::deleted_at];
    return told_;
  }

  Writer& writer_;
  Plan& plan_;
  SubjectKeys& keys_;
  std::int64_t version_ = 0;
  std::string scratch_;
  std::vector<Value> told_;
};

// The host's clock, which may lag the newest entry a little (it is then set to it) but not much.
Instant monotone(Instant now, Instant newest, bool accept_jump) {
  if (now >= newest) return now;
  if (accept_jump || newest.micros - now.micros <= tolerated_jump) return newest;
  throw Error(Code::invalid, "the clock is behind the newest entry of the store by more than five minutes",
              "set the clock right, or open the session with accept_clock_jump");
}

}  // namespace

Receipt Session::apply(const ChangeSet& changes, const ApplyOptions& options) {
  if (state_->as_of) throw Error(Code::misuse, "the past cannot be written", "apply it in the present");
  const auto write = [&] {
    const bool grouped = options.durability != Durability::full;
    const std::unique_ptr<Writer> writer = grouped ? state_->store.write_grouped() : state_->store.write();
    return apply_with(*writer, changes, options);
  };
  try {
    return write();
  } catch (const Error& error) {
    forget_what_was_learnt();
    if (error.code() != Code::duplicate) throw;
    explain_duplicates(changes);
    if (state_->revivals.empty()) throw;
  } catch (...) {
    forget_what_was_learnt();
    throw;
  }
  try {
    const Receipt receipt = write();
    state_->revivals.clear();
    return receipt;
  } catch (...) {
    forget_what_was_learnt();
    throw;
  }
}

// What was learnt during a write that did not happen may be wrong.
void Session::forget_what_was_learnt() {
  state_->cache.position = -1;
  state_->keys.forget();
  state_->derivations_ready = false;
  state_->doubt_memories();
  state_->revivals.clear();
}

void Session::State::follow_rebuilt(Writer& writer, const TouchedRows& touched, Instant at, std::string_view reason) {
  for (std::size_t i = 0; i < touched.size(); ++i)
    for (std::size_t first = 0; first < touched[i].size(); first += rebuilt_at_once) {
      beat("live scores", first, touched[i].size());
      TouchedRows part(touched.size());
      const std::size_t end = std::min(first + rebuilt_at_once, touched[i].size());
      part[i].assign(touched[i].begin() + static_cast<std::ptrdiff_t>(first),
                     touched[i].begin() + static_cast<std::ptrdiff_t>(end));
      follow(writer, part, at, reason);
    }
}

void Session::State::follow(Writer& writer, const TouchedRows& touched, Instant at, std::string_view reason) {
  const WriteMoment moment{at, writer.next_version()};
  keep(writer, following_records(writer, touched, moment, memories), moment, reason);
}

void Session::State::keep(Writer& writer, const FollowingRecords& following, const WriteMoment& moment,
                          std::string_view reason) {
  if (following.records().empty()) return;
  JournalEntry entry;
  entry.at = moment.at;
  entry.actor = acting();
  entry.reason = reason;
  Plan plan(writer, cache);
  Write write(writer, plan, keys);
  write.keep_rows();
  write.keep_following(following);
  const FollowingRecords last = following_at_last(writer, write.record_changes(), moment);
  if (!last.records().empty()) write.keep_following(last);
  write.journal(entry, false);
}

bool Session::State::settle_part(Writer& writer, Instant at) {
  const auto all = derivations();
  memories.resize(all.size());
  bool more = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].settle) continue;
    const WriteMoment moment{at, writer.next_version()};
    FollowingRecords following;
    more |= all[i].settle(writer, moment, memories[i], following);
    keep(writer, following, moment, "what was left behind");
  }
  return more;
}

FollowingRecords Session::State::following_at_last(Writer& writer, std::span<const RecordChange> changes,
                                                   const WriteMoment& moment) {
  const TouchedRows touched = run_derivations(writer, Turn::last, changes, memories);
  return following_records(writer, touched, moment, memories);
}

// What time alone has made untrue is noted before the write, as of the moment at which it fell due.
void Session::State::follow_due(Writer& writer, Instant at, Plan& plan) {
  const TouchedRows due = due_rows(writer, at, changes_of(plan), memories);
  if (any_touched(due)) follow_rebuilt(writer, due, at, "what fell due");
}

// The store stops at the first taken value; the caller is told of all of them, with their changes. Where deleted
// records hold them all, the set is to revive those.
void Session::explain_duplicates(const ChangeSet& changes) {
  const std::unique_ptr<Writer> writer = state_->store.write();
  state_->cache.refresh(*writer);
  Plan plan(*writer, state_->cache, {}, rights(*writer));
  plan.match(changes);
  try {
    plan.make(changes, now(), true);
  } catch (...) {
    forget_what_was_learnt();
    throw;
  }
  forget_what_was_learnt();
  state_->revivals = plan.revivals();
}

// What a write builds on: caches that hold what the writer sees, and derived records up to date.
void Session::prepare(Writer& writer) {
  State& state = *state_;
  if (!state.refresh(writer)) state.derivations_ready = false;
  if (!state.derivations_ready) {
    state.doubt_memories();  // what is behind is built anew beneath them
    const TouchedRows rebuilt = prepare_derivations(writer, state.loading);
    if (any_touched(rebuilt)) state.follow_rebuilt(writer, rebuilt, write_time(writer), follows_from_load);
  }
  state.derivations_ready = !state.loading;
}

bool Session::State::refresh(Reader& reader) {
  if (cache.refresh(reader)) return true;
  doubt_memories();
  if (std::string newest = reader.setting(erased_setting); newest != erased) {
    keys.forget();
    erased = std::move(newest);
  }
  return false;
}

// From the plan to the journal entry, with all that follows from it.
Receipt Session::State::write(Writer& writer, Plan& plan, JournalEntry& entry, bool of_import) {
  Write write(writer, plan, keys);
  write.keep_rows();
  FollowingRecords following, last;
  if (loading) {
    mark_derivations_behind(writer);
  } else {
    const WriteMoment moment{entry.at, write.version(), of_import};
    const TouchedRows touched = run_derivations(writer, Turn::first, write.record_changes(), memories);
    following = following_records(writer, touched, moment, memories);
    if (!following.records().empty()) write.keep_following(following);
    last = following_at_last(writer, write.record_changes(), moment);
    if (!last.records().empty()) write.keep_following(last);
  }
  const auto before_index = std::chrono::steady_clock::now();
  seek::update_index(writer, write.record_changes(), loading, *store.kept<seek::SearchMemory>());
  index_time = std::chrono::steady_clock::now() - before_index;
  write.journal(entry, !entry.op_id.empty());
  return write.receipt(entry);
}

Receipt Session::apply_with(Writer& writer, const ChangeSet& changes, const ApplyOptions& options) {
  State& state = *state_;
  RightsPtr allowed = rights(writer);  // while the writer is still what everybody sees: nothing else is remembered
  prepare(writer);
  Plan plan(writer, state.cache, state.revivals, allowed);
  plan.match(changes);
  if (!options.op_id.empty())
    if (const auto entry = writer.operation(options.op_id)) {
      if (allowed && entry->actor != state.acting()) refuse_op_id();
      return told_to(allowed, earlier_receipt(*entry, plan.planned_of()));
    }

  JournalEntry entry;
  entry.at = write_time(writer);
  entry.actor = state.acting();
  entry.op_id = options.op_id;
  entry.reason = options.reason;
  plan.make(changes, entry.at);
  plan.authorise(changes, state.purpose);
  const bool of_import = state.purpose == Action::import_records;
  if (!state.loading && !of_import) state.follow_due(writer, entry.at, plan);

  Receipt receipt = state.write(writer, plan, entry, of_import);
  if (options.dry_run) {
    receipt.position = 0;
    state.cache.position = -1;
    state.keys.forget();
    state.derivations_ready = false;
    state.doubt_memories();
    return told_to(allowed, std::move(receipt));
  }
  if (entry.count == 0) {
    state.derivations_ready = false;  // what was prepared is not kept
    state.doubt_memories();
    return told_to(allowed, std::move(receipt));
  }
  state.commit(writer);
  state.clock_position = entry.position;
  state.watermark = entry.at;
  state.cache.position = receipt.erased == 0 ? entry.position : -1;
  return told_to(allowed, std::move(receipt));
}

Instant Session::State::newest_time(Reader& reader) {
  const std::int64_t position = reader.info().position;
  if (clock_position != position) {
    watermark = newest_entry_time(reader);
    clock_position = position;
  }
  return watermark;
}

Instant Session::write_time(Writer& writer) {
  return monotone(state_->options.clock(), state_->newest_time(writer), state_->options.accept_clock_jump);
}

}  // namespace emptor
