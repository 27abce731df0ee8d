#include "emptor/mine/lagged_correlation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/elementary.hpp"
#include "emptor/mine/false_discovery.hpp"
#include "mine/distributions.hpp"
#include "mine/refusal.hpp"

namespace emptor::mine {
namespace {

using Series = std::vector<double>;

constexpr std::size_t most_order = 4;

Series centred(Numbers values) {
  Series out(values.begin(), values.end());
  double mean = 0;
  for (const double one : values) mean += one / static_cast<double>(values.size());
  for (double& one : out) one -= mean;
  return out;
}

double lagged_sum(const Series& a, const Series& b, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = lag; i < b.size(); ++i) sum += a[i - lag] * b[i];
  return sum;
}

/// The coefficients of every order up to the highest, by Levinson's recursion, and the best order's.
Series autoregression(const Series& y, std::size_t highest) {
  const double n = static_cast<double>(y.size());
  Series now, best;
  double left = lagged_sum(y, y, 0), least = std::numeric_limits<double>::infinity();
  for (std::size_t order = 0; order <= highest && left > 0; ++order) {
    const double k = static_cast<double>(order) + 1;
    const double criterion = n * elementary::log(left / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1);
    if (criterion < least) {
      least = criterion;
      best = now;
    }
    double reflection = lagged_sum(y, y, order + 1);
    for (std::size_t i = 0; i < order; ++i) reflection -= now[i] * lagged_sum(y, y, order - i);
    reflection /= left;
    Series next = now;
    for (std::size_t i = 0; i < order; ++i) next[i] -= reflection * now[order - 1 - i];
    next.push_back(reflection);
    now = std::move(next);
    left *= 1 - reflection * reflection;
  }
  return best;
}

void check(std::span<const Series> series, const LaggedOptions& options) {
  if (options.most_lag == 0) refuse_row("a lag is 1 or more", "most_lag");
  if (!(options.false_discoveries > 0 && options.false_discoveries < 1))
    refuse_row("a share of false discoveries lies between 0 and 1", "false_discoveries");
  for (const Series& one : series) {
    if (one.size() != series.front().size()) refuse_row("series differ in length", "series");
    if (one.size() < options.most_lag + 10) refuse_row("series are too short for these lags", "series");
    for (std::size_t i = 0; i < one.size(); ++i)
      if (!std::isfinite(one[i])) refuse_row("a number of the series is not finite", "series", i);
  }
}

LaggedLink link_of(const std::vector<Series>& fresh, std::size_t leader, std::size_t follower, std::size_t lag) {
  const Series &a = fresh[leader], &b = fresh[follower];
  const double size = std::sqrt(lagged_sum(a, a, 0) * lagged_sum(b, b, 0));
  LaggedLink link{leader, follower, lag};
  if (!(size > 0)) return link;
  link.correlation = lagged_sum(a, b, lag) / size;
  const double degrees = static_cast<double>(a.size() - lag) - 2, r = link.correlation;
  link.p_value = student_two_sided(r * std::sqrt(degrees / (1 - r * r)), degrees);
  return link;
}

}  // namespace

std::vector<double> whiten(Numbers values) {
  const Series y = centred(values);
  const Series past = autoregression(y, std::min(most_order, y.size() / 8));
  Series fresh(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    fresh[i] = y[i];
    for (std::size_t k = 0; k < past.size() && k < i; ++k) fresh[i] -= past[k] * y[i - k - 1];
  }
  return centred(fresh);
}

LaggedCorrelations correlate_lags(std::span<const std::vector<double>> series, const LaggedOptions& options) {
  check(series, options);
  std::vector<Series> fresh;
  for (const Series& one : series) fresh.push_back(whiten(one));
  std::vector<LaggedLink> all;
  for (std::size_t a = 0; a < series.size(); ++a)
    for (std::size_t b = 0; b < series.size(); ++b)
      for (std::size_t lag = 1; a != b && lag <= options.most_lag; ++lag) all.push_back(link_of(fresh, a, b, lag));
  std::vector<double> p_values;
  for (const LaggedLink& one : all) p_values.push_back(one.p_value);
  const std::vector<double> adjusted = false_discovery(p_values);
  LaggedCorrelations out{{}, all.size()};
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].adjusted = adjusted[i];
    if (adjusted[i] <= options.false_discoveries) out.links.push_back(all[i]);
  }
  std::stable_sort(out.links.begin(), out.links.end(),
                   [](const LaggedLink& a, const LaggedLink& b) { return a.p_value < b.p_value; });
  return out;
}

}  // namespace emptor::mine
