/// ItemPurchases checked and put in order: items renumbered 0, 1, 2 ... by their number, customers by their id, each
/// item once a customer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "emptor/mine/item_purchases.hpp"

namespace emptor::mine {

/// Sparse rows. Their columns are ascending.
struct SparseRows {
  std::vector<std::uint64_t> starts{0};
  std::vector<std::uint32_t> columns;
  std::vector<double> values;  ///< empty: all 1

  std::size_t size() const noexcept { return starts.size() - 1; }
  double value(std::size_t at) const noexcept { return values.empty() ? 1.0 : values[at]; }
};
/// Columns become rows.
SparseRows transposed(const SparseRows& rows, std::size_t columns);

struct PurchaseLists {
  std::vector<std::uint64_t> customers;  ///< ids, ascending
  std::vector<std::uint32_t> items;      ///< numbers, ascending
  SparseRows rows;                       ///< customers x items
};
/// Throws Code::invalid (fields "starts", "items", "counts", "ids", with the customer as row).
PurchaseLists listed(const ItemPurchases& purchases);
/// Of one customer and known items: ascending, each once, others left out. Throws as `listed`.
struct OwnPurchases {
  std::vector<std::uint32_t> items;  ///< places among the known ones
  std::vector<double> counts;
};
OwnPurchases known_purchases(std::span<const std::uint32_t> known, std::span<const std::uint32_t> items,
                             std::span<const double> counts);
/// Throws Code::budget (field "memory_bytes") where a limit above 0 is passed.
void check_memory(std::uint64_t needed, std::uint64_t limit);

/// Falling scores, the lowest item of equals first.
struct RanksBefore {
  template <class Scored>
  bool operator()(const Scored& a, const Scored& b) const noexcept {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  }
};

/// The best `count` of many, most of which one comparison turns away.
template <class Scored>
class BestOf {
 public:
  explicit BestOf(std::size_t count) : count_(count) {}

  void add(const Scored& one) {
    if (kept_.size() < count_) {
      kept_.push_back(one);
      std::push_heap(kept_.begin(), kept_.end(), RanksBefore{});
    } else if (count_ > 0 && RanksBefore{}(one, kept_.front())) {
      std::pop_heap(kept_.begin(), kept_.end(), RanksBefore{});
      kept_.back() = one;
      std::push_heap(kept_.begin(), kept_.end(), RanksBefore{});
    }
  }
  /// In order; begins anew.
  std::vector<Scored> take() {
    std::sort(kept_.begin(), kept_.end(), RanksBefore{});
    return std::exchange(kept_, {});
  }

 private:
  std::size_t count_;
  std::vector<Scored> kept_;  ///< a heap with the worst in front
};

/// Keeps the best `count` in order.
template <class Scored>
void keep_best(std::vector<Scored>& scored, std::size_t count) {
  BestOf<Scored> best(count);
  for (const Scored& one : scored) best.add(one);
  scored = best.take();
}

}  // namespace emptor::mine
