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

void fill(Column& out, std::span<const Value> values) {
  for (const Value& value : values) out.append(value);
}

}  // namespace

void Totals::count(const Column* cell, std::span<const std::uint32_t> rows, std::span<const std::uint32_t> owners,
                   Column& out) {
  for (const std::uint32_t row : rows) out.bits[owners[row]] += cell == nullptr || cell->valid[row];
}

void Totals::add_up(bool mean, const Column& cell, std::span<const std::uint32_t> rows,
                    std::span<const std::uint32_t> owners, Column& out) {
  sums_.assign(out.size(), 0);
  counts_.assign(out.size(), 0);
  for (const std::uint32_t row : rows) {
    if (!cell.valid[row]) continue;
    sums_[owners[row]] += cell.bits[row];
    ++counts_[owners[row]];
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (mean && counts_[i] == 0)
      out.valid[i] = 0;
    else
      out.bits[i] = mean ? average(sums_[i], counts_[i], cell.type).bits() : bounded(sums_[i]);
  }
}

void Totals::measure(RuleMeasure measure, Type type, const Column* cell, std::span<const std::uint32_t> rows,
                     std::span<const std::uint32_t> owners, std::size_t customers, Column& out) {
  out.clear();
  out.type = type;
  const bool mean = measure == RuleMeasure::average;
  const bool sum = mean || measure == RuleMeasure::sum, real = sum && cell->type == Type::real;
  if (measure == RuleMeasure::count || (sum && !real)) {
    out.bits.assign(customers, 0);
    out.valid.assign(customers, 1);
    return sum ? add_up(mean, *cell, rows, owners, out) : count(cell, rows, owners, out);
  }
  fill(out, real ? real_sums(mean, *cell, rows, owners, customers)
            : measure == RuleMeasure::different
                ? different(*cell, rows, owners, customers)
                : extremes(measure == RuleMeasure::most, *cell, rows, owners, customers));
}

}  // namespace emptor::segments
