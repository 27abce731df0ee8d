#include "mine/booster.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "emptor/core/random.hpp"
#include "mine/boosting_loss.hpp"
#include "mine/shares.hpp"
#include "mine/tree_codes.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t large_table = 65'536;
constexpr std::uint64_t feature_salt = 0x6665'6174'7572'6573;

TreeLink link_of(BoostingLoss loss) {
  return loss == BoostingLoss::logistic  ? TreeLink::logistic
         : loss == BoostingLoss::softmax ? TreeLink::softmax
         : loss == BoostingLoss::poisson ? TreeLink::exponential
                                         : TreeLink::identity;
}

}  // namespace

bool row_is_drawn(std::uint64_t seed, std::uint64_t id, double share) {
  return static_cast<double>(hash_of(seed, id) >> 11) * 0x1p-53 < share;
}

void check_boosting(const GradientBoostingOptions& options) {
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

void check_boosting_rows(const TreeRows& rows, const BinnedRows& bins, const GradientBoostingOptions& options) {
  if (options.loss == BoostingLoss::logistic && rows.classes > 2)
    refuse_field("the logistic loss takes the classes 0 and 1", "y", "take softmax for more");
  if (options.loss == BoostingLoss::poisson &&
      std::any_of(rows.y.begin(), rows.y.end(), [](double y) { return y < 0; }))
    refuse_field("counts are not negative", "y");
  check_monotone(options.monotone, bins.features);
}

Booster::Booster(const GrowTable& table, TreeRows rows, const GradientBoostingOptions& options, const Run& run,
                 double category_cost)
    : table_(table),
      bins_(table.bins),
      rows_(std::move(rows)),
      options_(options),
      run_(run),
      category_cost_(category_cost) {
  ensemble_.features = bins_.features.size();
  ensemble_.base = base_scores(rows_, options_);
  ensemble_.outputs = ensemble_.base.size();
  ensemble_.link = link_of(options_.loss);
  for (const double base : ensemble_.base) margins_.emplace_back(padded_rows(rows_.rows), base);
  gradients_.emplace(rows_, options_, run_);
  take_sample(rows_.active);
}

void Booster::add_round() {
  const std::size_t round = rounds();
  draw_rows(round);
  gradients_->compute(margins_);
  for (std::size_t k = 0; k < outputs(); ++k) {
    GrowRules rules = rules_of(k);
    rules.features = draw_features(round * outputs() + k);
    Tree tree = grow_tree(table_, gradients_->sums(k), sample_, rules, space_, run_);
    tree.first_output = static_cast<std::uint32_t>(k);
    if (options_.loss == BoostingLoss::quantile) renew_leaves(tree);
    for (double& value : tree.values) value *= options_.learning_rate;
    move_margins(tree, margins_[k]);
    ensemble_.trees.push_back(std::move(tree));
  }
  if (rows_.rows >= large_table)
    space_ = {};  // the other boosters of a fit need it, and it costs little beside the rows
}

TreeEnsemble Booster::take(std::size_t rounds) {
  ensemble_.trees.resize(std::min(ensemble_.trees.size(), rounds * outputs()));
  return std::move(ensemble_);
}

void Booster::draw_rows(std::size_t round) {
  if (options_.row_share == 1) return;
  std::vector<std::uint32_t> sample;
  const std::uint64_t seed = hash_of(options_.seed, round);
  for_active(rows_, [&](std::size_t row) {
    if (row_is_drawn(seed, rows_.id(row), options_.row_share)) sample.push_back(static_cast<std::uint32_t>(row));
  });
  take_sample(sample.empty() ? rows_.active : std::move(sample));
}

void Booster::take_sample(std::vector<std::uint32_t> sample) {
  sample_ = std::move(sample);
  rest_.clear();
  std::uint32_t next = 0;
  for (const std::uint32_t row : sample_) {
    for (; next < row; ++next) rest_.push_back(next);
    ++next;
  }
  for (; !sample_.empty() && next < rows_.rows; ++next) rest_.push_back(next);
}

std::vector<std::uint32_t> Booster::draw_features(std::size_t tree) const {
  std::vector<std::uint32_t> features(bins_.features.size());
  std::iota(features.begin(), features.end(), 0U);
  const auto count = static_cast<std::size_t>(std::ceil(options_.feature_share * static_cast<double>(features.size())));
  if (count == features.size()) return {};
  const std::uint64_t seed = hash_of(options_.seed ^ feature_salt, tree);
  std::sort(features.begin(), features.end(), [seed](std::uint32_t a, std::uint32_t b) {
    return std::pair(hash_of(seed, a), a) < std::pair(hash_of(seed, b), b);
  });
  features.resize(count);
  std::sort(features.begin(), features.end());
  return features;
}

GrowRules Booster::rules_of(std::size_t output) const {
  GrowRules rules;
  rules.max_depth = options_.max_depth;
  rules.max_leaves = options_.max_leaves;
  rules.split.l2 = options_.l2;
  rules.split.min_gain = options_.min_gain;
  rules.split.category_cost = category_cost_;
  rules.split.monotone = options_.monotone;
  rules.split.g_unit = gradients_->g_unit(output);
  rules.split.h_unit = gradients_->h_unit(output);
  rules.split.min_h = std::max<std::int64_t>(1, std::llrint(std::ceil(options_.min_child_weight / rules.split.h_unit)));
  rules.split.min_n = static_cast<std::int64_t>(std::max<std::size_t>(1, options_.min_leaf));
  return rules;
}

void Booster::move_margins(const Tree& tree, std::vector<double>& margin) {
  const auto in_blocks = [&](std::size_t count, auto&& work) {
    run_shares(run_, (count + gradient_rows - 1) / gradient_rows, "boost", [&](std::size_t block) {
      const std::size_t end = std::min(count, (block + 1) * gradient_rows);
      for (std::size_t i = block * gradient_rows; i < end; ++i) work(i);
    });
  };
  const auto move = [&](std::size_t row) { margin[row] += tree.values[space_.leaf_of_row[row]]; };
  if (sample_.empty()) return in_blocks(rows_.rows, move);
  in_blocks(sample_.size(), [&](std::size_t i) { move(sample_[i]); });
  const CodedTree coded(tree, bins_);
  in_blocks(rest_.size(), [&](std::size_t i) { margin[rest_[i]] += tree.values[coded.leaf_of(rest_[i])]; });
}

/// A leaf of the quantile loss says the quantile of what is left in it.
void Booster::renew_leaves(Tree& tree) const {
  std::vector<std::vector<std::pair<double, double>>> left(tree.nodes.size());
  const auto take = [&](std::size_t row) {
    left[space_.leaf_of_row[row]].emplace_back(rows_.y[row] - margins_[0][row], rows_.weight(row));
  };
  if (sample_.empty()) {
    for (std::size_t row = 0; row < rows_.rows; ++row) take(row);
  } else {
    for (const std::uint32_t row : sample_) take(row);
  }
  for (std::size_t i = 0; i < left.size(); ++i)
    if (!left[i].empty()) tree.values[i] = weighted_quantile(left[i], options_.quantile);
}

}  // namespace emptor::mine
