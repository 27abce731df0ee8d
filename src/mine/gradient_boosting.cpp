#include "emptor/mine/gradient_boosting.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "core/long_call.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/core/random.hpp"
#include "mine/boosting_loss.hpp"
#include "mine/fixed_point.hpp"
#include "mine/gradients.hpp"
#include "mine/grow.hpp"
#include "mine/shares.hpp"
#include "mine/tree_codes.hpp"
#include "mine/tree_rows.hpp"

namespace emptor::mine {
namespace {

constexpr std::uint32_t not_drawn = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t held_out_salt = 0x7661'6c69'6461'7465, feature_salt = 0x6665'6174'7572'6573;

bool drawn(std::uint64_t seed, std::uint64_t id, double share) {
  return static_cast<double>(hash_of(seed, id) >> 11) * 0x1p-53 < share;
}

void check(const GradientBoostingOptions& options) {
  const auto share = [](double value) { return value > 0 && value <= 1; };
  if (options.rounds == 0) refuse_field("at least one round is needed", "rounds");
  if (!(options.learning_rate > 0)) refuse_field("a rate above 0 is needed", "learning_rate");
  if (options.max_depth < 1 || options.max_depth > 32) refuse_field("a depth of 1 to 32 is needed", "max_depth");
  if (options.max_leaves == 1) refuse_field("0, or at least 2 leaves", "max_leaves");
  if (!(options.min_child_weight >= 0)) refuse_field("a weight of at least 0 is needed", "min_child_weight");
  if (!(options.l2 >= 0)) refuse_field("a penalty of at least 0 is needed", "l2");
  if (!(options.min_gain >= 0)) refuse_field("a gain of at least 0 is needed", "min_gain");
  if (!share(options.row_share)) refuse_field("a share above 0 and up to 1 is needed", "row_share");
  if (!share(options.feature_share)) refuse_field("a share above 0 and up to 1 is needed", "feature_share");
  if (!(options.quantile > 0 && options.quantile < 1)) refuse_field("between 0 and 1", "quantile");
  if (!(options.validation_share >= 0 && options.validation_share < 1))
    refuse_field("a share of 0 to below 1 is needed", "validation_share");
  if (options.patience > 0 && options.validation_share == 0)
    refuse_field("held-out rows are needed to stop early", "validation_share");
}

bool of_classes(BoostingLoss loss) { return loss == BoostingLoss::logistic || loss == BoostingLoss::softmax; }

void check_targets(const TreeRows& rows, const GradientBoostingOptions& options) {
  if (options.loss == BoostingLoss::logistic && rows.classes > 2)
    refuse_field("the logistic loss takes the classes 0 and 1", "y", "take softmax for more");
  if (options.loss == BoostingLoss::poisson &&
      std::any_of(rows.y.begin(), rows.y.end(), [](double y) { return y < 0; }))
    refuse_field("counts are not negative", "y");
}

class Booster {
 public:
  Booster(const BinnedRows& bins, TreeRows rows, const GradientBoostingOptions& options, const Run& run)
      : bins_(bins), rows_(std::move(rows)), options_(options), run_(run), table_(bins), leaf_(bins.rows) {
    hold_out();
    start();
  }

  GradientBoosting boost() {
    std::size_t best = 0;
    for (std::size_t round = 0; round < options_.rounds; ++round) {
      beat("boost", round, options_.rounds);
      add_round(round);
      if (held_out_.empty()) continue;
      model_.validation_loss.push_back(held_out_loss());
      if (model_.validation_loss.back() < model_.validation_loss[best]) best = round;
      if (options_.patience > 0 && round - best >= options_.patience) break;
    }
    if (options_.patience > 0) model_.ensemble.trees.resize((best + 1) * outputs());
    return std::move(model_);
  }

 private:
  std::size_t outputs() const noexcept { return model_.ensemble.outputs; }

  /// Rows to learn from, and rows to judge by.
  void hold_out() {
    if (options_.validation_share == 0) return;
    std::vector<std::uint32_t> kept;
    for_active(rows_, [&](std::size_t row) {
      const bool out = drawn(options_.seed ^ held_out_salt, rows_.id(row), options_.validation_share);
      (out ? held_out_ : kept).push_back(static_cast<std::uint32_t>(row));
    });
    if (kept.empty() || held_out_.empty()) refuse_field("too few rows to hold some out", "validation_share");
    rows_.active = std::move(kept);
  }

  void start() {
    TreeEnsemble& ensemble = model_.ensemble;
    model_.options = options_;
    model_.classes = of_classes(options_.loss) ? rows_.classes : 0;
    ensemble.features = bins_.features.size();
    ensemble.base = base_scores(rows_, options_);
    ensemble.outputs = ensemble.base.size();
    ensemble.link = options_.loss == BoostingLoss::logistic  ? TreeLink::logistic
                    : options_.loss == BoostingLoss::softmax ? TreeLink::softmax
                    : options_.loss == BoostingLoss::poisson ? TreeLink::exponential
                                                             : TreeLink::identity;
    for (const double base : ensemble.base) margins_.emplace_back(padded_rows(rows_.rows), base);
    gradients_.emplace(rows_, options_, run_);
  }

  void add_round(std::size_t round) {
    draw_rows(round);
    gradients_->compute(margins_);
    for (std::size_t k = 0; k < outputs(); ++k) {
      GrowRules rules = rules_of(k);
      rules.features = draw_features(round * outputs() + k);
      if (!sample_.empty()) std::fill(leaf_.begin(), leaf_.end(), not_drawn);
      Tree tree = grow_tree(table_, gradients_->sums(k), sample_, rules, leaf_, run_);
      tree.first_output = static_cast<std::uint32_t>(k);
      if (options_.loss == BoostingLoss::quantile) renew_leaves(tree);
      for (double& value : tree.values) value *= options_.learning_rate;
      move_margins(tree, margins_[k]);
      model_.ensemble.trees.push_back(std::move(tree));
    }
  }

  void draw_rows(std::size_t round) {
    sample_ = rows_.active;
    if (options_.row_share == 1) return;
    sample_.clear();
    const std::uint64_t seed = hash_of(options_.seed, round);
    for_active(rows_, [&](std::size_t row) {
      if (drawn(seed, rows_.id(row), options_.row_share)) sample_.push_back(static_cast<std::uint32_t>(row));
    });
    if (sample_.empty()) sample_ = rows_.active;
  }

  std::vector<std::uint32_t> draw_features(std::size_t tree) const {
    std::vector<std::uint32_t> features(bins_.features.size());
    std::iota(features.begin(), features.end(), 0U);
    const auto count =
        static_cast<std::size_t>(std::ceil(options_.feature_share * static_cast<double>(features.size())));
    if (count == features.size()) return {};
    const std::uint64_t seed = hash_of(options_.seed ^ feature_salt, tree);
    std::sort(features.begin(), features.end(), [seed](std::uint32_t a, std::uint32_t b) {
      return std::pair(hash_of(seed, a), a) < std::pair(hash_of(seed, b), b);
    });
    features.resize(count);
    std::sort(features.begin(), features.end());
    return features;
  }

  GrowRules rules_of(std::size_t k) const {
    GrowRules rules;
    rules.max_depth = options_.max_depth;
    rules.max_leaves = options_.max_leaves;
    rules.split.l2 = options_.l2;
    rules.split.min_gain = options_.min_gain;
    rules.split.monotone = options_.monotone;
    rules.split.g_unit = gradients_->g_unit(k);
    rules.split.h_unit = gradients_->h_unit(k);
    rules.split.min_h =
        std::max<std::int64_t>(1, std::llrint(std::ceil(options_.min_child_weight / rules.split.h_unit)));
    rules.split.min_n = static_cast<std::int64_t>(std::max<std::size_t>(1, options_.min_leaf));
    return rules;
  }

  void move_margins(const Tree& tree, std::vector<double>& margin) {
    const CodedTree coded(tree, bins_);
    run_shares(run_, (rows_.rows + gradient_rows - 1) / gradient_rows, "boost", [&](std::size_t block) {
      const std::size_t end = std::min(rows_.rows, (block + 1) * gradient_rows);
      for (std::size_t row = block * gradient_rows; row < end; ++row) {
        const std::uint32_t leaf = sample_.empty() || leaf_[row] != not_drawn ? leaf_[row] : coded.leaf_of(row);
        margin[row] += tree.values[leaf];
      }
    });
  }

  /// A leaf of the quantile loss says the quantile of what is left in it.
  void renew_leaves(Tree& tree) const {
    std::vector<std::vector<std::pair<double, double>>> left(tree.nodes.size());
    const auto take = [&](std::size_t row) {
      left[leaf_[row]].emplace_back(rows_.y[row] - margins_[0][row], rows_.weight(row));
    };
    if (sample_.empty()) {
      for (std::size_t row = 0; row < rows_.rows; ++row) take(row);
    } else {
      for (const std::uint32_t row : sample_) take(row);
    }
    for (std::size_t i = 0; i < left.size(); ++i)
      if (!left[i].empty()) tree.values[i] = weighted_quantile(left[i], options_.quantile);
  }

  double held_out_loss() const {
    DoubleSum loss, weight;
    std::vector<double> margins(outputs());
    for (const std::uint32_t row : held_out_) {
      for (std::size_t k = 0; k < outputs(); ++k) margins[k] = margins_[k][row];
      const double own = options_.loss == BoostingLoss::softmax
                             ? softmax_loss(margins, static_cast<std::size_t>(rows_.y[row]))
                             : loss_of(options_.loss, rows_.y[row], margins[0], options_.quantile);
      loss.add(own * rows_.weight(row));
      weight.add(rows_.weight(row));
    }
    return loss.value() / weight.value();
  }

  const BinnedRows& bins_;
  TreeRows rows_;
  const GradientBoostingOptions& options_;
  const Run& run_;
  GrowTable table_;
  std::vector<std::uint32_t> leaf_;
  std::vector<std::uint32_t> held_out_, sample_;
  std::vector<std::vector<double>> margins_;
  std::optional<Gradients> gradients_;
  GradientBoosting model_;
};

GradientBoosting fit(const BinnedRows& bins, TreeRows rows, const GradientBoostingOptions& options, const Run& run) {
  check_targets(rows, options);
  check_monotone(options.monotone, bins.features);
  return Booster(bins, std::move(rows), options, run).boost();
}

}  // namespace

GradientBoosting fit_gradient_boosting(const TrainingRows& rows, const GradientBoostingOptions& options,
                                       const Run& run) {
  const LongCall call(run.progress);
  check(options);
  TreeRows checked = checked_rows(rows.x.rows(), rows.y, rows.weights, rows.ids, of_classes(options.loss),
                                  {.of_class = options.class_weights});
  const BinOptions bin_options{.bins = options.bins, .categorical = options.categorical};
  const BinnedRows bins = bin_rows(rows.x, find_bins(rows.x, checked.weights, bin_options, run), run);
  return fit(bins, std::move(checked), options, run);
}

GradientBoosting fit_gradient_boosting(const BinnedTable& table, const GradientBoostingOptions& options,
                                       const Run& run) {
  const LongCall call(run.progress);
  check(options);
  return fit(table.rows,
             checked_rows(table.rows.rows, table.y, table.weights, table.ids, of_classes(options.loss),
                          {.of_class = options.class_weights}),
             options, run);
}

}  // namespace emptor::mine
