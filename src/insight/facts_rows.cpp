#include "insight/facts_rows.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <tuple>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

template <class T>
void copy_column(ColumnMemory<T>& to, std::size_t at, std::span<const T> from) noexcept {
  if (!from.empty()) std::memcpy(&to[at], from.data(), from.size_bytes());
}

/// From customer ids to 0, 1, 2 ... in the order of ids.
class CustomerIndex {
 public:
  explicit CustomerIndex(const PurchaseHeap& rows) {
    std::int64_t low = std::numeric_limits<std::int64_t>::max(), high = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      low = std::min(low, rows.customer(i));
      high = std::max(high, rows.customer(i));
    }
    if (rows.size() == 0) return;
    first_ = low;
    if (static_cast<std::uint64_t>(high - low) < rows.size() * 4 + 1024) {
      number_densely(rows, static_cast<std::size_t>(high - low) + 1);
    } else {
      number_by_search(rows);
    }
  }
  std::size_t of(std::int64_t customer) const noexcept {
    if (!dense_.empty()) return dense_[static_cast<std::size_t>(customer - first_)];
    return static_cast<std::size_t>(std::lower_bound(customers_.begin(), customers_.end(), customer) -
                                    customers_.begin());
  }
  std::vector<std::int64_t> take_customers() { return std::move(customers_); }
  std::size_t size() const noexcept { return customers_.size(); }

 private:
  void number_densely(const PurchaseHeap& rows, std::size_t range) {
    dense_.assign(range, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) dense_[static_cast<std::size_t>(rows.customer(i) - first_)] = 1;
    for (std::size_t offset = 0; offset < range; ++offset) {
      if (dense_[offset] == 0) continue;
      dense_[offset] = static_cast<std::uint32_t>(customers_.size());
      customers_.push_back(first_ + static_cast<std::int64_t>(offset));
    }
  }
  void number_by_search(const PurchaseHeap& rows) {
    customers_.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) customers_.push_back(rows.customer(i));
    std::sort(customers_.begin(), customers_.end());
    customers_.erase(std::unique(customers_.begin(), customers_.end()), customers_.end());
    customers_.shrink_to_fit();
  }
  std::int64_t first_ = 0;
  std::vector<std::uint32_t> dense_;
  std::vector<std::int64_t> customers_;
};

/// The customer of each row, as an index; counts the rows of each on the way.
ColumnMemory<std::uint32_t> index_rows(const PurchaseHeap& rows, const CustomerIndex& index,
                                       std::vector<std::uint32_t>& counts) {
  ColumnMemory<std::uint32_t> customers(rows.size());
  counts.assign(index.size(), 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    customers[i] = static_cast<std::uint32_t>(index.of(rows.customer(i)));
    ++counts[customers[i]];
  }
  return customers;
}

std::vector<PurchaseRange> ranges_of(const std::vector<std::uint32_t>& counts) {
  std::vector<PurchaseRange> ranges;
  ranges.reserve(counts.size());
  std::uint64_t next = 0;
  for (const std::uint32_t count : counts) {
    ranges.push_back({next, count, 0});
    next += count;
  }
  return ranges;
}

/// For each place the row that belongs there: by customer, else in the order of arrival.
ColumnMemory<std::uint32_t> places_of(const ColumnMemory<std::uint32_t>& customers,
                                      const std::vector<PurchaseRange>& ranges) {
  const std::size_t rows = customers.view().size();
  std::vector<std::uint32_t> next(ranges.size());
  for (std::size_t i = 0; i < ranges.size(); ++i) next[i] = static_cast<std::uint32_t>(ranges[i].first);
  ColumnMemory<std::uint32_t> places(rows);
  for (std::size_t i = 0; i < rows; ++i) places[next[customers[i]]++] = static_cast<std::uint32_t>(i);
  return places;
}

/// Fills the columns, a customer at a time; sorts those who did not arrive in the order of time.
void fill(PurchaseColumns& columns, const PurchaseHeap& rows, std::span<const std::uint32_t> places,
          const std::vector<PurchaseRange>& ranges) {
  constexpr std::size_t ahead = 32;  // rows are fetched from memory so much before they are needed
  std::vector<const PurchaseRow*> one;
  for (const PurchaseRange& range : ranges) {
    beat("lay out", range.first, places.size());
    one.clear();
    for (std::uint64_t place = range.first; place < range.first + range.count; ++place) {
      if (place + ahead < places.size()) __builtin_prefetch(&rows[places[place + ahead]]);
      one.push_back(&rows[places[place]]);
    }
    const auto before = [](const PurchaseRow* a, const PurchaseRow* b) { return earlier(*a, *b); };
    if (!std::is_sorted(one.begin(), one.end(), before)) std::sort(one.begin(), one.end(), before);
    for (std::uint32_t i = 0; i < range.count; ++i) columns.set(range.first + i, *one[i]);
  }
}

Facts facts_of(std::shared_ptr<FactsMemory> memory, std::size_t rows) {
  Facts facts;
  facts.customers = memory->customers;
  facts.ranges = memory->ranges;
  facts.parts[0] = memory->rows->view();
  facts.rows = rows;
  facts.owner = std::move(memory);
  return facts;
}

}  // namespace

bool earlier(const PurchaseRow& a, const PurchaseRow& b) noexcept {
  return std::tie(a.at, a.order, a.line) < std::tie(b.at, b.order, b.line);
}

void PurchaseColumns::set(std::size_t i, const PurchaseRow& row) noexcept {
  line[i] = row.line;
  order[i] = row.order;
  product[i] = row.product;
  at[i] = row.at;
  amount[i] = row.amount;
  quantity[i] = row.quantity;
  day[i] = row.day;
}

void PurchaseColumns::copy(std::size_t to, const PurchaseRows& rows) noexcept {
  copy_column(line, to, rows.line);
  copy_column(order, to, rows.order);
  copy_column(product, to, rows.product);
  copy_column(at, to, rows.at);
  copy_column(amount, to, rows.amount);
  copy_column(quantity, to, rows.quantity);
  copy_column(day, to, rows.day);
}

PurchaseRows PurchaseColumns::view() const noexcept {
  return {line.view(), order.view(), product.view(), day.view(), at.view(), amount.view(), quantity.view()};
}

Facts lay_out(const PurchaseHeap& rows) {
  if (rows.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(Code::unsupported, "facts hold at most 4,294,967,295 line items");
  }
  CustomerIndex index(rows);
  const auto memory = std::make_shared<FactsMemory>();
  std::vector<std::uint32_t> counts;
  const ColumnMemory<std::uint32_t> customers = index_rows(rows, index, counts);
  memory->ranges = ranges_of(counts);
  memory->rows = std::make_unique<PurchaseColumns>(rows.size());
  fill(*memory->rows, rows, places_of(customers, memory->ranges).view(), memory->ranges);
  memory->customers = index.take_customers();
  return facts_of(memory, rows.size());
}

Facts compact(const Facts& facts) {
  const auto memory = std::make_shared<FactsMemory>();
  memory->customers.assign(facts.customers.begin(), facts.customers.end());
  memory->rows = std::make_unique<PurchaseColumns>(facts.rows);
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < facts.customers.size(); ++i) {
    memory->rows->copy(next, facts.of(i));
    memory->ranges.push_back({next, facts.ranges[i].count, 0});
    next += facts.ranges[i].count;
  }
  Facts compacted = facts_of(memory, facts.rows);
  compacted.position = facts.position;
  compacted.schema_version = facts.schema_version;
  compacted.data_version = facts.data_version;
  return compacted;
}

}  // namespace emptor
