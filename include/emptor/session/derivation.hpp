/// What must stay true inside every write but lives above the write path: a derivation.
#pragma once

#include <any>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

/// One record's change as derivations see it: full rows before (empty for an insert) and after.
struct RecordChange {
  const Entity* entity = nullptr;
  Row before;
  Row after;
};

/// The write that a derivation runs in.
struct WriteMoment {
  Instant at;                ///< of its journal entry
  std::int64_t version = 0;  ///< that its records carry
  bool of_import = false;    ///< one of many: what can wait until the last of them may (Session::settle)
};

/// Records that follow from a write and are records like any other: the session completes, writes and journals them in
/// the entry of that write.
class FollowingRecords {
 public:
  struct Record {
    const Entity* entity = nullptr;
    bool is_new = false;
    std::size_t before = 0,
                after = 0;  ///< where its full rows begin in `values`; a new one's id comes from the session
  };

  /// A new record, to be filled: valid until the next one.
  std::span<Value> add(const Entity& entity);
  /// A record that stands there as a row of all its fields, to be changed: valid until the next one. The row's batch
  /// must live as long as these records; `keep_batch` gives one that does.
  std::span<Value> change(const Entity& entity, const Batch& standing, std::size_t row);
  Batch& keep_batch() { return batches_.emplace_back(); }
  Value keep(std::string_view text) { return text_.keep(Value(text)); }

  std::span<const Record> records() const noexcept { return records_; }
  Row values() const noexcept { return values_; }
  /// Empty for a new record.
  Row before(const Record& record) const;
  Row after(const Record& record) const;

 private:
  std::vector<Record> records_;
  std::vector<Value> values_;
  std::deque<Batch> batches_;
  Arena text_;
};

/// What a derivation keeps between the calls of one session.
struct DerivationMemory {
  std::any kept;
  bool current = false;  ///< until somebody else writes, a write fails, or a record of `asked_by` changes
};

/// What it reads, what it writes, and the function that does it. It runs inside the write, after the rows and before
/// the commit, and sees them through the writer.
struct Derivation {
  std::string name;                ///< recorded in the file; a process that lacks it opens read-only
  std::vector<std::string> reads;  ///< entities whose changes it wants; none: all
  std::string writes;              ///< the derived entity it keeps
  /// Brings the derived entity up to date and returns the ids of the rows that the changes touched, ascending.
  std::function<std::vector<Id>(Writer&, std::span<const RecordChange>, DerivationMemory&)> update;
  /// Builds all of it anew (a new derivation on an old file, or a check): calls `emit` with full rows. Missing where
  /// what it keeps is told anew by `doubt` and compared by `check`.
  std::function<void(Reader&, const std::function<void(Row)>& emit)> recompute = {};
  /// Whether the store asks for it, which may change with records of the entity `asked_by`. Without it, every store
  /// does.
  std::function<bool(Reader&)> asked = {};
  std::string asked_by = {};
  /// What else follows where those rows were touched; may be missing.
  std::function<void(Writer&, std::span<const Id>, const WriteMoment&, DerivationMemory&, FollowingRecords&)> follow =
      {};
  /// Those of what follows that move with the clock, of one customer at a moment; may be missing.
  std::function<std::vector<ScoreNow>(const View&, Id customer, Instant at, DerivationMemory&)> scores_now = {};
  /// It runs after all others and sees what follows from them as well.
  bool last = false;
  /// Rows that time alone has made untrue up to a moment and that must follow before a write of these changes, its rows
  /// not yet kept; may be missing.
  std::function<std::vector<Id>(Writer&, Instant at, std::span<const RecordChange>, DerivationMemory&)> due = {};
  /// Brings a part of what it has left behind up to date, in a write of its own; true while more is left.
  std::function<bool(Writer&, const WriteMoment&, DerivationMemory&, FollowingRecords&)> settle = {};
  /// In place of `recompute`: any record may have changed. What it keeps must not be taken for true any more.
  std::function<void(Writer&)> doubt = {};
  /// In place of `recompute`: tells of every fault of what it keeps.
  std::function<void(Reader&, const std::function<void(std::string)>& fault)> check = {};
};

/// The derivations of this program: the table stands above all of them (src/insight/derivations.cpp).
std::span<const Derivation> derivations();

}  // namespace emptor
