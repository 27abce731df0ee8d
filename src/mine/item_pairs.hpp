/// What one item has in common with all others, by its buyers' lists.
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "mine/fixed_point.hpp"
#include "mine/purchase_lists.hpp"

namespace emptor::mine {

/// Counts whose products are added as integers, so that their order does not matter.
struct RoundedCounts {
  FixedScale scale;
  std::vector<double> by_customer, by_item;
  std::int64_t product(std::uint64_t a, std::uint64_t b) const { return scale.round(by_item[a] * by_customer[b]); }
};
/// Those that are integers: nothing to round.
struct WholeCounts {
  std::vector<std::uint32_t> by_customer, by_item;
  std::int64_t product(std::uint64_t a, std::uint64_t b) const {
    return static_cast<std::int64_t>(std::uint64_t{by_item[a]} * by_customer[b]);
  }
};
struct NoCounts {};

template <class Counts>
constexpr bool counted = !std::is_same_v<Counts, NoCounts>;

/// The row of one item against all others.
template <class Counts>
class Accumulator {
 public:
  Accumulator(const SparseRows& by_customer, const SparseRows& by_item, const Counts& counts)
      : by_customer_(by_customer), by_item_(by_item), counts_(counts), met_(by_item.size()) {}

  void take(std::size_t item) {
    for (std::uint64_t at = by_item_.starts[item]; at < by_item_.starts[item + 1]; ++at) {
      const std::uint32_t customer = by_item_.columns[at];
      for (std::uint64_t to = by_customer_.starts[customer]; to < by_customer_.starts[customer + 1]; ++to) {
        Met& met = met_[by_customer_.columns[to]];
        if (met.together++ == 0) touched_.push_back(by_customer_.columns[to]);
        if constexpr (counted<Counts>) met.product += counts_.product(at, to);
      }
    }
  }
  /// Calls work(other, together, product) for each item that was met, in no order, and begins anew.
  template <class Work>
  void give(Work&& work) {
    for (const std::uint32_t other : touched_) {
      const Met met = std::exchange(met_[other], {});
      if constexpr (counted<Counts>) {
        work(other, met.together, met.product);
      } else {
        work(other, met.together, std::int64_t{met.together});
      }
    }
    touched_.clear();
  }

 private:
  struct Counted {
    std::int64_t product = 0;
    std::uint32_t together = 0;
  };
  struct Plain {
    std::uint32_t together = 0;
  };
  using Met = std::conditional_t<counted<Counts>, Counted, Plain>;

  const SparseRows& by_customer_;
  const SparseRows& by_item_;
  const Counts& counts_;
  std::vector<Met> met_;
  std::vector<std::uint32_t> touched_;
};

}  // namespace emptor::mine
