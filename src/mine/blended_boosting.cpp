#include "emptor/mine/blended_boosting.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/logistic.hpp"
#include "emptor/mine/splits.hpp"
#include "emptor/mine/tree_shap.hpp"
#include "mine/blend_terms.hpp"
#include "mine/cross_logistic.hpp"
#include "mine/fixed_point.hpp"
#include "mine/folded_trees.hpp"
#include "mine/row_blocks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t many_rows = 20'000;
constexpr std::size_t usual_folds = 5, folds_of_many = 3, usual_depth = 4, depth_of_many = 5;
constexpr std::size_t usual_bins = 32, bins_of_many = 64;
constexpr double usual_rate = 0.25, rate_of_many = 0.2;
constexpr std::uint64_t sample_seed = 0x626c'656e'6465'6400;
/// Multiplications of one pass of the regression that are worth their time; a sample tells its few numbers well enough.
constexpr double pass_work = 2e7;
constexpr double regression_tolerance = 1e-4;  // of the mean gradient, far below what the rows' chance puts into it
constexpr std::size_t rows_a_column = 20;
constexpr std::size_t most_names = 255;  // of a column, to the trees
/// What the blend is drawn to where unseen rows do not tell: three fifths trees. The other direction weighs a third, so
/// that a ridge of 1 counts as nine there.
constexpr double tree_share = 0.6, apart = 1.0 / 3;

void check(const BlendedBoostingOptions& options) {
  if (options.folds == 1) refuse_input("0, or at least 2 folds", "folds");
  if (!(options.ridge > 0 && std::isfinite(options.ridge))) refuse_input("a ridge above 0 is needed", "ridge");
  if (options.knots > 32) refuse_input("at most 32 knots", "knots");
}

/// Every fold's others must have both classes.
std::size_t checked_folds(const TreeRows& rows, std::span<const std::uint32_t> folds) {
  if (folds.size() != rows.rows) refuse_input("a fold a row is needed", "folds");
  std::size_t count = 0;
  for_active(rows, [&](std::size_t row) { count = std::max(count, std::size_t{folds[row]} + 1); });
  if (count < 2 || count > rows.rows) refuse_input("at least two folds are needed, numbered from 0", "folds");
  std::vector<std::size_t> ones(count), zeros(count);
  for_active(rows, [&](std::size_t row) { ++(rows.y[row] == 1 ? ones : zeros)[folds[row]]; });
  const std::size_t all_ones = std::accumulate(ones.begin(), ones.end(), std::size_t{0});
  const std::size_t all_zeros = std::accumulate(zeros.begin(), zeros.end(), std::size_t{0});
  for (std::size_t k = 0; k < count; ++k)
    if (ones[k] == all_ones || zeros[k] == all_zeros)
      refuse_input("both classes are needed outside each fold", "y", "more rows, or fewer folds");
  return count;
}

/// Rows for the regression, fold by fold: all, or those with the least hash of their id.
struct Sample {
  std::vector<std::uint32_t> rows;
  std::vector<std::size_t> ends;  ///< of each fold
};

Sample sample_of(const TreeRows& rows, std::span<const std::uint32_t> folds, std::size_t count, std::size_t width) {
  const auto columns = static_cast<double>(width);
  const auto worth = static_cast<std::size_t>(2 * pass_work / (columns * columns));
  const std::size_t most = std::max(worth, rows_a_column * width);
  std::vector<std::uint32_t> all;
  for_active(rows, [&](std::size_t row) { all.push_back(static_cast<std::uint32_t>(row)); });
  if (all.size() > most) {
    const auto by_hash = [&](std::uint32_t a, std::uint32_t b) {
      return std::pair(hash_of(sample_seed, rows.id(a)), rows.id(a)) <
             std::pair(hash_of(sample_seed, rows.id(b)), rows.id(b));
    };
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(most), all.end(), by_hash);
    all.resize(most);
  }
  Sample sample;
  for (std::size_t k = 0; k < count; ++k) {
    std::copy_if(all.begin(), all.end(), std::back_inserter(sample.rows),
                 [&](std::uint32_t r) { return folds[r] == k; });
    sample.ends.push_back(sample.rows.size());
  }
  return sample;
}

/// Those of a list, in the order of the sample.
template <class Value, class List>
std::vector<Value> of_sample(const List& list, const Sample& sample) {
  std::vector<Value> out;
  if (!list.empty())
    for (const std::uint32_t row : sample.rows) out.push_back(list[row]);
  return out;
}

/// The numbers, their codes, and what they are to explain.
struct CodedRows {
  const NumberView& x;
  const BinnedRows& bins;
  const TreeRows& rows;
};

/// What a term adds to all rows, in the scale's unit. Of names without weights what each adds is rounded once.
std::int64_t sum_of(const BlendTerm& term, const CodedRows& table, std::size_t column, const FixedScale& scale) {
  const FeatureBins& feature = table.bins.features[column];
  const std::uint8_t* codes = table.bins.column(column);
  const bool by_code = term.categorical && table.rows.weights.empty();
  std::array<std::int64_t, 256> of_code{};
  for (std::size_t code = 0; by_code && code < feature.size(); ++code)
    of_code[code] = scale.round(term.of(feature.categories[code]));
  std::int64_t sum = 0;
  for_active(table.rows, [&](std::size_t row) {
    sum += by_code && codes[row] != feature.missing()
               ? of_code[codes[row]]
               : scale.round(term.of(table.x(row, column)) * table.rows.weight(row));
  });
  return sum;
}

/// The terms with their means, so that what a feature adds is counted from what it adds to anybody.
void take_means(BlendedBoosting& model, const CodedRows& table) {
  const double weight = exact_weight(table.rows), most_weight = greatest_weight(table.rows);
  for (std::size_t c = 0; c < model.terms.size(); ++c) {
    BlendTerm& term = model.terms[c];
    const FixedScale scale = FixedScale::of(greatest_of(term) * most_weight, table.rows.rows, 62);
    term.mean = scale.value(sum_of(term, table, c, scale)) / weight;
  }
}

double linear_of(const BlendedBoosting& model, const NumberView& x, std::size_t row) {
  double sum = model.constant;
  for (std::size_t c = 0; c < model.terms.size(); ++c) sum += model.terms[c].of(x(row, c));
  return sum;
}

/// Fits the regression into the model; returns its log-odds of every row, by coefficients that have not seen it. Empty
/// where there is none.
std::vector<double> add_regression(BlendedBoosting& model, const NumberView& x, const BinnedRows& bins,
                                   const TreeRows& rows, std::span<const std::uint32_t> folds, const Run& run) {
  const BlendDesign design(x, rows, bins, model.options);
  model.terms = design.terms({});
  if (design.width() == 0) return {};
  const Sample sample = sample_of(rows, folds, model.folds, design.width());
  const std::vector<double> matrix = design.matrix(x, bins, sample.rows);
  const std::vector<double> y = of_sample<double>(rows.y, sample), weights = of_sample<double>(rows.weights, sample);
  const std::vector<std::uint64_t> ids = of_sample<std::uint64_t>(rows.ids, sample);
  const NumberView view(matrix.data(), sample.rows.size(), design.width(), design.width(), 1);
  const CrossLogistic fitted = cross_fit_logistic(
      {view, y, weights, ids}, sample.ends, {.ridge = model.options.ridge, .tolerance = regression_tolerance}, run);
  model.terms = design.terms(fitted.coefficients);
  model.constant = fitted.intercept;
  take_means(model, {x, bins, rows});
  std::vector<double> held_out(rows.rows);
  const bool all = sample.rows.size() >= (rows.active.empty() ? rows.rows : rows.active.size());
  if (!all) for_active(rows, [&](std::size_t row) { held_out[row] = linear_of(model, x, row); });
  for (std::size_t i = 0; i < sample.rows.size(); ++i) held_out[sample.rows[i]] = fitted.held_out[i];
  return held_out;
}

/// A logistic regression of y on columns of log-odds, over the active rows.
LogisticModel calibrated(const TreeRows& rows, const std::vector<std::vector<double>>& columns, const Run& run) {
  std::vector<double> x, y, weights;
  std::vector<std::uint64_t> ids;
  for_active(rows, [&](std::size_t row) {
    for (const std::vector<double>& column : columns) x.push_back(column[row]);
    y.push_back(rows.y[row]);
    ids.push_back(rows.id(row));
    if (!rows.weights.empty()) weights.push_back(rows.weights[row]);
  });
  const NumberView view(x.data(), y.size(), columns.size(), columns.size(), 1);
  return fit_logistic_from_sample({view, y, weights, ids}, {.ridge = 1, .tolerance = 1e-7, .inference = false}, run);
}

void weigh_one(BlendedBoosting& model, const TreeRows& rows, const std::vector<double>& log_odds, double& weight,
               const Run& run) {
  const LogisticModel line = calibrated(rows, {log_odds}, run);
  weight = std::max(line.coefficients[0], 0.0);
  model.intercept = line.intercepts[0];
}

/// Weights of both parts, none below 0, from what they say of unseen rows.
void weigh(BlendedBoosting& model, const TreeRows& rows, const std::vector<double>& trees,
           const std::vector<double>& linear, const Run& run) {
  if (linear.empty()) return weigh_one(model, rows, trees, model.tree_weight, run);
  std::vector<double> both(trees.size()), difference(trees.size());
  for (std::size_t row = 0; row < trees.size(); ++row) {
    both[row] = tree_share * trees[row] + (1 - tree_share) * linear[row];
    difference[row] = apart * (trees[row] - linear[row]);
  }
  const LogisticModel plane = calibrated(rows, {both, difference}, run);
  model.tree_weight = tree_share * plane.coefficients[0] + apart * plane.coefficients[1];
  model.linear_weight = (1 - tree_share) * plane.coefficients[0] - apart * plane.coefficients[1];
  model.intercept = plane.intercepts[0];
  if (model.tree_weight >= 0 && model.linear_weight >= 0) return;
  const bool trees_alone = model.linear_weight < model.tree_weight;
  model.tree_weight = model.linear_weight = 0;
  weigh_one(model, rows, trees_alone ? trees : linear, trees_alone ? model.tree_weight : model.linear_weight, run);
}

void take_losses(BlendedBoosting& model, const TreeRows& rows, const std::vector<double>& trees,
                 const std::vector<double>& linear) {
  std::vector<double> blend(trees.size());
  for (std::size_t row = 0; row < trees.size(); ++row)
    blend[row] =
        model.intercept + model.tree_weight * trees[row] + (linear.empty() ? 0 : model.linear_weight * linear[row]);
  model.losses.trees = mean_log_loss(rows, trees);
  model.losses.linear = linear.empty() ? 0 : mean_log_loss(rows, linear);
  model.losses.blend = mean_log_loss(rows, blend);
}

TreeRows checked(const TrainingRows& rows, const BlendedBoostingOptions& options) {
  check(options);
  TreeRows out = checked_rows(rows.x.rows(), rows.y, rows.weights, rows.ids, true);
  if (out.classes > 2) refuse_field("there are two classes, 0 and 1", "y", "take gradient_boosting for more");
  return out;
}

/// What was left to the number of rows: many rows bear deeper trees and finer bins, and pay for smaller steps.
BlendedBoostingOptions with_choices(BlendedBoostingOptions options, std::size_t rows) {
  const bool many = rows >= many_rows;
  if (options.max_depth == 0) options.max_depth = many ? depth_of_many : usual_depth;
  if (options.bins == 0) options.bins = many ? bins_of_many : usual_bins;
  if (options.learning_rate == 0) options.learning_rate = many ? rate_of_many : usual_rate;
  return options;
}

BlendedBoosting fit(const TrainingRows& given, const TreeRows& rows, std::span<const std::uint32_t> folds,
                    const BlendedBoostingOptions& options, const Run& run) {
  BlendedBoosting model;
  model.options = options;
  model.folds = checked_folds(rows, folds);
  const BlendedBoostingOptions chosen = with_choices(options, rows.rows);
  const BinOptions bin_options{.bins = chosen.bins, .categorical = options.categorical, .names = most_names};
  const BinnedRows bins = bin_rows(given.x, find_bins(given.x, rows.weights, bin_options, run), run);
  FoldedTrees trees = boost_folds(bins, rows, folds, model.folds, chosen, run);
  const std::vector<double> linear = add_regression(model, given.x, bins, rows, folds, run);
  weigh(model, rows, trees.held_out, linear, run);
  take_losses(model, rows, trees.held_out, linear);
  model.trees = std::move(trees.ensemble);
  model.rounds = trees.rounds;
  return model;
}

}  // namespace

BlendedBoosting fit_blended_boosting(const TrainingRows& rows, const BlendedBoostingOptions& options, const Run& run) {
  const LongCall call(run.progress);
  const TreeRows own = checked(rows, options);
  const std::size_t usual = rows.x.rows() >= many_rows ? folds_of_many : usual_folds;
  const auto count = static_cast<std::uint32_t>(options.folds == 0 ? usual : options.folds);
  if (count > rows.x.rows()) refuse_input("there are fewer rows than folds", "folds");
  return fit(rows, own, stratified_folds(rows.y, {count, options.seed}, rows.ids), options, run);
}

BlendedBoosting fit_blended_boosting(const TrainingRows& rows, std::span<const std::uint32_t> folds,
                                     const BlendedBoostingOptions& options, const Run& run) {
  const LongCall call(run.progress);
  return fit(rows, checked(rows, options), folds, options, run);
}

std::vector<double> log_odds(const BlendedBoosting& model, const NumberView& x, const Run& run) {
  check_columns(x, model.features());
  const LongCall call(run.progress);
  std::vector<double> out = raw_scores(model.trees, x, run);
  in_blocks(x.rows(), 1024, run, "blend", [&](std::size_t first, std::size_t end) {
    for (std::size_t row = first; row < end; ++row)
      out[row] = model.intercept + model.tree_weight * out[row] +
                 (model.linear_weight > 0 ? model.linear_weight * linear_of(model, x, row) : 0);
  });
  return out;
}

std::vector<double> predict(const BlendedBoosting& model, const NumberView& x, const Run& run) {
  const std::vector<double> scores = log_odds(model, x, run);
  std::vector<double> chances(2 * scores.size());
  for (std::size_t row = 0; row < scores.size(); ++row) {
    chances[2 * row + 1] = 1 / (1 + elementary::exp(-scores[row]));
    chances[2 * row] = 1 - chances[2 * row + 1];
  }
  return chances;
}

std::vector<double> explain(const BlendedBoosting& model, const NumberView& x, const Run& run) {
  check_columns(x, model.features());
  const LongCall call(run.progress);
  const std::size_t features = model.features(), width = features + 1;
  std::vector<double> out = tree_shap(model.trees, x, run);
  double expected = model.constant;
  for (const BlendTerm& term : model.terms) expected += term.mean;
  for (std::size_t row = 0; row < x.rows(); ++row) {
    double* own = out.data() + row * width;
    for (std::size_t c = 0; c < features; ++c)
      own[c] = model.tree_weight * own[c] + model.linear_weight * (model.terms[c].of(x(row, c)) - model.terms[c].mean);
    own[features] = model.intercept + model.tree_weight * own[features] + model.linear_weight * expected;
  }
  return out;
}

double log_odds_of_row(const BlendedBoosting& model, const double* row) noexcept {
  double trees = 0;
  raw_scores_of_row(model.trees, row, &trees);
  double linear = model.constant;
  for (std::size_t c = 0; c < model.terms.size(); ++c) linear += model.terms[c].of(row[c]);
  return model.intercept + model.tree_weight * trees + (model.linear_weight > 0 ? model.linear_weight * linear : 0);
}

}  // namespace emptor::mine
