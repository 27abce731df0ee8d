#include "mine/ordered_lifetimes.hpp"

#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"
#include "emptor/core/exact_sum.hpp"
#include "mine/lifetimes.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

/// Weighted means, and a power of two near the largest deviation.
void set_scale(OrderedLifetimes& out, const NumberView& x, const CheckedLifetimes& checked) {
  double all = 0;
  for (const std::size_t row : checked.rows) all += checked.units[row];
  for (std::size_t c = 0; c < out.columns; ++c) {
    beat("Cox", c, out.columns);
    DoubleSum sum;
    double low = x(checked.rows.front(), c), high = low;
    for (const std::size_t row : checked.rows) {
      const double value = x(row, c);
      sum.add(value * (checked.units[row] / all));
      low = std::min(low, value);
      high = std::max(high, value);
    }
    out.centre[c] = low == high ? low : sum.value();
    int exponent = 0;
    std::frexp(std::max(high - out.centre[c], out.centre[c] - low), &exponent);
    if (high > low) out.unit[c] = std::ldexp(1.0, exponent);
  }
}

}  // namespace

OrderedLifetimes ordered_lifetimes(const LifetimeRows& rows) {
  const NumberView& x = rows.x;
  const Lifetimes& lives = rows.lifetimes;
  if (x.columns() > 0 && x.rows() != lives.time.size()) refuse_input("x and time differ in number", "x");
  CheckedLifetimes checked = checked_lifetimes(lives);
  constexpr double most = 1e150;
  for (std::size_t c = 0; c < x.columns(); ++c)
    for (std::size_t r = 0; r < x.rows(); ++r)
      if (!(std::abs(x(r, c)) <= most)) refuse_number(x);
  const std::size_t columns = x.columns();
  OrderedLifetimes out;
  out.columns = columns;
  out.centre.assign(columns, 0.0);
  out.unit.assign(columns, 1.0);
  set_scale(out, x, checked);
  const auto stratum = [&](std::size_t row) { return lives.groups.empty() ? 0U : lives.groups[row]; };
  // Rows that are equal in all of this cannot be told apart.
  std::sort(checked.rows.begin(), checked.rows.end(), [&](std::size_t a, std::size_t b) {
    if (stratum(a) != stratum(b)) return stratum(a) < stratum(b);
    if (lives.time[a] != lives.time[b]) return lives.time[a] > lives.time[b];
    if (lives.event[a] != lives.event[b]) return lives.event[a] > lives.event[b];
    for (std::size_t c = 0; c < columns; ++c)
      if (x(a, c) != x(b, c)) return x(a, c) < x(b, c);
    return checked.units[a] < checked.units[b];
  });
  out.z.reserve(checked.rows.size() * columns);
  for (const std::size_t row : checked.rows) {
    for (std::size_t c = 0; c < columns; ++c) out.z.push_back((x(row, c) - out.centre[c]) / out.unit[c]);
    out.time.push_back(lives.time[row] + 0.0);
    out.weight.push_back(checked.units[row] / checked.factor);
    out.event.push_back(lives.event[row] == 1 ? 1 : 0);
    out.stratum.push_back(stratum(row));
  }
  return out;
}

}  // namespace emptor::mine
