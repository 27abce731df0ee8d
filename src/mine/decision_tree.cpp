#include "emptor/mine/decision_tree.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "mine/fixed_point.hpp"
#include "mine/grow.hpp"
#include "mine/grow_deep.hpp"
#include "mine/shares.hpp"
#include "mine/tree_rows.hpp"
#include "mine/tree_shape.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t least_small_rows = 1024;
constexpr std::size_t histogram_bytes = std::size_t{64} << 20;  // that open nodes may take, or what the rows do

void check(const DecisionTreeOptions& options, std::size_t features) {
  if (options.max_leaves == 1) refuse_field("0, or at least 2 leaves", "max_leaves");
  if (options.min_split < 2) refuse_field("at least 2 rows are needed to split", "min_split");
  if (options.min_leaf < 1) refuse_field("at least 1 row is needed in a leaf", "min_leaf");
  if (!(options.min_leaf_share >= 0 && options.min_leaf_share <= 0.5))
    refuse_field("a share from 0 to .5 is needed", "min_leaf_share");
  if (!(options.min_gain >= 0)) refuse_field("a gain of at least 0 is needed", "min_gain");
  if (!(options.alpha >= 0)) refuse_field("a cost of at least 0 is needed", "alpha");
  if (options.max_features > features) refuse_field("there are not so many columns", "max_features");
  if (options.task == TreeTask::classify && options.criterion == TreeCriterion::squared)
    refuse_field("classes are judged by gini or entropy", "criterion");
}

/// Fits one tree to rows in bins.
class TreeFit {
 public:
  TreeFit(const BinnedRows& bins, TreeRows rows, const DecisionTreeOptions& options, std::optional<NumberView> exact,
          const Run& run)
      : bins_(bins),
        rows_(std::move(rows)),
        options_(options),
        exact_(exact),
        run_(run),
        weight_(exact_weight(rows_)) {}

  DecisionTree fit() {
    DecisionTree model;
    model.options = options_;
    model.classes = rows_.classes;
    Tree tree = rows_.classes > 2 ? of_classes() : of_numbers();
    if (rows_.classes == 2) give_both_shares(tree);
    model.impurity = impurity(tree);
    model.ensemble.features = bins_.features.size();
    model.ensemble.outputs = tree.outputs;
    model.ensemble.base.assign(tree.outputs, 0.0);
    model.ensemble.trees.push_back(std::move(tree));
    return model;
  }

 private:
  bool entropy() const noexcept { return rows_.classes > 0 && options_.criterion == TreeCriterion::entropy; }

  DeepRules deep_rules() const {
    return {.max_depth = options_.max_depth,
            .max_leaves = options_.max_leaves,
            .min_split = options_.min_split,
            .min_leaf = static_cast<std::int64_t>(options_.min_leaf),
            .min_weight = options_.min_leaf_share * weight_,
            .min_gain = options_.min_gain * weight_,
            .max_features = options_.max_features == bins_.features.size() ? 0 : options_.max_features,
            .seed = options_.seed,
            .exact = exact_};
  }

  Tree of_classes() const {
    if (!options_.monotone.empty())
      refuse_field("more than two classes cannot rise or fall", "monotone", "fit a tree of one class against the rest");
    double most = 1;
    if (!rows_.weights.empty()) most = *std::max_element(rows_.weights.begin(), rows_.weights.end());
    const FixedScale scale = FixedScale::of(most, rows_.rows, 62);
    const ClassTarget target{.classes = rows_.classes, .unit = 1 / scale.factor(), .entropy = entropy()};
    std::vector<ClassTarget::Item> items;
    for_active(rows_, [&](std::size_t row) {
      items.push_back({static_cast<std::uint32_t>(row), 1, static_cast<std::uint16_t>(rows_.y[row]),
                       std::max<std::int64_t>(1, scale.round(rows_.weight(row)))});
    });
    const DeepRules rules = deep_rules();
    return DeepGrower<ClassTarget>(bins_, target, rules).grow(items, 0, 0);
  }

  Tree of_numbers() const {
    const NumberSums sums = number_sums(rows_);
    const NumberTarget target{sums.g_unit, sums.h_unit, rows_.classes == 2 ? 2.0 : 1.0, entropy()};
    Tree tree = options_.max_features != 0 ? grow_small(target, sums, {}, 0) : grow_large(target, sums);
    for (double& value : tree.values) value += sums.centre;
    return tree;
  }

  /// Rows of a list, or all that take part.
  Tree grow_small(const NumberTarget& target, const NumberSums& sums, std::span<const std::uint32_t> list,
                  std::size_t depth) const {
    std::vector<NumberTarget::Item> items;
    const auto add = [&](std::size_t row) {
      items.push_back({static_cast<std::uint32_t>(row), 1, sums.g[row], sums.h[row]});
    };
    if (list.empty()) {
      for_active(rows_, add);
    } else {
      for (const std::uint32_t row : list) add(row);
    }
    const DeepRules rules = deep_rules();
    return DeepGrower<NumberTarget>(bins_, target, rules).grow(items, depth, 0);
  }

  Tree grow_large(const NumberTarget& target, const NumberSums& sums) const {
    const GrowTable table(bins_);
    GrowRules rules = large_rules(target, sums);
    const RowSums row_sums = row_sums_of(sums, rules);
    const double least = options_.min_leaf_share * weight_ / rules.split.h_unit;
    rules.split.min_h = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(least)));
    rules.small_rows = small_rows(table.layout.size());
    std::vector<SmallNode> small_nodes;
    auto space = std::make_unique<GrowSpace>();
    Tree tree = grow_tree(table, row_sums, rows_.active, rules, *space, run_, &small_nodes);
    space.reset();  // small nodes need room of their own
    std::vector<Tree> branches(small_nodes.size());
    run_shares(run_, branches.size(), "grow", [&](std::size_t i) {
      branches[i] = grow_small(target, sums, small_nodes[i].rows, small_nodes[i].depth);
    });
    for (std::size_t i = 0; i < branches.size(); ++i) graft(tree, small_nodes[i].index, branches[i]);
    return tree;
  }

  GrowRules large_rules(const NumberTarget& target, const NumberSums& sums) const {
    GrowRules rules{.max_depth = options_.max_depth,
                    .max_leaves = options_.max_leaves,
                    .min_split = options_.min_split,
                    .exact = exact_};
    rules.split.g_unit = target.g_unit;
    rules.split.h_unit = target.h_unit;
    rules.split.gain_factor = target.factor;
    rules.split.entropy = target.entropy;
    rules.split.min_n = static_cast<std::int64_t>(options_.min_leaf);
    rules.split.min_gain = options_.min_gain * weight_;
    rules.split.monotone = options_.monotone;
    if (rows_.classes == 0) {
      rules.split.slope_low = std::numeric_limits<double>::infinity();
      rules.split.slope_high = -rules.split.slope_low;
      for_active(rows_, [&](std::size_t row) {
        const double slope = static_cast<double>(sums.g[row]) / static_cast<double>(sums.h[row]);
        rules.split.slope_low = std::min(rules.split.slope_low, slope);
        rules.split.slope_high = std::max(rules.split.slope_high, slope);
      });
    }
    return rules;
  }

  /// Two classes without weights are packed, with rows for weights.
  RowSums row_sums_of(const NumberSums& sums, GrowRules& rules) const {
    RowSums out;
    if (rows_.classes != 2 || !rows_.weights.empty()) {
      out.g = sums.g;
      out.h = sums.h;
      return out;
    }
    rules.split.g_unit = rules.split.h_unit = 1;
    out.packed.resize(rows_.rows);
    for (std::size_t row = 0; row < rows_.rows; ++row) out.packed[row] = pack(rows_.y[row] == 1 ? 1 : 0, 1);
    return out;
  }

  /// From how many rows on a node has a histogram of its own, lest open nodes take more memory than the rows.
  std::size_t small_rows(std::size_t bins) const {
    if (options_.max_leaves != 0 || !options_.monotone.empty()) return 0;
    const std::size_t bytes = bins * 3 * sizeof(std::int64_t);
    const std::size_t most = std::max(histogram_bytes, bins_.rows * bins_.features.size() * sizeof(double)) / bytes;
    if (options_.max_depth != 0 && options_.max_depth < 24 && (std::size_t{1} << options_.max_depth) / 2 <= most)
      return 0;
    return std::max(least_small_rows, bins_.rows / std::max<std::size_t>(most, 1));
  }

  double impurity(const Tree& tree) const {
    if (rows_.classes == 0) {
      std::vector<double> squares(rows_.rows);
      for (std::size_t row = 0; row < rows_.rows; ++row)
        squares[row] = (rows_.y[row] - tree.values[0]) * (rows_.y[row] - tree.values[0]);
      return exact_weighted_sum(rows_, squares) / weight_;
    }
    double sum = 0;
    for (std::size_t k = 0; k < tree.outputs; ++k) {
      const double share = tree.values[k];
      if (entropy()) {
        sum -= share > 0 ? share * elementary::log(share) : 0;
      } else {
        sum += share * (1 - share);
      }
    }
    return sum;
  }

  const BinnedRows& bins_;
  const TreeRows rows_;
  const DecisionTreeOptions& options_;
  const std::optional<NumberView> exact_;
  const Run& run_;
  const double weight_;
};

DecisionTree fit(const BinnedRows& bins, TreeRows rows, const DecisionTreeOptions& options,
                 std::optional<NumberView> exact, const Run& run) {
  check_monotone(options.monotone, bins.features);
  DecisionTree tree = TreeFit(bins, std::move(rows), options, exact, run).fit();
  return options.alpha > 0 ? prune(tree, options.alpha) : tree;
}

ClassWeights class_weights_of(const DecisionTreeOptions& options) {
  return {.of_class = options.class_weights, .balanced = options.balanced};
}

}  // namespace

DecisionTree fit_decision_tree(const TrainingRows& rows, const DecisionTreeOptions& options, const Run& run) {
  const LongCall call(run.progress);
  check(options, rows.x.columns());
  TreeRows checked = checked_rows(rows.x.rows(), rows.y, rows.weights, rows.ids, options.task == TreeTask::classify,
                                  class_weights_of(options));
  const BinOptions bin_options{.bins = options.bins, .categorical = options.categorical};
  const BinnedRows bins = bin_rows(rows.x, find_bins(rows.x, checked.weights, bin_options, run), run);
  const std::optional<NumberView> exact =
      options.method == TreeMethod::exact ? std::optional<NumberView>(rows.x) : std::nullopt;
  return fit(bins, std::move(checked), options, exact, run);
}

DecisionTree fit_decision_tree(const BinnedTable& table, const DecisionTreeOptions& options, const Run& run) {
  const LongCall call(run.progress);
  check(options, table.rows.features.size());
  return fit(table.rows,
             checked_rows(table.rows.rows, table.y, table.weights, table.ids, options.task == TreeTask::classify,
                          class_weights_of(options)),
             options, std::nullopt, run);
}

}  // namespace emptor::mine
