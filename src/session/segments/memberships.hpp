// The memberships that a store keeps: a row of bits a customer, told anew where they may differ.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "emptor/session/derivation.hpp"
#include "session/segments/book.hpp"
#include "session/segments/evaluation.hpp"

namespace emptor::segments {

/// A customer's row as it is kept.
struct Kept {
  bool there = false;
  std::string bits;
  std::int64_t generation = 0;
  std::int32_t due = never_due, watched_due = never_due;
  std::int64_t told = 0;

  bool has(const Place& place) const noexcept;
  void set(const Place& place, bool member);
  friend bool operator==(const Kept&, const Kept&) = default;
};

/// Reads and writes rows of `customer_segments`.
class KeptRows {
 public:
  explicit KeptRows(const Schema& schema);
  const Entity& entity() const noexcept { return entity_; }
  Kept row(const Batch& batch, std::size_t row) const;
  void write(std::span<Value> row, Id customer, const Kept& kept) const;

 private:
  const Entity& entity_;
  FieldNumber bits_, generation_, due_, watched_due_, told_;
};

/// The day of rows that an import left behind: they are due whatever the day.
inline constexpr std::int32_t left_behind = 0;

/// Customers whose memberships are told anew, in a write.
struct Retelling {
  std::span<const Id> customers;      ///< ascending
  std::span<const Id> inserted = {};  ///< those of them that the write made: they were in no segment before
  std::span<const Truth> asked = {};  ///< by segment, which may have changed; empty: all
};

class Memberships {
 public:
  /// The book must be alive.
  Memberships(const Book& book);

  /// Tells them anew as of the write and notes who entered or left a watched segment.
  void retell(Writer& writer, const Retelling& retelling, const WriteMoment& moment, FollowingRecords& following);
  /// The same of customers that fell due, day by day up to the day of the write: each change is noted as of the
  /// midnight at which it fell due.
  void catch_up(Writer& writer, std::span<const Id> customers, const WriteMoment& moment, FollowingRecords& following);
  /// Leaves them behind, as what an import does: whoever reads tells them anew, and so does `settle`.
  void leave_behind(Writer& writer, std::span<const Id> customers, const WriteMoment& moment);
  void forget(Writer& writer, std::span<const Id> customers);

  /// What is kept is still what a telling on that day would give, of all segments.
  bool holds(const Kept& kept, Date today) const noexcept;

 private:
  struct Lot {
    std::vector<Id> customers;
    std::vector<Kept> before, after;
  };
  Lot read(Reader& reader, std::span<const Id> customers) const;
  void write(Writer& writer, Lot& lot, const WriteMoment& moment) const;
  void tell(Reader& reader, std::span<const Id> customers, std::span<Kept> rows, std::span<const Truth> asked,
            Date today);
  void note(Id customer, const Kept& before, const Kept& after, bool is_new, std::span<const Truth> asked, Instant at,
            const Schema& schema, FollowingRecords& following) const;

  const Book& book_;
  Evaluation evaluation_;
};

}  // namespace emptor::segments
