// The log-rank test.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/survival.hpp"
#include "mine/distributions.hpp"
#include "mine/lifetimes.hpp"
#include "mine/symmetric.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

std::vector<std::uint32_t> groups_of(const Lifetimes& rows, const CheckedLifetimes& checked) {
  std::vector<std::uint32_t> groups;
  for (const std::size_t row : checked.rows) groups.push_back(rows.groups.empty() ? 0 : rows.groups[row]);
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  if (groups.size() < 2) refuse_input("there is one group only", "groups", "give rows of two groups at least");
  if (groups.size() > 1'000)
    throw Error(Code::budget, "more than 1,000 groups are not compared", "put groups together");
  return groups;
}

/// Sums over the times of events: by group observed and expected, and the covariance of their differences.
class LogRankSums {
 public:
  LogRankSums(std::size_t groups, double rho)
      : rho_(rho), observed(groups), expected(groups), covariance(triangle_size(groups)) {}

  /// `at_risk` and `died` of each group, as numbers of rows.
  void add(const std::vector<double>& at_risk, const std::vector<double>& died, double survival) {
    const double all = std::accumulate(at_risk.begin(), at_risk.end(), 0.0);
    const double deaths = std::accumulate(died.begin(), died.end(), 0.0);
    const double weight = rho_ > 0 ? elementary::exp(rho_ * elementary::log(survival)) : 1;
    const double spread = all > 1 ? weight * weight * deaths * (all - deaths) / (all - 1) : 0;
    for (std::size_t g = 0; g < at_risk.size(); ++g) {
      const double share = at_risk[g] / all;
      observed[g] += weight * died[g];
      expected[g] += weight * deaths * share;
      for (std::size_t h = 0; h <= g; ++h)
        covariance[triangle_index(g, h)] += spread * share * ((g == h ? 1 : 0) - at_risk[h] / all);
    }
  }

 private:
  double rho_;

 public:
  std::vector<double> observed, expected, covariance;
};

}  // namespace

LogRank log_rank(const Lifetimes& rows, const LogRankOptions& options, const Run& run) {
  const LongCall call(run.progress);
  if (!(options.rho >= 0 && std::isfinite(options.rho))) refuse_input("rho is negative or not finite", "rho");
  if (!options.strata.empty() && options.strata.size() != rows.time.size())
    refuse_input("strata and time differ in number", "strata");
  CheckedLifetimes checked = checked_lifetimes(rows);
  const std::vector<std::uint32_t> groups = groups_of(rows, checked);
  const auto group = [&](std::size_t row) {
    return static_cast<std::size_t>(std::lower_bound(groups.begin(), groups.end(), rows.groups[row]) - groups.begin());
  };
  const auto stratum = [&](std::size_t row) { return options.strata.empty() ? 0U : options.strata[row]; };
  std::vector<std::size_t>& order = checked.rows;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return stratum(a) != stratum(b) ? stratum(a) < stratum(b) : rows.time[a] < rows.time[b];
  });
  LogRankSums sums(groups.size(), options.rho);
  LogRank test;
  for (const std::uint32_t number : groups) test.groups.push_back({.group = number});
  for (std::size_t first = 0; first < order.size();) {
    std::vector<double> left(groups.size(), 0.0), at_risk(groups.size());
    std::size_t end = first;
    for (; end < order.size() && stratum(order[end]) == stratum(order[first]); ++end)
      left[group(order[end])] += checked.units[order[end]];
    for (std::size_t g = 0; g < groups.size(); ++g) test.groups[g].rows += left[g] / checked.factor;
    double survival = 1;
    while (first < end) {
      beat("log-rank", first, order.size());
      std::vector<double> died(groups.size(), 0.0), gone(groups.size(), 0.0);
      const double time = rows.time[order[first]];
      double deaths = 0, all = 0;
      for (; first < end && rows.time[order[first]] == time; ++first) {
        const std::size_t row = order[first], g = group(row);
        gone[g] += checked.units[row];
        if (rows.event[row] == 1) died[g] += checked.units[row] / checked.factor;
      }
      for (std::size_t g = 0; g < groups.size(); ++g) {
        at_risk[g] = left[g] / checked.factor;
        left[g] -= gone[g];
        deaths += died[g];
        all += at_risk[g];
      }
      if (!(deaths > 0)) continue;
      sums.add(at_risk, died, survival);
      survival *= (all - deaths) / all;
    }
  }
  std::vector<double> apart(groups.size());
  std::vector<std::size_t> unknowns(groups.size());
  std::iota(unknowns.begin(), unknowns.end(), std::size_t{0});
  for (std::size_t g = 0; g < groups.size(); ++g) {
    test.groups[g].observed = sums.observed[g];
    test.groups[g].expected = sums.expected[g];
    apart[g] = sums.observed[g] - sums.expected[g];
  }
  // The differences add up to 0, so one of them at least is explained by the others.
  const SymmetricFactors factors(sums.covariance, unknowns, 1e-10);
  const std::vector<double> solved = factors.solve(apart);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    test.statistic += apart[g] * solved[g];
    if (factors.aliased()[g] == 0) ++test.degrees;
  }
  if (test.degrees > 0) test.p_value = chi_square_above(test.statistic, static_cast<double>(test.degrees));
  return test;
}

}  // namespace emptor::mine
