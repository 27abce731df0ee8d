// Harrell's concordance, by counts of ranks in a binary indexed tree (Fenwick, 1994).
#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/cox.hpp"
#include "mine/lifetimes.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

/// Sums of weights by rank.
class RankTree {
 public:
  explicit RankTree(std::size_t ranks) : sums_(ranks + 1, 0.0) {}
  void add(std::size_t rank, double weight) {
    all_ += weight;
    for (std::size_t i = rank + 1; i < sums_.size(); i += i & (~i + 1)) sums_[i] += weight;
  }
  /// Of ranks below this one.
  double below(std::size_t rank) const {
    double sum = 0;
    for (std::size_t i = rank; i > 0; i -= i & (~i + 1)) sum += sums_[i];
    return sum;
  }
  double all() const noexcept { return all_; }
  void clear() {
    std::fill(sums_.begin(), sums_.end(), 0.0);
    all_ = 0;
  }

 private:
  std::vector<double> sums_;
  double all_ = 0;
};

}  // namespace

double concordance_of(std::span<const double> risk, const Lifetimes& lives) {
  CheckedLifetimes checked = checked_lifetimes(lives);
  if (risk.size() != lives.time.size()) refuse_input("risk and time differ in number", "risk");
  for (std::size_t r = 0; r < risk.size(); ++r)
    if (!std::isfinite(risk[r]))
      throw Error(Problem{.code = Code::invalid,
                          .message = "a risk is not finite",
                          .entity = {},
                          .field = "risk",
                          .row = static_cast<std::int64_t>(r),
                          .hint = {}});
  std::vector<double> ranked(risk.begin(), risk.end());
  std::sort(ranked.begin(), ranked.end());
  ranked.erase(std::unique(ranked.begin(), ranked.end()), ranked.end());
  const auto rank = [&](std::size_t row) {
    return static_cast<std::size_t>(std::lower_bound(ranked.begin(), ranked.end(), risk[row]) - ranked.begin());
  };
  const auto group = [&](std::size_t row) { return lives.groups.empty() ? 0U : lives.groups[row]; };
  std::vector<std::size_t>& order = checked.rows;
  // Last first; of one time those that were still alive, who outlast the others, then by risk and weight.
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (group(a) != group(b)) return group(a) < group(b);
    if (lives.time[a] != lives.time[b]) return lives.time[a] > lives.time[b];
    if (lives.event[a] != lives.event[b]) return lives.event[a] < lives.event[b];
    return risk[a] != risk[b] ? risk[a] < risk[b] : checked.units[a] < checked.units[b];
  });
  RankTree tree(ranked.size());
  double right = 0, pairs = 0;
  for (std::size_t first = 0; first < order.size();) {
    beat("concordance", first, order.size());
    const std::size_t row = order[first];
    if (first > 0 && group(row) != group(order[first - 1])) tree.clear();
    std::size_t end = first;
    const auto together = [&](std::size_t other) {
      return group(other) == group(row) && lives.time[other] == lives.time[row] &&
             lives.event[other] == lives.event[row];
    };
    for (; end < order.size() && together(order[end]); ++end) {
      if (lives.event[row] == 0) continue;
      const std::size_t here = rank(order[end]);
      const double lower = tree.below(here), same = tree.below(here + 1) - lower;
      const double weight = checked.units[order[end]] / checked.factor;
      right += weight * (lower + same / 2);
      pairs += weight * tree.all();
    }
    for (; first < end; ++first) tree.add(rank(order[first]), checked.units[order[first]] / checked.factor);
  }
  return pairs > 0 ? right / pairs : 0.5;
}

}  // namespace emptor::mine
