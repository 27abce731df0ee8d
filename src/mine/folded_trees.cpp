#include "mine/folded_trees.hpp"

#include <algorithm>
#include <memory>

#include "emptor/core/exact_sum.hpp"
#include "emptor/core/random.hpp"
#include "mine/booster.hpp"
#include "mine/boosting_loss.hpp"
#include "mine/shares.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t stride = 5;            // rounds between two looks at the loss, which costs as much as half a round
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

class Folds {
 public:
  Folds(const BinnedRows& bins, const TreeRows& rows, std::span<const std::uint32_t> folds, std::size_t count,
        const BlendedBoostingOptions& options, const Run& run)
      : rows_(rows), folds_(folds), options_(options), run_(run) {
    together_ = rows.rows >= many_rows;
    for (std::size_t k = 0; k < count; ++k) own_.push_back(boosting_of(options, k));
    for (std::size_t k = 0; k < count; ++k)
      boosters_.push_back(std::make_unique<Booster>(bins, others(k), own_[k], together_ ? run_ : alone_,
                                                    chance_gain_of_category));
  }

  FoldedTrees boost() {
    FoldedTrees best;
    double least = 0;
    for (std::size_t round = 0; round < options_.rounds;) {
      const std::size_t now = std::min(stride, options_.rounds - round);
      add_rounds(now);
      round += now;
      std::vector<double> held_out = unseen();
      const double loss = mean_log_loss(rows_, held_out);
      if (best.rounds == 0 || loss < least) {
        least = loss;
        best.rounds = round;
        best.held_out = std::move(held_out);
      }
      if (round - best.rounds >= options_.patience) break;
    }
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
    std::vector<double> log_odds(rows_.rows);
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
  DoubleSum loss, weight;
  for_active(rows, [&](std::size_t row) {
    loss.add(loss_of(BoostingLoss::logistic, rows.y[row], log_odds[row], 0.5) * rows.weight(row));
    weight.add(rows.weight(row));
  });
  return loss.value() / weight.value();
}

}  // namespace emptor::mine
