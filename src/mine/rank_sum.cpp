#include "emptor/mine/rank_sum.hpp"

#include <algorithm>
#include <cmath>

#include "mine/distributions.hpp"
#include "mine/mid_ranks.hpp"
#include "mine/training_check.hpp"
#include "mine/trial_check.hpp"

namespace emptor::mine {
namespace {

void check(Numbers numbers, const char* field) {
  if (numbers.empty()) refuse_input("a group has no numbers", field);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!std::isfinite(numbers[i])) refuse_row("a number is not finite", field, i);
  }
}

/// In how many ways `taken` of the ranks have each sum; ranks are doubled, so that they are whole.
std::vector<double> ways_of(const std::vector<double>& ranks, std::size_t taken) {
  std::vector<std::size_t> doubled;
  for (const double rank : ranks) doubled.push_back(static_cast<std::size_t>(2 * rank));
  const std::size_t most = taken * 2 * ranks.size();
  std::vector<std::vector<double>> ways(taken + 1, std::vector<double>(most + 1));
  ways[0][0] = 1;
  for (const std::size_t rank : doubled) {
    for (std::size_t count = taken; count-- > 0;) {
      for (std::size_t sum = 0; sum + rank <= most; ++sum) ways[count + 1][sum + rank] += ways[count][sum];
    }
  }
  return ways[taken];
}

double exact_p(const std::vector<double>& ranks, std::size_t taken, double rank_sum) {
  const std::vector<double> ways = ways_of(ranks, taken);
  const auto own = static_cast<std::size_t>(2 * rank_sum);
  double all = 0, below = 0, above = 0;  // whole numbers below 2^53, so that sums are exact
  for (std::size_t sum = 0; sum < ways.size(); ++sum) {
    all += ways[sum];
    if (sum <= own) below += ways[sum];
    if (sum >= own) above += ways[sum];
  }
  return std::min(1.0, 2 * std::min(below, above) / all);
}

/// Sum of t^3 - t over runs of t equal ranks.
double tied(std::vector<double> ranks) {
  std::sort(ranks.begin(), ranks.end());
  double sum = 0;
  for (std::size_t i = 0, end = 0; i < ranks.size(); i = end) {
    while (end < ranks.size() && ranks[end] == ranks[i]) ++end;
    const auto run = static_cast<double>(end - i);
    sum += run * run * run - run;
  }
  return sum;
}

double normal_p(const std::vector<double>& ranks, double first, double second, double difference) {
  const double n = first + second;
  const double variance = first * second / 12 * (n + 1 - tied(ranks) / (n * (n - 1)));
  return variance > 0 ? normal_two_sided(difference / std::sqrt(variance)) : 1;
}

}  // namespace

RankSum rank_sum(Numbers first, Numbers second, std::size_t most_exact) {
  check(first, "first");
  check(second, "second");
  std::vector<double> all(first.begin(), first.end());
  all.insert(all.end(), second.begin(), second.end());
  const std::vector<double> ranks = mid_ranks(all);
  double sum = 0;  // of whole and half numbers, exact in any order
  for (std::size_t i = 0; i < first.size(); ++i) sum += ranks[i];
  const auto own = static_cast<double>(first.size()), other = static_cast<double>(second.size());
  const double wins = sum - own * (own + 1) / 2;  // Mann and Whitney's U
  RankSum result;
  result.delta = 2 * wins / (own * other) - 1;
  // Beyond 50 numbers there may be more ways than a double counts one by one.
  result.exact = all.size() <= std::min<std::size_t>(most_exact, 50);
  if (!result.exact) {
    result.p_value = normal_p(ranks, own, other, wins - own * other / 2);
  } else if (first.size() <= second.size()) {
    result.p_value = exact_p(ranks, first.size(), sum);
  } else {
    result.p_value = exact_p(ranks, second.size(), static_cast<double>(all.size() * (all.size() + 1)) / 2 - sum);
  }
  return result;
}

}  // namespace emptor::mine
