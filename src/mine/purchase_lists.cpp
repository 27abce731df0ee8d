#include "mine/purchase_lists.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include "emptor/core/error.hpp"
#include "mine/training_check.hpp"
#include "mine/trial_check.hpp"

namespace emptor::mine {
namespace {

constexpr double most_count = 1e9;

void check_shape(const ItemPurchases& purchases) {
  const auto& starts = purchases.starts;
  if (starts.empty() ? !purchases.items.empty() : starts.front() != 0) {
    refuse_input("the first list does not start at 0", "starts");
  }
  for (std::size_t u = 1; u < starts.size(); ++u) {
    if (starts[u] < starts[u - 1]) refuse_row("a list ends before it starts", "starts", u - 1);
    if (starts[u] > purchases.items.size()) refuse_row("a list ends beyond the items", "starts", u - 1);
  }
  if (!starts.empty() && starts.back() != purchases.items.size()) {
    refuse_input("the lists end before the items do", "starts");
  }
  if (!purchases.counts.empty() && purchases.counts.size() != purchases.items.size()) {
    refuse_input("counts and items differ in number", "counts");
  }
  if (!purchases.ids.empty() && purchases.ids.size() != purchases.size()) {
    refuse_input("ids and customers differ in number", "ids");
  }
  if (purchases.size() > std::numeric_limits<std::uint32_t>::max()) {
    refuse_input("there are more than 2^32 customers", "starts");
  }
}

void check_count(double count, std::size_t row) {
  if (count > 0 && count <= most_count) return;
  refuse_row("a count is not above 0, or beyond 1e9", "counts", row, "leave out what was not bought or came back");
}

/// Customers in the order of their ids.
std::vector<std::uint32_t> order_of(const ItemPurchases& purchases) {
  std::vector<std::uint32_t> order(purchases.size());
  std::iota(order.begin(), order.end(), 0U);
  if (purchases.ids.empty()) return order;
  const auto& ids = purchases.ids;
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return ids[a] != ids[b] ? ids[a] < ids[b] : a < b; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (ids[order[i]] == ids[order[i - 1]]) refuse_row("an id that another customer has", "ids", order[i]);
  }
  return order;
}

struct Bought {
  std::uint32_t item;
  double count;
};
/// Ascending, each once; equal items in the order of their counts, so that their sum does not depend on how they came.
void put_in_order(std::vector<Bought>& bought, bool counted) {
  std::sort(bought.begin(), bought.end(),
            [](const Bought& a, const Bought& b) { return a.item != b.item ? a.item < b.item : a.count < b.count; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < bought.size(); ++i) {
    if (kept > 0 && bought[kept - 1].item == bought[i].item) {
      if (counted) bought[kept - 1].count += bought[i].count;
    } else {
      bought[kept++] = bought[i];
    }
  }
  bought.resize(kept);
}

std::vector<std::uint32_t> different_items(std::span<const std::uint32_t> items) {
  std::uint32_t most = 0;
  for (const std::uint32_t item : items) most = std::max(most, item);
  std::vector<std::uint32_t> different;
  if (most / 8 <= items.size()) {  // a table of marks costs less than sorting
    std::vector<std::uint8_t> seen(std::size_t{most} + 1);
    for (const std::uint32_t item : items) seen[item] = 1;
    for (std::size_t item = 0; item < seen.size(); ++item) {
      if (seen[item] != 0) different.push_back(static_cast<std::uint32_t>(item));
    }
    return different;
  }
  different.assign(items.begin(), items.end());
  std::sort(different.begin(), different.end());
  different.erase(std::unique(different.begin(), different.end()), different.end());
  return different;
}

/// The place of an item among the known ones; their number where it is none.
class Places {
 public:
  Places(const std::vector<std::uint32_t>& items, std::size_t uses) : items_(items) {
    if (items.empty() || items.back() / 8 > uses) return;
    table_.resize(std::size_t{items.back()} + 1);
    for (std::size_t i = 0; i < items.size(); ++i) table_[items[i]] = static_cast<std::uint32_t>(i);
  }
  std::uint32_t operator[](std::uint32_t item) const {
    if (!table_.empty()) return table_[item];
    return static_cast<std::uint32_t>(std::lower_bound(items_.begin(), items_.end(), item) - items_.begin());
  }

 private:
  const std::vector<std::uint32_t>& items_;
  std::vector<std::uint32_t> table_;
};

}  // namespace

SparseRows transposed(const SparseRows& rows, std::size_t columns) {
  SparseRows out;
  out.starts.assign(columns + 1, 0);
  for (const std::uint32_t column : rows.columns) ++out.starts[column + 1];
  std::partial_sum(out.starts.begin(), out.starts.end(), out.starts.begin());
  out.columns.resize(rows.columns.size());
  out.values.resize(rows.values.size());
  std::vector<std::uint64_t> next(out.starts.begin(), out.starts.end() - 1);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::uint64_t at = rows.starts[r]; at < rows.starts[r + 1]; ++at) {
      const std::uint64_t to = next[rows.columns[at]]++;
      out.columns[to] = static_cast<std::uint32_t>(r);
      if (!rows.values.empty()) out.values[to] = rows.values[at];
    }
  }
  return out;
}

PurchaseLists listed(const ItemPurchases& purchases) {
  check_shape(purchases);
  PurchaseLists lists;
  lists.items = different_items(purchases.items);
  const Places places(lists.items, purchases.items.size());
  const bool counted = !purchases.counts.empty();
  lists.rows.columns.reserve(purchases.items.size());
  if (counted) lists.rows.values.reserve(purchases.items.size());
  std::vector<Bought> bought;
  for (const std::uint32_t u : order_of(purchases)) {
    lists.customers.push_back(purchases.ids.empty() ? u : purchases.ids[u]);
    bought.clear();
    for (std::uint64_t at = purchases.starts[u]; at < purchases.starts[u + 1]; ++at) {
      if (counted) check_count(purchases.counts[at], u);
      bought.push_back({places[purchases.items[at]], counted ? purchases.counts[at] : 1.0});
    }
    put_in_order(bought, counted);
    for (const Bought& one : bought) {
      lists.rows.columns.push_back(one.item);
      if (counted) lists.rows.values.push_back(one.count);
    }
    lists.rows.starts.push_back(lists.rows.columns.size());
  }
  return lists;
}

OwnPurchases known_purchases(std::span<const std::uint32_t> known, std::span<const std::uint32_t> items,
                             std::span<const double> counts) {
  if (!counts.empty() && counts.size() != items.size()) refuse_input("counts and items differ in number", "counts");
  std::vector<Bought> bought;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!counts.empty()) check_count(counts[i], i);
    const auto at = std::lower_bound(known.begin(), known.end(), items[i]);
    if (at == known.end() || *at != items[i]) continue;
    bought.push_back({static_cast<std::uint32_t>(at - known.begin()), counts.empty() ? 1.0 : counts[i]});
  }
  put_in_order(bought, !counts.empty());
  OwnPurchases own;
  for (const Bought& one : bought) {
    own.items.push_back(one.item);
    own.counts.push_back(one.count);
  }
  return own;
}

void check_memory(std::uint64_t needed, std::uint64_t limit) {
  if (limit == 0 || needed <= limit) return;
  throw Error(Problem{.code = Code::budget,
                      .message = "this takes " + std::to_string(needed) + " bytes, more than its budget",
                      .field = "memory_bytes",
                      .hint = "allow more memory, or give fewer purchases"});
}

}  // namespace emptor::mine
