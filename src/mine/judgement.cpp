#include "emptor/mine/judgement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "mine/fixed_point.hpp"
#include "mine/ranked_scores.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

double weight_at(Numbers weights, std::size_t row) { return weights.empty() ? 1.0 : weights[row]; }

/// sum of weight x loss over sum of weight, both exact.
template <class Loss>
double weighted_mean(std::size_t rows, Numbers weights, Loss&& loss) {
  DoubleSum sum, weight;
  for (std::size_t r = 0; r < rows; ++r) {
    sum.add(weight_at(weights, r) * loss(r));
    weight.add(weight_at(weights, r));
  }
  if (!(weight.value() > 0)) refuse_input("all weights are 0", "weights");
  return sum.value() / weight.value();
}

double share(double part, double all) { return all == 0 ? nothing : part / all; }

}  // namespace

void check_judged(Numbers y, Numbers scores, Numbers weights, bool chances) {
  if (y.empty()) refuse_input("there are no rows to judge", "y");
  if (scores.size() != y.size()) refuse_input("scores and y differ in size", "scores");
  if (!weights.empty() && weights.size() != y.size()) refuse_input("weights and y differ in size", "weights");
  for (std::size_t r = 0; r < y.size(); ++r) {
    if (y[r] != 0 && y[r] != 1) refuse_input("y is neither 0 nor 1", "y");
    if (!std::isfinite(scores[r])) refuse_input("a score is not finite", "scores");
    if (chances && !(scores[r] >= 0 && scores[r] <= 1)) refuse_input("a chance is not between 0 and 1", "scores");
    if (!(weight_at(weights, r) >= 0 && std::isfinite(weight_at(weights, r)))) {
      refuse_input("a weight is negative or not finite", "weights");
    }
  }
}

RankedScores rank_scores(Numbers y, Numbers scores, Numbers weights, bool both) {
  check_judged(y, scores, weights, false);
  struct Place {
    double score;
    std::int64_t one, zero;
  };
  double most = 0;
  for (const double weight : weights) most = std::max(most, weight);
  const FixedScale scale = FixedScale::of(weights.empty() ? 1 : most, y.size());
  std::vector<Place> places(y.size());
  for (std::size_t r = 0; r < y.size(); ++r) {
    const std::int64_t weight = scale.round(weight_at(weights, r));
    places[r] = {scores[r], y[r] == 1 ? weight : 0, y[r] == 1 ? 0 : weight};
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.score > b.score; });
  RankedScores ranked;
  std::int64_t ones = 0, zeros = 0;
  for (std::size_t i = 0; i < places.size();) {
    const double score = places[i].score;
    std::int64_t one = 0, zero = 0;
    for (; i < places.size() && places[i].score == score; ++i) {
      one += places[i].one;
      zero += places[i].zero;
    }
    ones += one;
    zeros += zero;
    if (one != 0 || zero != 0) ranked.steps.push_back({score, scale.value(one), scale.value(zero)});
  }
  ranked.ones = scale.value(ones);
  ranked.zeros = scale.value(zeros);
  if (ones + zeros == 0) refuse_input("all weights are 0", "weights");
  if (both && (ones == 0 || zeros == 0)) refuse_input("only one class has rows with a weight", "y");
  return ranked;
}

double auc(Numbers y, Numbers scores, Numbers weights) {
  const RankedScores ranked = rank_scores(y, scores, weights, true);
  double above = 0, area = 0;
  for (const ScoreStep& step : ranked.steps) {
    area += step.zeros * (above + step.ones / 2);
    above += step.ones;
  }
  return area / (ranked.ones * ranked.zeros);
}

double ks(Numbers y, Numbers scores, Numbers weights) {
  double most = 0;
  for (const RocPoint& point : roc(y, scores, weights)) {
    most = std::max(most, std::abs(point.true_positives - point.false_positives));
  }
  return most;
}

double average_precision(Numbers y, Numbers scores, Numbers weights) {
  const RankedScores ranked = rank_scores(y, scores, weights, true);
  double ones = 0, all = 0, sum = 0;
  for (const ScoreStep& step : ranked.steps) {
    ones += step.ones;
    all += step.ones + step.zeros;
    sum += step.ones * (ones / all);
  }
  return sum / ranked.ones;
}

double brier(Numbers y, Numbers chances, Numbers weights) {
  check_judged(y, chances, weights, true);
  return weighted_mean(y.size(), weights, [&](std::size_t r) { return (chances[r] - y[r]) * (chances[r] - y[r]); });
}

double log_loss(Numbers y, Numbers chances, Numbers weights) {
  check_judged(y, chances, weights, true);
  constexpr double edge = std::numeric_limits<double>::epsilon();
  return weighted_mean(y.size(), weights, [&](std::size_t r) {
    const double chance = std::clamp(chances[r], edge, 1 - edge);
    return -elementary::log(y[r] == 1 ? chance : 1 - chance);
  });
}

std::vector<RocPoint> roc(Numbers y, Numbers scores, Numbers weights) {
  const RankedScores ranked = rank_scores(y, scores, weights, true);
  std::vector<RocPoint> points{{infinity, 0, 0}};
  double ones = 0, zeros = 0;
  for (const ScoreStep& step : ranked.steps) {
    ones += step.ones;
    zeros += step.zeros;
    points.push_back({step.score, zeros / ranked.zeros, ones / ranked.ones});
  }
  return points;
}

Calibration calibrate(Numbers y, Numbers chances, std::size_t bins, Binning binning, Numbers weights) {
  check_judged(y, chances, weights, true);
  if (bins < 1 || bins > 10'000) refuse_input("1 to 10,000 bins are possible", "bins");
  std::vector<std::size_t> order(y.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return chances[a] < chances[b]; });
  struct Sums {
    DoubleSum weight, chance, ones;
  };
  std::vector<Sums> sums(bins);
  std::size_t bin = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t r = order[i];
    const bool tied = i > 0 && chances[r] == chances[order[i - 1]];
    if (binning == Binning::equal_width) {
      bin = std::min(static_cast<std::size_t>(chances[r] * static_cast<double>(bins)), bins - 1);
    } else if (!tied) {
      bin = i * bins / order.size();
    }
    const double weight = weight_at(weights, r);
    sums[bin].weight.add(weight);
    sums[bin].chance.add(weight * chances[r]);
    sums[bin].ones.add(weight * y[r]);
  }
  Calibration result;
  DoubleSum all, errors;
  for (const Sums& sum : sums) {
    const double weight = sum.weight.value();
    if (!(weight > 0)) continue;
    const CalibrationBin made{weight, sum.chance.value() / weight, sum.ones.value() / weight};
    const double error = std::abs(made.mean_chance - made.share);
    result.bins.push_back(made);
    result.greatest_error = std::max(result.greatest_error, error);
    all.add(weight);
    errors.add(weight * error);
  }
  if (result.bins.empty()) refuse_input("all weights are 0", "weights");
  result.expected_error = errors.value() / all.value();
  return result;
}

std::vector<LiftStep> lift(Numbers y, Numbers scores, std::size_t steps, Numbers weights) {
  if (steps < 2 || steps > 1'000) refuse_input("2 to 1,000 steps are possible", "steps");
  const RankedScores ranked = rank_scores(y, scores, weights, true);
  const double all = ranked.ones + ranked.zeros;
  std::vector<LiftStep> result;
  double passed = 0, ones = 0;
  std::size_t at = 0;
  for (std::size_t k = 1; k <= steps; ++k) {
    const double part = static_cast<double>(k) / static_cast<double>(steps), wanted = part * all;
    while (at + 1 < ranked.steps.size() && passed + ranked.steps[at].ones + ranked.steps[at].zeros < wanted) {
      passed += ranked.steps[at].ones + ranked.steps[at].zeros;
      ones += ranked.steps[at].ones;
      ++at;
    }
    const ScoreStep& step = ranked.steps[at];
    const double taken = std::clamp((wanted - passed) / (step.ones + step.zeros), 0.0, 1.0);
    const double captured = k == steps ? 1 : (ones + taken * step.ones) / ranked.ones;
    result.push_back({part, step.score, captured, captured / part});
  }
  return result;
}

double Confusion::accuracy() const noexcept {
  const double right = true_positives + true_negatives;
  return share(right, right + false_positives + false_negatives);
}
double Confusion::precision() const noexcept { return share(true_positives, true_positives + false_positives); }
double Confusion::recall() const noexcept { return share(true_positives, true_positives + false_negatives); }
double Confusion::specificity() const noexcept { return share(true_negatives, true_negatives + false_positives); }
double Confusion::f1() const noexcept {
  return share(2 * true_positives, 2 * true_positives + false_positives + false_negatives);
}
double Confusion::matthews() const noexcept {
  const double called = true_positives + false_positives, is = true_positives + false_negatives;
  const double not_called = true_negatives + false_negatives, is_not = true_negatives + false_positives;
  const double square = called * is * not_called * is_not;
  if (square == 0) return 0;
  return (true_positives * true_negatives - false_positives * false_negatives) /
         (std::sqrt(called * is) * std::sqrt(not_called * is_not));
}

Confusion confusion(Numbers y, Numbers scores, double threshold, Numbers weights) {
  check_judged(y, scores, weights, false);
  DoubleSum sums[2][2];
  for (std::size_t r = 0; r < y.size(); ++r) {
    sums[y[r] == 1 ? 1 : 0][scores[r] >= threshold ? 1 : 0].add(weight_at(weights, r));
  }
  return {sums[1][1].value(), sums[0][1].value(), sums[0][0].value(), sums[1][0].value()};
}

double cost_of(const Confusion& confusion, const Costs& costs) noexcept {
  return confusion.true_positives * costs.true_positive + confusion.false_positives * costs.false_positive +
         confusion.true_negatives * costs.true_negative + confusion.false_negatives * costs.false_negative;
}

CostChoice cheapest_threshold(Numbers y, Numbers scores, const Costs& costs, Numbers weights) {
  const RankedScores ranked = rank_scores(y, scores, weights, false);
  Confusion now{0, 0, ranked.zeros, ranked.ones};
  CostChoice best{infinity, cost_of(now, costs), now};
  for (const ScoreStep& step : ranked.steps) {
    now = {now.true_positives + step.ones, now.false_positives + step.zeros, now.true_negatives - step.zeros,
           now.false_negatives - step.ones};
    const double cost = cost_of(now, costs);
    if (cost < best.cost) best = {step.score, cost, now};
  }
  return best;
}

std::vector<double> confusion_table(Numbers y, Numbers called, std::size_t classes, Numbers weights) {
  if (classes < 1 || classes > 10'000) refuse_input("1 to 10,000 classes are possible", "classes");
  if (y.empty() || called.size() != y.size()) refuse_input("y and what was called differ in size", "called");
  if (!weights.empty() && weights.size() != y.size()) refuse_input("weights and y differ in size", "weights");
  const TrainingRows rows{{}, y, weights, {}};
  std::vector<double> table(classes * classes);
  double most = 0;
  for (std::size_t r = 0; r < y.size(); ++r) most = std::max(most, checked_weight(rows, r));
  const FixedScale scale = FixedScale::of(most, y.size());
  std::vector<std::int64_t> sums(table.size());
  for (std::size_t r = 0; r < y.size(); ++r) {
    sums[checked_class(y[r], classes, r) * classes + checked_class(called[r], classes, r)] +=
        scale.round(rows.weight(r));
  }
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = scale.value(sums[i]);
  return table;
}

CrossValidation cross_validate(std::span<const std::uint32_t> folds, Numbers y, const LearnAndScore& learn_and_score,
                               const Run& run) {
  if (folds.size() != y.size() || folds.empty()) refuse_input("folds and y differ in size, or are empty", "folds");
  const LongCall call(run.progress);
  CrossValidation result;
  result.scores.resize(y.size());
  const std::uint32_t count = *std::max_element(folds.begin(), folds.end()) + 1;
  if (count < 2 || count > y.size()) refuse_input("from 2 folds up to the number of rows are possible", "folds");
  for (std::uint32_t fold = 0; fold < count; ++fold) {
    beat("cross-validation", fold, count);
    const Split split = split_of(folds, fold);
    const std::vector<double> scores = learn_and_score(split, fold);
    if (scores.size() != split.test.size()) {
      throw Error(Code::misuse, "what was to score a fold gave another number of scores");
    }
    std::vector<double> truth;
    for (const std::size_t r : split.test) truth.push_back(y[r]);
    for (std::size_t i = 0; i < scores.size(); ++i) result.scores[split.test[i]] = scores[i];
    result.auc.push_back(auc(truth, scores));
    result.ks.push_back(ks(truth, scores));
    const bool chances = std::all_of(scores.begin(), scores.end(), [](double s) { return s >= 0 && s <= 1; });
    result.brier.push_back(chances ? brier(truth, scores) : nothing);
  }
  const std::vector<double>* lists[] = {&result.auc, &result.ks, &result.brier};
  for (std::size_t m = 0; m < 3; ++m) {
    double sum = 0, squares = 0;
    for (const double value : *lists[m]) sum += value;
    result.means[m] = sum / count;
    for (const double value : *lists[m]) squares += (value - result.means[m]) * (value - result.means[m]);
    result.deviations[m] = std::sqrt(squares / (count - 1));
  }
  return result;
}

}  // namespace emptor::mine
