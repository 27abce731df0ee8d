/// Two copies of one store that lived apart (a branch office, a laptop in the field), brought together again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

struct JoinOptions {
  bool theirs = false;   ///< of two values that contradict each other the copy's is taken
  bool dry_run = false;  ///< check and report, write nothing
};

/// Something that both sides did differently since they parted. What stands here stays, unless `theirs` is asked for.
struct JoinConflict {
  std::string entity;
  Id here, there;               ///< the record's number in this store and in the copy
  std::string field;            ///< empty: one side erased what the other changed
  std::optional<Record> ours;   ///< as it is here
  std::optional<Record> other;  ///< as it is in the copy
};

/// Counts are of this store's records, without the external ids that are noted of them.
struct JoinReport {
  std::int64_t parted_at = 0;                         ///< the newest journal position that both have
  std::int64_t joined_up_to = 0;                      ///< position of the copy up to which it was joined before
  std::size_t inserted = 0, updated = 0, erased = 0;  ///< records of this store
  std::size_t matched = 0;                            ///< made on both sides, known by an external id or unique key
  std::vector<JoinConflict> conflicts;                ///< in the order of the copy's journal
};

/// Takes over, as one change set, what was done in a copy of the session's store since both were one. Who a record is
/// follows from the journal (records that were there before they parted), else from external ids (`identity`) and
/// unique keys; others are new here and get new numbers. A value that only one side changed is that side's. The copy
/// may go on living apart and be joined again: only what it has done since is taken then. Only for who may have the
/// whole store told (Code::denied); throws Code::invalid where the two were never one store, Code::unsupported where
/// the journal of when they parted was trimmed or custom fields of one name differ, and what Session::apply throws.
JoinReport join_copy(Session& session, Store& copy, const JoinOptions& options = {});

/// An object of the members; conflicts with both records as objects (model/json.hpp), numbers as strings.
std::string to_json(const JoinReport& report);

}  // namespace emptor
