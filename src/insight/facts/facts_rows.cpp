#include "insight/facts/facts_rows.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <tuple>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

template <class T>
void copy_column(LargeArray<T>& to, std::size_t at, std::span<const T> from) noexcept {
  if (!from.empty()) std::memcpy(&to[at], from.data(), from.size_bytes());
}

/// From customer ids to 0, 1, 2 ... in the order of ids.
class CustomerIndex {
 public:
  explicit CustomerIndex(std::span<const std::int64_t> rows) {
    if (rows.empty()) return;
    const auto [low, high] = std::ranges::minmax(rows);
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
  void number_densely(std::span<const std::int64_t> rows, std::size_t range) {
    dense_.assign(range, 0);
    for (const std::int64_t customer : rows) dense_[static_cast<std::size_t>(customer - first_)] = 1;
    for (std::size_t offset = 0; offset < range; ++offset) {
      if (dense_[offset] == 0) continue;
      dense_[offset] = static_cast<std::uint32_t>(customers_.size());
      customers_.push_back(first_ + static_cast<std::int64_t>(offset));
    }
  }
  void number_by_search(std::span<const std::int64_t> rows) {
    customers_.assign(rows.begin(), rows.end());
    std::sort(customers_.begin(), customers_.end());
    customers_.erase(std::unique(customers_.begin(), customers_.end()), customers_.end());
    customers_.shrink_to_fit();
  }
  std::int64_t first_ = 0;
  std::vector<std::uint32_t> dense_;
  std::vector<std::int64_t> customers_;
};

/// Puts the index of the customer in the place of its id; returns the rows of each.
std::vector<PurchaseRange> index_rows(LargeArray<std::int64_t>& customers, const CustomerIndex& index) {
  std::vector<PurchaseRange> ranges(index.size());
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const std::size_t customer = index.of(customers[i]);
    customers[i] = static_cast<std::int64_t>(customer);
    ++ranges[customer].count;
  }
  std::uint64_t next = 0;
  for (PurchaseRange& range : ranges) {
    range.first = next;
    next += range.count;
  }
  return ranges;
}

/// For each place the row that belongs there: by customer, else in the order of arrival.
LargeArray<std::uint32_t> places_of(const LargeArray<std::int64_t>& customers,
                                    const std::vector<PurchaseRange>& ranges) {
  std::vector<std::uint32_t> next(ranges.size());
  for (std::size_t i = 0; i < ranges.size(); ++i) next[i] = static_cast<std::uint32_t>(ranges[i].first);
  LargeArray<std::uint32_t> places(customers.size());
  for (std::size_t i = 0; i < customers.size(); ++i)
    places[next[static_cast<std::size_t>(customers[i])]++] = static_cast<std::uint32_t>(i);
  return places;
}

/// Brings a column into the order of places; `spare` lends its memory and gets the column's.
template <class T>
void gather(LargeArray<T>& column, const LargeArray<std::uint32_t>& places, LargeMemory& spare) {
  constexpr std::size_t ahead = 32;  // numbers are fetched from memory so much before they are needed
  constexpr std::size_t rows_a_beat = 1 << 16;
  LargeArray<T> ordered(std::move(spare), places.size());
  const std::uint32_t* const from = places.data();
  for (std::size_t first = 0; first < places.size(); first += rows_a_beat) {
    beat("lay out", first, places.size());
    const std::size_t end = std::min(places.size(), first + rows_a_beat);
    for (std::size_t i = first; i < end; ++i) {
      __builtin_prefetch(&column[from[std::min(i + ahead, places.size() - 1)]]);
      ordered[i] = column[from[i]];
    }
  }
  std::swap(column, ordered);
  spare = ordered.take_memory();
}

/// Sorts the rows of customers who did not arrive in the order of time. Requires `at` in the order of places already,
/// and keeps it so.
class TimeOrder {
 public:
  TimeOrder(PurchaseColumns& columns, LargeArray<std::uint32_t>& places) : columns_(columns), places_(places) {}

  void restore(const PurchaseRange& range) {
    for (std::size_t i = range.first + 1; i < range.first + range.count; ++i)
      if (!in_order(i - 1, i)) return sort(range);
  }

 private:
  struct Key {
    std::int64_t at = 0, order = 0, line = 0;
    std::uint32_t place = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  Key key(std::size_t i) const {
    return {columns_.at[i], columns_.order[places_[i]], columns_.line[places_[i]], places_[i]};
  }
  /// Order and line are looked up for equal times only.
  bool in_order(std::size_t a, std::size_t b) const {
    return columns_.at[a] != columns_.at[b] ? columns_.at[a] < columns_.at[b] : key(a) < key(b);
  }
  void sort(const PurchaseRange& range) {
    keys_.clear();
    for (std::size_t i = range.first; i < range.first + range.count; ++i) keys_.push_back(key(i));
    std::sort(keys_.begin(), keys_.end());
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      columns_.at[range.first + i] = keys_[i].at;
      places_[range.first + i] = keys_[i].place;
    }
  }

  PurchaseColumns& columns_;
  LargeArray<std::uint32_t>& places_;
  std::vector<Key> keys_;
};

/// Brings all columns into the order of customers and time.
void order(PurchaseColumns& columns, LargeArray<std::uint32_t> places, const std::vector<PurchaseRange>& ranges,
           LargeMemory spare) {
  gather(columns.at, places, spare);
  TimeOrder time(columns, places);
  for (const PurchaseRange& range : ranges) {
    beat("lay out", range.first, places.size());
    time.restore(range);
  }
  for (LargeArray<std::int64_t>* column :
       {&columns.line, &columns.order, &columns.product, &columns.amount, &columns.quantity})
    gather(*column, places, spare);
  gather(columns.day, places, spare);
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

void PurchaseColumns::add(const PurchaseRow& row) {
  line.push_back(row.line);
  order.push_back(row.order);
  product.push_back(row.product);
  at.push_back(row.at);
  amount.push_back(row.amount);
  quantity.push_back(row.quantity);
  day.push_back(row.day);
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

Facts lay_out(PurchaseHeap rows) {
  const std::size_t size = rows.size();
  if (size > std::numeric_limits<std::uint32_t>::max())
    throw Error(Code::unsupported, "facts hold at most 4,294,967,295 line items");
  const auto memory = std::make_shared<FactsMemory>();
  CustomerIndex index(rows.customers.view());
  memory->ranges = index_rows(rows.customers, index);
  LargeArray<std::uint32_t> places = places_of(rows.customers, memory->ranges);
  memory->customers = index.take_customers();
  memory->rows = std::make_unique<PurchaseColumns>(std::move(rows.columns));
  order(*memory->rows, std::move(places), memory->ranges, rows.customers.take_memory());
  return facts_of(memory, size);
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
