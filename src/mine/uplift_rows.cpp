#include "mine/uplift_rows.hpp"

#include <algorithm>
#include <cmath>

#include "mine/fixed_point.hpp"
#include "mine/training_check.hpp"
#include "mine/trial_check.hpp"

namespace emptor::mine {
namespace {

double weight_at(Numbers weights, std::size_t row) { return weights.empty() ? 1.0 : weights[row]; }

}  // namespace

RankedTrial::RankedTrial(const UpliftRows& rows) {
  const std::size_t count = rows.y.size();
  if (count == 0) refuse_input("there are no rows to judge", "y");
  if (rows.scores.size() != count) refuse_input("scores and y differ in size", "scores");
  if (rows.treated.size() != count) refuse_input("treated and y differ in size", "treated");
  if (!rows.weights.empty() && rows.weights.size() != count) refuse_input("weights and y differ in size", "weights");
  if (!rows.ids.empty() && rows.ids.size() != count) refuse_input("ids and y differ in size", "ids");
  places_.reserve(count);
  for (std::size_t r = 0; r < count; ++r) {
    check_outcome(rows.y[r], r);
    if (!std::isfinite(rows.scores[r])) refuse_row("a score is not finite", "scores", r);
    const double weight = weight_at(rows.weights, r);
    if (!(weight >= 0 && weight <= 1e150)) refuse_row("a weight is negative, or beyond 1e150", "weights", r);
    binary_ = binary_ && (rows.y[r] == 0 || rows.y[r] == 1);
    most_ = std::max(most_, std::abs(rows.y[r]));
    places_.push_back({rows.scores[r], rows.y[r], r, is_treated(rows.treated[r], r)});
  }
  std::sort(places_.begin(), places_.end(),
            [](const Place& a, const Place& b) { return a.score != b.score ? a.score > b.score : a.row < b.row; });
}

UpliftCurve RankedTrial::curve(Numbers weights) const {
  double heaviest = weights.empty() ? 1 : 0;
  for (const double weight : weights) heaviest = std::max(heaviest, weight);
  const FixedScale rows = FixedScale::of(heaviest, places_.size());
  const FixedScale sums = FixedScale::of(heaviest * most_, places_.size());
  std::int64_t weight[2] = {}, sum[2] = {};
  UpliftCurve curve;
  curve.binary = binary_;
  for (std::size_t i = 0; i < places_.size();) {
    const double score = places_[i].score;
    bool any = false;
    for (; i < places_.size() && places_[i].score == score; ++i) {
      const double of_row = weight_at(weights, places_[i].row);
      if (of_row == 0) continue;
      any = true;
      weight[places_[i].treated] += rows.round(of_row);
      sum[places_[i].treated] += sums.round(of_row * places_[i].y);
    }
    if (any) {
      curve.points.push_back(
          {score, rows.value(weight[1]), rows.value(weight[0]), sums.value(sum[1]), sums.value(sum[0])});
    }
  }
  if (weight[0] == 0 || weight[1] == 0) refuse_input("an arm has no weight", "treated", "a hold-out is needed");
  return curve;
}

}  // namespace emptor::mine
