#include "session/segments/totals.hpp"

#include <algorithm>

#include "emptor/core/exact_sum.hpp"
#include "emptor/core/wide.hpp"

namespace emptor::segments {
namespace {

std::int64_t bounded(Wide value) {
  constexpr Wide least = std::numeric_limits<std::int64_t>::min(), most = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::clamp(value, least, most));
}

// In micros of what the type counts in.
Value average(Wide sum, std::int64_t count, Type of) {
  const Wide micros = of == Type::decimal ? sum : sum * Decimal::micros_per_unit;
  const Wide half = count / 2;
  const Wide rounded = micros < 0 ? (micros - half) / count : (micros + half) / count;
  return Value::of_bits(Type::decimal, bounded(rounded));
}

std::vector<Value> counts(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> owners,
                          const Column* cell, std::size_t customers) {
  std::vector<std::int64_t> found(customers);
  for (const std::uint32_t row : rows) found[owners[row]] += cell == nullptr || cell->valid[row];
  return {found.begin(), found.end()};
}

std::vector<Value> different(const Column& cell, std::span<const std::uint32_t> rows,
                             std::span<const std::uint32_t> owners, std::size_t customers) {
  struct Owned {
    std::uint32_t owner;
    Value value;
  };
  std::vector<Owned> all;
  for (const std::uint32_t row : rows)
    if (cell.valid[row]) all.push_back({owners[row], cell.value(row)});
  std::ranges::sort(all, [](const Owned& a, const Owned& b) {
    return a.owner != b.owner ? a.owner < b.owner : compare(a.value, b.value) < 0;
  });
  std::vector<std::int64_t> found(customers);
  for (std::size_t i = 0; i < all.size(); ++i)
    found[all[i].owner] += i == 0 || all[i].owner != all[i - 1].owner || compare(all[i].value, all[i - 1].value) != 0;
  return {found.begin(), found.end()};
}

std::vector<Value> real_sums(bool mean, const Column& cell, std::span<const std::uint32_t> rows,
                             std::span<const std::uint32_t> owners, std::size_t customers) {
  std::vector<DoubleSum> sums(customers);
  std::vector<std::int64_t> counts(customers);
  for (const std::uint32_t row : rows) {
    if (!cell.valid[row]) continue;
    sums[owners[row]].add(cell.value(row).real());
    ++counts[owners[row]];
  }
  std::vector<Value> values(customers);
  for (std::size_t i = 0; i < customers; ++i)
    if (counts[i] != 0 || !mean)
      values[i] = Value(mean ? sums[i].value() / static_cast<double>(counts[i]) : sums[i].value());
  return values;
}

std::vector<Value> whole_sums(bool mean, Type type, const Column& cell, std::span<const std::uint32_t> rows,
                              std::span<const std::uint32_t> owners, std::size_t customers) {
  std::vector<Wide> sums(customers);
  std::vector<std::int64_t> counts(customers);
  for (const std::uint32_t row : rows) {
    if (!cell.valid[row]) continue;
    sums[owners[row]] += cell.bits[row];
    ++counts[owners[row]];
  }
  std::vector<Value> values(customers);
  for (std::size_t i = 0; i < customers; ++i)
    if (counts[i] != 0 || !mean)
      values[i] = mean ? average(sums[i], counts[i], cell.type) : Value::of_bits(type, bounded(sums[i]));
  return values;
}

std::vector<Value> extremes(bool most, const Column& cell, std::span<const std::uint32_t> rows,
                            std::span<const std::uint32_t> owners, std::size_t customers) {
  std::vector<Value> values(customers);
  for (const std::uint32_t row : rows) {
    if (!cell.valid[row]) continue;
    Value& best = values[owners[row]];
    const Value value = cell.value(row);
    const int order = best.present() ? compare(value, best) : 0;
    if (!best.present() || (most ? order > 0 : order < 0)) best = value;
  }
  return values;
}

}  // namespace

std::vector<Value> totals(RuleMeasure measure, Type type, const Column* cell, std::span<const std::uint32_t> rows,
                          std::span<const std::uint32_t> owners, std::size_t customers) {
  const bool mean = measure == RuleMeasure::average;
  switch (measure) {
    case RuleMeasure::count:
      return counts(rows, owners, cell, customers);
    case RuleMeasure::different:
      return different(*cell, rows, owners, customers);
    case RuleMeasure::sum:
    case RuleMeasure::average:
      return cell->type == Type::real ? real_sums(mean, *cell, rows, owners, customers)
                                      : whole_sums(mean, type, *cell, rows, owners, customers);
    case RuleMeasure::least:
      return extremes(false, *cell, rows, owners, customers);
    case RuleMeasure::most:
      return extremes(true, *cell, rows, owners, customers);
  }
  return {};
}

}  // namespace emptor::segments
