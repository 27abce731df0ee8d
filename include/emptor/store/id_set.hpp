/// A set of records of one entity, as a bit an id: membership in a nanosecond, a million customers in 125 KB.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "emptor/core/id.hpp"

namespace emptor {

/// Ids are positive and given in ascending order, so the bits are dense. Ids from 0 downwards are never members.
class IdSet {
 public:
  /// Throws Error (misuse) for an id that is not positive, std::bad_alloc where memory is short.
  void insert(Id id);
  void erase(Id id) noexcept;
  bool contains(Id id) const noexcept {
    const std::uint64_t bit = static_cast<std::uint64_t>(id.value);  // a negative id is far beyond the end
    return bit / 64 < words_.size() && (words_[bit / 64] >> (bit % 64) & 1) != 0;
  }
  /// In constant time.
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  IdSet& operator|=(const IdSet& other);
  IdSet& operator&=(const IdSet& other) noexcept;
  /// How many members both have.
  std::size_t count_common(const IdSet& other) const noexcept;
  friend bool operator==(const IdSet&, const IdSet&) noexcept;

  /// Calls `take` with every id, ascending.
  template <class Take>
  void each(Take&& take) const {
    for (std::size_t word = 0; word < words_.size(); ++word)
      for (std::uint64_t left = words_[word]; left != 0; left &= left - 1)
        take(Id{static_cast<std::int64_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(left)))});
  }

 private:
  void recount() noexcept;

  std::vector<std::uint64_t> words_;
  std::size_t size_ = 0;
};

}  // namespace emptor
