// What a session keeps between calls. Everything in it can be thrown away and read again.
#pragma once

#include "emptor/session/derivation.hpp"
#include "emptor/session/session.hpp"
#include "session/derive.hpp"
#include "session/plan.hpp"
#include "session/read_log.hpp"
#include "session/subject_keys.hpp"

namespace emptor {

class Subject;

/// The reason of entries that a load has left to be written.
inline constexpr std::string_view follows_from_load = "what follows from a load";

struct Session::State {
  State(Store& used, SessionOptions chosen) : store(used), options(std::move(chosen)), keys(options.entropy) {}

  Store& store;
  SessionOptions options;
  PlanCache cache;
  SubjectKeys keys;
  std::int64_t clock_position = -1;  ///< of the entry whose instant `watermark` is
  Instant watermark;
  DerivationMemories memories;
  DerivationMemories seen;          ///< the same for reading
  std::int64_t seen_position = -1;  ///< of the snapshot when it was last right
  Action purpose = Action::read;
  std::optional<Instant> as_of;
  std::shared_ptr<ReadLog> reads;    ///< made when something is read while the store logs it
  std::int64_t reads_position = -1;  ///< of the snapshot for which it is known whether reads are logged
  bool reads_count = false;
  bool loading = false;                              ///< between begin_load and settle
  bool derivations_ready = false;                    ///< nobody has written since they were found up to date
  std::string erased;                                ///< the newest legal erasure that the keys at hand are from after
  std::chrono::steady_clock::duration index_time{};  ///< that the search index took of the last write
  std::vector<Revival> revivals;                     ///< of the set at hand, found when it was refused without them

  /// Whom the journal names: a user, or a customer by their number with a minus.
  Id acting() const noexcept { return options.actor.customer ? Id{-options.actor.customer.value} : options.actor.user; }
  /// What concerns the store as a whole is nothing for a customer on their own page: throws Code::denied.
  void refuse_self_service() const;
  /// The log of what is read in a snapshot; null where nobody counts it.
  std::shared_ptr<ReadLog> log_of(Reader& reader);
  void commit(Writer& writer);
  Receipt write(Writer& writer, Plan& plan, JournalEntry& entry, bool of_import);
  /// Brings what the session has at hand up to date with a snapshot; false where another writer has been there.
  bool refresh(Reader& reader);
  void erase(Writer& writer, const Subject& subject, Instant at, const std::string& ground, Forgotten& forgotten);
  /// The instant of the newest entry of a snapshot.
  Instant newest_time(Reader& reader);
  /// What follows from derived rows that a load had left behind: entries of their own, so many customers each.
  void follow_rebuilt(Writer& writer, const TouchedRows& touched, Instant at, std::string_view reason);
  void follow(Writer& writer, const TouchedRows& touched, Instant at, std::string_view reason);
  void keep(Writer& writer, const FollowingRecords& following, const WriteMoment& moment, std::string_view reason);
  /// Brings a part of what was left behind up to date; true while more is left.
  bool settle_part(Writer& writer, Instant at);
  /// What follows from all changes of a write for derivations that run after the others.
  FollowingRecords following_at_last(Writer& writer, std::span<const RecordChange> changes, const WriteMoment& moment);
  void follow_due(Writer& writer, Instant at, Plan& plan);
  void doubt_memories() {
    for (DerivationMemory& memory : memories) memory.current = false;
  }
};

}  // namespace emptor
