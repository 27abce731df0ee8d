/// Histories as the search for sequences reads them, and what it gives.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "emptor/mine/sequences.hpp"
#include "mine/memory_meter.hpp"

namespace emptor::mine {

/// Histories cut to frequent items, which have numbers 0, 1, 2 ... in the order of the items' own. Elements keep their
/// places, also empty ones; the items of an element ascend.
struct FrequentHistories {
  std::vector<std::uint32_t> starts{0};          ///< of the histories in elements
  std::vector<std::uint32_t> element_starts{0};  ///< of the elements in items
  std::vector<std::uint32_t> items;
  std::vector<std::int64_t> times;   ///< of the elements
  std::vector<std::uint32_t> names;  ///< of each number, its item
  bool single = true;                ///< no element has two items

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(starts.size() - 1); }
  std::uint32_t numbers() const noexcept { return static_cast<std::uint32_t>(names.size()); }
};
FrequentHistories frequent_histories(const Sequences& sequences, std::uint64_t min_support, MemoryMeter& meter);

/// A pattern as it grows. What is found goes on with the histories that hold it; false ends the search.
struct GrowingPattern {
  std::vector<std::uint32_t> items;     ///< their own
  std::vector<std::uint32_t> elements;  ///< where they begin
};
using PatternFound = std::function<bool(const GrowingPattern&, std::uint32_t support,
                                        const std::function<void(const std::function<void(std::uint32_t)>&)>& each)>;

struct SequenceSearch {
  const FrequentHistories& histories;
  const SequenceOptions& options;
  MemoryMeter& meter;
};

/// Both search for the patterns that begin with a number (of an item), in ascending order, and return false if told
/// to end. The first is for histories of single items without gaps and window, where a prefix's first place is enough.
class PlainSequences {
 public:
  explicit PlainSequences(const SequenceSearch& search);
  bool mine(std::uint32_t number, const PatternFound& found);

 private:
  struct Level {
    std::vector<std::uint32_t> places;  ///< of all extensions, one after another
    std::vector<std::uint32_t> frequent, ends;
  };
  bool grow(std::span<const std::uint32_t> places, const PatternFound& found, std::size_t depth);
  bool give(std::span<const std::uint32_t> places, const PatternFound& found);
  void extend(std::span<const std::uint32_t> places, Level& level);

  const SequenceSearch& search_;
  std::vector<std::uint32_t> flat_;     ///< histories with a separator behind each
  std::vector<std::uint32_t> history_;  ///< of each place
  std::vector<std::uint32_t> first_, first_starts_;
  std::vector<std::uint32_t> counts_, seen_;
  std::uint32_t round_ = 0, steps_ = 0;
  std::vector<Level> levels_;
  GrowingPattern pattern_;
};

class PlacedSequences {
 public:
  explicit PlacedSequences(const SequenceSearch& search);
  bool mine(std::uint32_t number, const PatternFound& found);

 private:
  /// Where a pattern ends, and the latest element at which it can have begun for that.
  struct Place {
    std::uint32_t end, begin;
  };
  /// The histories that hold a pattern, with all its places, ascending.
  struct Projection {
    std::vector<std::uint32_t> histories;
    std::vector<std::uint32_t> starts{0};
    std::vector<Place> places;
    std::uint64_t bytes() const noexcept {
      return 4 * (histories.capacity() + starts.capacity()) + 8 * places.capacity();
    }
  };
  bool grow(const Projection& projection, std::uint32_t last, const PatternFound& found);
  template <class Work>
  void each_within(const Projection& projection, std::size_t entry, std::uint32_t last, Work&& work) const;
  template <class Work>
  void each_after(const Projection& projection, std::size_t entry, Work&& work) const;
  std::vector<std::pair<std::uint32_t, Projection>> extend(const Projection& projection, std::uint32_t last,
                                                           bool within);
  bool may_follow(const Place& place, std::uint32_t element) const noexcept;

  const SequenceSearch& search_;
  std::vector<std::uint32_t> counts_, seen_;
  std::uint32_t round_ = 0, steps_ = 0;
  bool limited_ = false;
  GrowingPattern pattern_;
};

}  // namespace emptor::mine
