/// Whether a pattern is closed, told by its own histories (BIDE: Wang and Han, ICDE 2004, section 3.2).
///
/// Without a greatest gap and a window, a pattern holds wherever a longer one that contains it does. So if any longer
/// one holds in exactly its histories, one that is longer by a single item does: by one between two of its elements,
/// before the first or behind the last, or by one within an element. Between two elements, what can stand there in a
/// history lies between the earliest place at which all before can have ended and the latest at which all behind can
/// begin.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "mine/sequence_search.hpp"

namespace emptor::mine {

class SequenceClosure {
 public:
  using EachHistory = std::function<void(const std::function<void(std::uint32_t)>&)>;

  /// Whether options allow for it.
  static bool tells(const SequenceOptions& options) noexcept { return options.max_gap == 0 && options.max_window == 0; }
  explicit SequenceClosure(const SequenceSearch& search);

  /// `each` gives the histories that hold the pattern. O(items of these x elements of the pattern) at most; most often
  /// the first few histories have nothing in common.
  bool closed(const GrowingPattern& pattern, const EachHistory& each);

 private:
  /// An item that may be added: to element `place` / 2 where that is odd, else as an element before it.
  struct Addition {
    std::uint32_t place, item;
  };
  std::span<const std::uint32_t> items_of(std::uint32_t element) const noexcept;
  std::span<const std::uint32_t> asked(std::size_t element) const noexcept;
  void name(const GrowingPattern& pattern);
  void find_ends(std::uint32_t history);
  bool follows(std::uint32_t before, std::uint32_t after) const noexcept;
  template <class Work>
  void each_item(std::uint32_t history, std::uint32_t place, Work&& work) const;
  void begin(std::uint32_t history);
  void keep(std::uint32_t history);

  const FrequentHistories& histories_;
  std::int64_t min_gap_;
  std::vector<std::uint32_t> pattern_, elements_;  ///< in numbers; where its elements begin, and the end
  std::vector<std::uint32_t> holders_;             ///< the histories that hold the pattern
  std::vector<std::uint32_t> earliest_, latest_;   ///< of each element of the pattern, in the history
  std::vector<Addition> additions_;                ///< what all histories so far allow, by place
  std::vector<std::uint32_t> seen_;                ///< of each number, the last round in which it was met
  std::uint32_t round_ = 0;
};

}  // namespace emptor::mine
