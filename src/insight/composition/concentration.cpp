#include "insight/composition/concentration.hpp"

#include <algorithm>

#include "emptor/core/exact_sum.hpp"

namespace emptor {

Concentration concentration_of(std::vector<std::int64_t> revenue) {
  std::erase_if(revenue, [](std::int64_t one) { return one <= 0; });
  std::sort(revenue.begin(), revenue.end());
  Concentration out{.customers = revenue.size()};
  if (revenue.empty()) return out;
  const std::size_t n = revenue.size();
  IntegerSum all;
  for (const std::int64_t one : revenue) all.add(one);
  const auto whole = static_cast<double>(all.value());
  DoubleSum ranked, squares;
  for (std::size_t i = 0; i < n; ++i) {
    const auto value = static_cast<double>(revenue[i]);
    ranked.add(static_cast<double>(i + 1) * value);
    squares.add(value / whole * (value / whole));
  }
  const auto count = static_cast<double>(n);
  out.gini = 2 * ranked.value() / (count * whole) - (count + 1) / count;
  out.herfindahl = squares.value();
  const auto top = [&](std::size_t percent) {
    IntegerSum sum;
    for (std::size_t i = n - (n * percent + 99) / 100; i < n; ++i) sum.add(revenue[i]);
    return static_cast<double>(sum.value()) / whole;
  };
  out.top_1 = top(1);
  out.top_10 = top(10);
  out.top_20 = top(20);
  return out;
}

}  // namespace emptor
