#include "mine/folded_trees.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "emptor/core/random.hpp"
#include "mine/booster.hpp"
#include "mine/boosting_loss.hpp"
#include "mine/fixed_point.hpp"
#include "mine/gradients.hpp"
#include "mine/shares.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t stride = 5;           // rounds between two looks at what unseen rows say
constexpr std::size_t many_rows = 100'000;  // from here on threads share a booster, below each has its own

GradientBoostingOptions boosting_of(const BlendedBoostingOptions& options, std::size_t fold) {
  GradientBoostingOptions own;
  own.loss = BoostingLoss::logistic;
  own.rounds = options.rounds;
  own.learning_rate = options.learning_rate;
  own.max_depth = options.max_depth;
  own.min_child_weight = options.min_child_weight;
  own.l2 = options.l2;
  own.row_share = options.row_share;
  own.seed = hash_of(options.seed, fold);
  return own;
}

/// The squared error of chances, summed as integers, so that the order of rows cannot sway which round is best.
class SquaredError {
 public:
  explicit SquaredError(const TreeRows& rows)
      : rows_(rows), scale_(FixedScale::of(greatest_weight(rows), rows.rows, 62)), y_(rows.y.begin(), rows.y.end()) {
    y_.resize(padded_rows(rows.rows));
  }

  /// Of log-odds with room for padded_rows; rows of weight 0 do not count.
  std::int64_t operator()(const std::vector<double>& log_odds) const {
    std::vector<double> g(padded_rows(gradient_rows)), h(g.size());
    std::int64_t sum = 0;
    for (std::size_t first = 0; first < rows_.rows; first += gradient_rows) {
      const std::size_t count = std::min(gradient_rows, rows_.rows - first);
      logistic_gradients({y_.data() + first, log_odds.data() + first, g.data(), h.data(), count});
      for (std::size_t i = 0; i < count; ++i) sum += scale_.round(g[i] * g[i] * rows_.weight(first + i));
    }
    return sum;
  }

 private:
  const TreeRows& rows_;
  FixedScale scale_;
  std::vector<double> y_;
};

class Folds {
 public:
  Folds(const BinnedRows& bins, const TreeRows& rows, std::span<const std::uint32_t> folds, std::size_t count,
        const BlendedBoostingOptions& options, const Run& run)
      : rows_(rows), folds_(folds), options_(options), run_(run), table_(bins) {
    together_ = rows.rows >= many_rows;
    for (std::size_t k = 0; k < count; ++k) own_.push_back(boosting_of(options, k));
    for (std::size_t k = 0; k < count; ++k)
      boosters_.push_back(
          std::make_unique<Booster>(table_, others(k), own_[k], together_ ? run_ : alone_, chance_gain_of_category));
  }

  FoldedTrees boost() {
    FoldedTrees best;
    const SquaredError error(rows_);
    std::int64_t least = 0;
    for (std::size_t round = 0; round < options_.rounds;) {
      const std::size_t now = std::min(stride, options_.rounds - round);
      add_rounds(now);
      round += now;
      std::vector<double> held_out = unseen();
      const std::int64_t here = error(held_out);
      if (best.rounds == 0 || here < least) {
        least = here;
        best.rounds = round;
        best.held_out = std::move(held_out);
      }
      if (round - best.rounds >= options_.patience) break;
    }
    best.held_out.resize(rows_.rows);
    best.ensemble = mean_of(best.rounds);
    return best;
  }

 private:
  TreeRows others(std::size_t fold) const {
    TreeRows rows = rows_;
    rows.active.clear();
    for_active(rows_, [&](std::size_t row) {
      if (folds_[row] != fold) rows.active.push_back(static_cast<std::uint32_t>(row));
    });
    return rows;
  }

  void add_rounds(std::size_t count) {
    const auto work = [&](std::size_t k) {
      for (std::size_t i = 0; i < count; ++i) boosters_[k]->add_round();
    };
    if (!together_) return run_shares(run_, boosters_.size(), "boost", work);
    for (std::size_t k = 0; k < boosters_.size(); ++k) work(k);
  }

  std::vector<double> unseen() const {
    std::vector<double> log_odds(padded_rows(rows_.rows));
    for_active(rows_, [&](std::size_t row) { log_odds[row] = boosters_[folds_[row]]->margin(0)[row]; });
    return log_odds;
  }

  TreeEnsemble mean_of(std::size_t rounds) {
    TreeEnsemble mean;
    const auto count = static_cast<double>(boosters_.size());
    double base = 0;
    for (const auto& booster : boosters_) {
      TreeEnsemble own = booster->take(rounds);
      mean.features = own.features;
      base += own.base[0];
      std::move(own.trees.begin(), own.trees.end(), std::back_inserter(mean.trees));
    }
    mean.base = {base / count};
    mean.factor = 1 / count;
    return mean;
  }

  const TreeRows& rows_;
  std::span<const std::uint32_t> folds_;
  const BlendedBoostingOptions& options_;
  const Run& run_;
  const Run alone_ = {};
  const GrowTable table_;
  bool together_ = false;
  std::vector<GradientBoostingOptions> own_;
  std::vector<std::unique_ptr<Booster>> boosters_;
};

}  // namespace

FoldedTrees boost_folds(const BinnedRows& bins, const TreeRows& rows, std::span<const std::uint32_t> folds,
                        std::size_t count, const BlendedBoostingOptions& options, const Run& run) {
  check_boosting(boosting_of(options, 0));
  return Folds(bins, rows, folds, count, options, run).boost();
}

double mean_log_loss(const TreeRows& rows, std::span<const double> log_odds) {
  double most = 1;
  for_active(rows, [&](std::size_t row) { most = std::max(most, 1 + std::abs(log_odds[row])); });
  const FixedScale scale = FixedScale::of(most * greatest_weight(rows), rows.rows, 62);
  std::int64_t sum = 0;
  for_active(rows, [&](std::size_t row) {
    sum += scale.round(loss_of(BoostingLoss::logistic, rows.y[row], log_odds[row], 0.5) * rows.weight(row));
  });
  return scale.value(sum) / exact_weight(rows);
}

}  // namespace emptor::mine
