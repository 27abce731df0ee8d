#include "emptor/mine/random_forest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/exact_sum.hpp"
#include "mine/fixed_point.hpp"
#include "mine/grow_deep.hpp"
#include "mine/shares.hpp"
#include "mine/tree_codes.hpp"
#include "mine/tree_rows.hpp"
#include "mine/tree_shape.hpp"

namespace emptor::mine {
namespace {

constexpr std::uint64_t bag_salt = 0x6261'67;

/// How often each tree draws each row.
class Bag {
 public:
  explicit Bag(const RandomForestOptions& options) : seed_(options.seed ^ bag_salt), always_(!options.bootstrap) {
    double chance = elementary::exp(-options.sample), sum = 0;
    for (std::size_t k = 0; k < at_most_.size(); ++k) {
      sum += chance;
      at_most_[k] = sum;
      chance *= options.sample / static_cast<double>(k + 1);
    }
  }
  std::uint16_t draws(std::size_t tree, std::uint64_t id) const noexcept {
    if (always_) return 1;
    const double u = static_cast<double>(hash_of(hash_of(seed_, tree), id) >> 11) * 0x1p-53;
    std::uint16_t count = 0;
    while (count < at_most_.size() && u >= at_most_[count]) ++count;
    return count;
  }

 private:
  std::uint64_t seed_;
  bool always_;
  std::array<double, 16> at_most_{};
};

void check(const RandomForestOptions& options, std::size_t features) {
  if (options.trees == 0) refuse_field("at least one tree is needed", "trees");
  if (options.min_split < 2) refuse_field("at least 2 rows are needed to split", "min_split");
  if (options.min_leaf < 1) refuse_field("at least 1 row is needed in a leaf", "min_leaf");
  if (!(options.min_leaf_share >= 0 && options.min_leaf_share <= 0.5))
    refuse_field("a share from 0 to .5 is needed", "min_leaf_share");
  if (options.max_features > features) refuse_field("there are not so many columns", "max_features");
  if (!(options.sample > 0 && options.sample <= 1)) refuse_field("a share above 0 and up to 1 is needed", "sample");
}

std::size_t features_to_try(const RandomForestOptions& options, std::size_t features) {
  if (options.max_features != 0) return options.max_features;
  const auto count = static_cast<double>(features);
  const double some = options.task == TreeTask::classify ? std::floor(std::sqrt(count)) : std::ceil(count / 3);
  return std::max<std::size_t>(1, static_cast<std::size_t>(some));
}

class Forester {
 public:
  Forester(const BinnedRows& bins, TreeRows rows, const RandomForestOptions& options, const Run& run)
      : bins_(bins), rows_(std::move(rows)), options_(options), run_(run), bag_(options) {
    model_.options = options;
    model_.classes = rows_.classes;
    model_.ensemble.features = bins.features.size();
    model_.ensemble.outputs = std::max<std::size_t>(1, rows_.classes);
    model_.ensemble.base.assign(model_.ensemble.outputs, 0.0);
    model_.ensemble.factor = 1 / static_cast<double>(options.trees);
    model_.ensemble.trees.resize(options.trees);
  }

  RandomForest fit(OutOfBag* out_of_bag) {
    if (rows_.classes == 2 && rows_.weights.empty()) {
      grow_all(PairTarget{}, [&](std::size_t row, std::uint16_t draws) {
        const bool one = rows_.y[row] == 1;
        return PairTarget::Item{static_cast<std::uint32_t>(row), draws, one ? draws : std::uint16_t{0}};
      });
    } else if (rows_.classes > 2) {
      const FixedScale scale = weight_scale();
      grow_all(ClassTarget{.classes = rows_.classes, .unit = 1 / scale.factor()}, [&, scale](std::size_t row,
                                                                                             std::uint16_t draws) {
        return ClassTarget::Item{static_cast<std::uint32_t>(row), draws, static_cast<std::uint16_t>(rows_.y[row]),
                                 scale.round(rows_.weight(row)) * draws};
      });
    } else {
      const NumberSums sums = number_sums(rows_, 16);
      const NumberTarget target{.g_unit = sums.g_unit, .h_unit = sums.h_unit, .factor = rows_.classes == 2 ? 2.0 : 1.0};
      grow_all(target, [&](std::size_t row, std::uint16_t draws) {
        return NumberTarget::Item{static_cast<std::uint32_t>(row), draws, sums.g[row] * draws, sums.h[row] * draws};
      });
      for (Tree& tree : model_.ensemble.trees)
        for (double& value : tree.values) value += sums.centre;
    }
    if (rows_.classes == 2)
      for (Tree& tree : model_.ensemble.trees) give_both_shares(tree);
    judge(out_of_bag);
    return std::move(model_);
  }

 private:
  /// Room for sixteen draws of a row.
  FixedScale weight_scale() const {
    double most = 1;
    if (!rows_.weights.empty()) most = *std::max_element(rows_.weights.begin(), rows_.weights.end());
    return FixedScale::of(most * 16, rows_.rows, 62);
  }

  template <class Target, class ItemOf>
  void grow_all(const Target& target, ItemOf item_of) {
    const DeepRules rules{.max_depth = options_.max_depth,
                          .min_split = options_.min_split,
                          .min_leaf = static_cast<std::int64_t>(options_.min_leaf),
                          .min_weight = options_.min_leaf_share * options_.sample * exact_weight(rows_),
                          .max_features = features_to_try(options_, bins_.features.size()),
                          .seed = options_.seed};
    run_shares(run_, options_.trees, "grow", [&](std::size_t t) {
      std::vector<typename Target::Item> items;
      items.reserve(rows_.rows);
      for_active(rows_, [&](std::size_t row) {
        const std::uint16_t draws = bag_.draws(t, rows_.id(row));
        if (draws > 0) items.push_back(item_of(row, draws));
      });
      // A tree that drew nothing (of very few rows) has them all.
      if (items.empty()) for_active(rows_, [&](std::size_t row) { items.push_back(item_of(row, 1)); });
      DeepGrower<Target> grower(bins_, target, rules);
      model_.ensemble.trees[t] = grower.grow(items, 0, hash_of(options_.seed, t));
    });
  }

  /// Each row by the trees that did not draw it, in the order of trees.
  void judge(OutOfBag* out_of_bag) {
    model_.out_of_bag_error = std::numeric_limits<double>::quiet_NaN();
    if (!options_.out_of_bag || !options_.bootstrap) return;
    const std::size_t outputs = model_.ensemble.outputs;
    std::vector<double> sums(rows_.rows * outputs);
    std::vector<std::uint32_t> judges(rows_.rows);
    constexpr std::size_t block_rows = 4096;
    for (std::size_t t = 0; t < options_.trees; ++t) {
      const Tree& tree = model_.ensemble.trees[t];
      const CodedTree coded(tree, bins_);
      run_shares(run_, (rows_.rows + block_rows - 1) / block_rows, "judge", [&](std::size_t block) {
        const std::size_t end = std::min(rows_.rows, (block + 1) * block_rows);
        for (std::size_t row = block * block_rows; row < end; ++row) {
          if (bag_.draws(t, rows_.id(row)) > 0) continue;
          ++judges[row];
          const double* value = tree.values.data() + std::size_t{coded.leaf_of(row)} * outputs;
          for (std::size_t k = 0; k < outputs; ++k) sums[row * outputs + k] += value[k];
        }
      });
    }
    for (std::size_t row = 0; row < rows_.rows; ++row)
      for (std::size_t k = 0; k < outputs; ++k)
        sums[row * outputs + k] =
            judges[row] == 0 ? std::numeric_limits<double>::quiet_NaN() : sums[row * outputs + k] / judges[row];
    model_.out_of_bag_error = error_of(sums);
    if (out_of_bag != nullptr) out_of_bag->predictions = std::move(sums);
  }

  double error_of(const std::vector<double>& predictions) const {
    DoubleSum loss, weight;
    for_active(rows_, [&](std::size_t row) {
      const double* own = predictions.data() + row * model_.ensemble.outputs;
      if (own[0] != own[0]) return;
      loss.add(loss_of_prediction({own, model_.ensemble.outputs}, rows_.classes, rows_.y[row]) * rows_.weight(row));
      weight.add(rows_.weight(row));
    });
    return weight.value() > 0 ? loss.value() / weight.value() : std::numeric_limits<double>::quiet_NaN();
  }

  const BinnedRows& bins_;
  TreeRows rows_;
  const RandomForestOptions& options_;
  const Run& run_;
  Bag bag_;
  RandomForest model_;
};

ClassWeights class_weights_of(const RandomForestOptions& options) {
  return {.of_class = options.class_weights, .balanced = options.balanced};
}

}  // namespace

RandomForest fit_random_forest(const TrainingRows& rows, const RandomForestOptions& options, const Run& run,
                               OutOfBag* out_of_bag) {
  const LongCall call(run.progress);
  check(options, rows.x.columns());
  TreeRows checked = checked_rows(rows.x.rows(), rows.y, rows.weights, rows.ids, options.task == TreeTask::classify,
                                  class_weights_of(options));
  const BinOptions bin_options{.bins = options.bins, .categorical = options.categorical};
  const BinnedRows bins = bin_rows(rows.x, find_bins(rows.x, checked.weights, bin_options, run), run);
  return Forester(bins, std::move(checked), options, run).fit(out_of_bag);
}

RandomForest fit_random_forest(const BinnedTable& table, const RandomForestOptions& options, const Run& run,
                               OutOfBag* out_of_bag) {
  const LongCall call(run.progress);
  check(options, table.rows.features.size());
  return Forester(table.rows,
                  checked_rows(table.rows.rows, table.y, table.weights, table.ids, options.task == TreeTask::classify,
                               class_weights_of(options)),
                  options, run)
      .fit(out_of_bag);
}

}  // namespace emptor::mine
