#include "emptor/mine/shrunk_shares.hpp"

#include <algorithm>
#include <map>

#include "core/elementary.hpp"
#include "emptor/core/error.hpp"
#include "mine/distributions.hpp"
#include "mine/special.hpp"

namespace emptor::mine {
namespace {

/// How often each count occurs: all that the likelihood needs, and the same for any order of rows.
struct CountTable {
  std::vector<std::map<std::uint32_t, std::uint64_t>> of_kind;
  std::map<std::uint64_t, std::uint64_t> totals;
};

CountTable tabulate(std::span<const std::uint32_t> counts, std::size_t kinds) {
  CountTable table{std::vector<std::map<std::uint32_t, std::uint64_t>>(kinds), {}};
  for (std::size_t first = 0; first < counts.size(); first += kinds) {
    std::uint64_t total = 0;
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      const std::uint32_t count = counts[first + kind];
      if (count > 0) ++table.of_kind[kind][count];
      total += count;
    }
    if (total > 0) ++table.totals[total];
  }
  return table;
}

double log_likelihood(const CountTable& table, const std::vector<double>& base, double weight) {
  double sum = 0;
  for (std::size_t kind = 0; kind < base.size(); ++kind)
    for (const auto& [count, rows] : table.of_kind[kind])
      sum += static_cast<double>(rows) * special::log_rising(weight * base[kind], count);
  for (const auto& [total, rows] : table.totals)
    sum -= static_cast<double>(rows) * special::log_rising(weight, static_cast<double>(total));
  return sum;
}

/// The greatest of a function with one peak, by golden sections.
template <class Function>
double peak_of(double low, double high, double width, const Function& function) {
  constexpr double golden = 0.6180339887498949;
  double a = high - golden * (high - low), b = low + golden * (high - low);
  double at_a = function(a), at_b = function(b);
  while (high - low > width) {
    if (at_a > at_b) {
      high = b;
      b = a;
      at_b = at_a;
      at_a = function(a = high - golden * (high - low));
    } else {
      low = a;
      a = b;
      at_a = at_b;
      at_b = function(b = low + golden * (high - low));
    }
  }
  return (low + high) / 2;
}

}  // namespace

SharePrior fit_share_prior(std::span<const std::uint32_t> counts, std::size_t kinds) {
  if (kinds == 0 || counts.size() % kinds != 0)
    throw Error(Problem{.code = Code::invalid, .message = "the counts are no whole rows", .field = "counts"});
  const CountTable table = tabulate(counts, kinds);
  SharePrior prior;
  std::vector<std::uint64_t> sums(kinds);
  std::uint64_t all = 0;
  for (const auto& [total, rows] : table.totals) {
    all += total * rows;
    prior.rows += rows;
  }
  if (all == 0) throw Error(Problem{.code = Code::invalid, .message = "nothing was counted", .field = "counts"});
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    for (const auto& [count, rows] : table.of_kind[kind]) sums[kind] += count * rows;
    prior.base.push_back(static_cast<double>(sums[kind]) / static_cast<double>(all));
  }
  constexpr double least = -2.995732273553991, greatest = 11.512925464970229;  // log .05, log 1e5
  prior.weight = elementary::exp(peak_of(least, greatest, 1e-6, [&](double log_weight) {
    return log_likelihood(table, prior.base, elementary::exp(log_weight));
  }));
  return prior;
}

double shrunk_share(const SharePrior& prior, std::size_t kind, double count, double all) noexcept {
  return (count + prior.weight * prior.base[kind]) / (all + prior.weight);
}

double binomial_above(std::uint64_t count, std::uint64_t all, double p) noexcept {
  if (count == 0) return 1;
  if (count > all) return 0;
  return incomplete_beta(static_cast<double>(count), static_cast<double>(all - count + 1), std::clamp(p, 0.0, 1.0));
}

}  // namespace emptor::mine
