#include "mine/rhythm_gaps.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "mine/distributions.hpp"
#include "mine/training_check.hpp"
#include "mine/trial_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::int64_t farthest = 1'000'000'000;

// Purchases of one day are one, so that gaps of less than a day are missing and the others are cut to whole days. What
// a day less half a day leaves is near the continuous gap, as a geometric number less 1/2 is to an exponential one.
constexpr double half_day = 0.5;

std::vector<std::uint32_t> checked_order(const PurchaseEvents& events) {
  const std::size_t rows = events.customers.size();
  if (events.items.size() != rows) refuse_input("items and customers differ in number", "items");
  if (events.times.size() != rows) refuse_input("times and customers differ in number", "times");
  if (rows >= std::numeric_limits<std::uint32_t>::max()) refuse_input("there are 2^32 events or more", "customers");
  for (std::size_t r = 0; r < rows; ++r) {
    if (events.times[r] < -farthest || events.times[r] > farthest) refuse_row("no day of any calendar", "times", r);
  }
  std::vector<std::uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (events.customers[a] != events.customers[b]) return events.customers[a] < events.customers[b];
    if (events.items[a] != events.items[b]) return events.items[a] < events.items[b];
    return events.times[a] < events.times[b];
  });
  return order;
}

}  // namespace

double open_gap(const PairGaps& pair, std::int64_t today) noexcept {
  return std::max(static_cast<double>(today - pair.last_day) - half_day, 0.0);
}
double days_of(double gap) noexcept { return gap + half_day; }

namespace {

double median_of(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

}  // namespace

AllGaps gaps_of(const PurchaseEvents& events) {
  AllGaps all;
  const std::vector<std::uint32_t> order = checked_order(events);
  for (const std::uint32_t row : order) {
    const std::int64_t day = events.times[row];
    const bool same = !all.pairs.empty() && all.pairs.back().customer == events.customers[row] &&
                      all.pairs.back().item == events.items[row];
    if (!same) {
      all.pairs.push_back({events.customers[row], events.items[row], day, all.gaps.size(), 0});
    } else if (day > all.pairs.back().last_day) {
      all.gaps.push_back(static_cast<double>(day - all.pairs.back().last_day) - half_day);
      ++all.pairs.back().count;
      all.pairs.back().last_day = day;
    }
  }
  return all;
}

AllGaps gaps_until(const PurchaseEvents& events, std::int64_t today) {
  if (today < -farthest || today > farthest) refuse_input("no day of any calendar", "today");
  for (std::size_t r = 0; r < events.times.size(); ++r) {
    if (events.times[r] > today) refuse_row("an event after today", "times", r);
  }
  return gaps_of(events);
}

// The sum of n gaps over scale is beta-prime(n x gap_shape, shape): a gamma over an independent gamma.
double RateBelief::longer(double gaps, double time) const noexcept {
  return time > 0 ? incomplete_beta(shape, gaps * gap_shape, scale / (time + scale)) : 1.0;
}
double RateBelief::shorter(double gaps, double time) const noexcept {
  return time > 0 ? incomplete_beta(gaps * gap_shape, shape, time / (time + scale)) : 0.0;
}

double RateBelief::quantile(double chance) const noexcept {
  return scale * beta_odds_quantile(gap_shape, shape, chance);
}

// The age of a renewal process seen at no chosen time has the density P(gap > t) / mean (Cox, Renewal Theory, 1962,
// section 5.1); averaged over the rate, whose factor rate x gamma(shape) is shape / scale x gamma(shape + 1).
double RateBelief::silence(double time) const noexcept {
  if (!(time > 0)) return 1;
  const double place = scale / (time + scale);
  const double beyond = incomplete_beta(shape, gap_shape + 1, place);
  const double passed = time * shape / (scale * gap_shape) * incomplete_beta(shape + 1, gap_shape, place);
  return std::clamp(beyond - passed, 0.0, 1.0);
}

double mean_over_median(const ProductRhythm& product) noexcept {
  return product.shape / gamma_quantile(product.shape, 0.5);
}

RateBelief belief_after(const ProductRhythm& product, std::span<const double> gaps, double mean_over_median) {
  const auto count = static_cast<double>(gaps.size());
  const double sum = mean_over_median > 0 && gaps.size() >= least_of_median
                         ? count * median_of(gaps) * mean_over_median
                         : std::accumulate(gaps.begin(), gaps.end(), 0.0);
  return {product.shape, product.rate_shape + count * product.shape, product.rate_scale + sum};
}

RateBelief own_belief(const ProductRhythm& product, std::span<const double> gaps) {
  double sum = 0;
  for (const double gap : gaps) sum += gap;
  return {product.shape, static_cast<double>(gaps.size()) * product.shape, sum};
}

}  // namespace emptor::mine
