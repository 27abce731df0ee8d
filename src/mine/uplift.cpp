#include "emptor/mine/uplift.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/training_check.hpp"
#include "mine/trial_check.hpp"
#include "mine/uplift_rows.hpp"

namespace emptor::mine {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

void check_curve(const UpliftCurve& curve) {
  if (curve.points.empty()) refuse_input("the curve has no points", "curve");
}
void check_binary(const UpliftCurve& curve) {
  check_curve(curve);
  if (!curve.binary)
    refuse_input("this measure is for outcomes of 0 and 1", "y", "amounts have an area, and uplift_at");
}

double part(double of, double all) { return all == 0 ? 0 : of / all; }

/// Trapezoids under a curve that begins at (0, 0).
class Area {
 public:
  void add(double x, double y) noexcept {
    area_ += (x - x_) * (y + y_) / 2;
    x_ = x;
    y_ = y;
  }
  double above_diagonal() const noexcept { return area_ - x_ * y_ / 2; }

 private:
  double area_ = 0, x_ = 0, y_ = 0;
};

template <class X, class Y>
double area_of(const UpliftCurve& curve, X&& x, Y&& y) {
  Area area;
  for (const UpliftPoint& point : curve.points) area.add(x(point), y(point));
  return area.above_diagonal();
}

AreaScore score_of(double area, double optimum) { return {area, optimum, optimum > 0 ? area / optimum : nothing}; }

/// Rows as they would come if it were known who responds: groups of (treated, held out, their sums).
UpliftCurve curve_of(std::initializer_list<UpliftPoint> groups) {
  UpliftCurve curve;
  UpliftPoint at;
  for (const UpliftPoint& group : groups) {
    if (group.rows() == 0) continue;
    at.treated += group.treated;
    at.held_out += group.held_out;
    at.treated_sum += group.treated_sum;
    at.held_out_sum += group.held_out_sum;
    curve.points.push_back(at);
  }
  return curve;
}

double rows_at(const UpliftPoint& point) { return point.rows(); }
double gain_at(const UpliftPoint& point) { return point.gain(); }
double total_at(const UpliftPoint& point) {
  return (part(point.treated_sum, point.treated) - part(point.held_out_sum, point.held_out)) * point.rows();
}

AreaScore qini_of_shares(const UpliftCurve& curve, const UpliftPoint& all, bool zero_downlift) {
  const double area = area_of(
      curve, [&](const UpliftPoint& p) { return p.treated / all.treated; },
      [&](const UpliftPoint& p) { return p.gain() / all.treated; });
  const double responded = all.treated_sum / all.treated, otherwise = all.held_out_sum / all.held_out;
  const double overall = responded - otherwise;
  Area best;
  if (zero_downlift) {
    best.add(std::max(overall, 0.0), std::max(overall, 0.0));
  } else {
    // Contacts that win come first, those that lose last; where the two would overlap, as few as must.
    best.add(std::min(responded, 1 - otherwise), std::min(responded, 1 - otherwise));
    best.add(std::max(responded, 1 - otherwise), std::min(responded, 1 - otherwise));
  }
  best.add(1, overall);
  if (zero_downlift && !(overall > 0)) return {area, 0, nothing};
  return score_of(area, best.above_diagonal());
}

AreaScore qini_of_rows(const UpliftCurve& curve, const UpliftPoint& all, bool zero_downlift) {
  const double area = area_of(curve, rows_at, gain_at);
  if (zero_downlift) {
    Area best;
    best.add(all.gain(), all.gain());
    best.add(all.rows(), all.gain());
    return score_of(area, best.above_diagonal());
  }
  const double silent = all.treated - all.treated_sum, quiet = all.held_out - all.held_out_sum;
  const UpliftCurve best = curve_of({{0, all.treated_sum, 0, all.treated_sum, 0},
                                     {0, silent, quiet, 0, 0},
                                     {0, 0, all.held_out_sum, 0, all.held_out_sum}});
  return score_of(area, area_of(best, rows_at, gain_at));
}

/// Both sums of the first rows of an arm (or of both), taken in part within a point.
template <class Weight>
UpliftPoint first_of(const UpliftCurve& curve, double wanted, Weight&& weight) {
  const auto begin = curve.points.begin(), last = curve.points.end() - 1;
  const auto end = std::find_if(begin, last, [&](const UpliftPoint& p) { return weight(p) >= wanted; });
  const UpliftPoint& above = *end;
  const UpliftPoint below = end == begin ? UpliftPoint{} : *(end - 1);
  const double step = weight(above) - weight(below);
  const double taken = step > 0 ? std::min((wanted - weight(below)) / step, 1.0) : 1.0;
  const auto between = [&](double a, double b) { return taken == 1 ? b : a + taken * (b - a); };
  return {above.threshold, between(below.treated, above.treated), between(below.held_out, above.held_out),
          between(below.treated_sum, above.treated_sum), between(below.held_out_sum, above.held_out_sum)};
}

void check_economics(const ContactEconomics& economics) {
  if (!std::isfinite(economics.value)) refuse_input("the value is not finite", "value");
  if (!std::isfinite(economics.cost)) refuse_input("the cost is not finite", "cost");
  if (!(economics.least_arm >= 0)) refuse_input("the least weight of an arm is 0 or more", "least_arm");
}

ProfitPoint profit_of(const UpliftPoint& point, double all, const ContactEconomics& economics) {
  ProfitPoint result{point.threshold, point.rows() / all, point.uplift(), 0, 0};
  result.profit_per_contact = result.uplift * economics.value - economics.cost;
  result.profit = result.profit_per_contact * result.share;
  return result;
}

constexpr ProfitPoint nobody{std::numeric_limits<double>::infinity(), 0, 0, 0, 0};

}  // namespace

double UpliftPoint::uplift() const noexcept {
  return treated > 0 && held_out > 0 ? treated_sum / treated - held_out_sum / held_out : nothing;
}
double UpliftPoint::gain() const noexcept {
  return held_out > 0 ? treated_sum - held_out_sum * (treated / held_out) : treated_sum;
}

UpliftCurve uplift_curve(const UpliftRows& rows) { return RankedTrial(rows).curve(rows.weights); }

AreaScore qini(const UpliftCurve& curve, QiniKind kind) {
  check_binary(curve);
  const UpliftPoint& all = curve.all();
  switch (kind) {
    case QiniKind::radcliffe:
      return qini_of_shares(curve, all, false);
    case QiniKind::radcliffe_zero_downlift:
      return qini_of_shares(curve, all, true);
    case QiniKind::scikit_uplift:
      return qini_of_rows(curve, all, false);
    case QiniKind::scikit_uplift_zero_downlift:
      return qini_of_rows(curve, all, true);
  }
  throw Error(Code::misuse, "not a kind of Qini");
}

AreaScore uplift_area(const UpliftCurve& curve) {
  check_binary(curve);
  const UpliftPoint& all = curve.all();
  const double silent = all.treated - all.treated_sum, quiet = all.held_out - all.held_out_sum;
  const UpliftPoint won{0, all.treated_sum, 0, all.treated_sum, 0}, spared{0, 0, quiet, 0, 0};
  const UpliftPoint unmoved{0, silent, 0, 0, 0}, lost{0, 0, all.held_out_sum, 0, all.held_out_sum};
  // scikit-uplift takes last whichever of the two is not the greater group.
  const UpliftCurve best =
      all.held_out_sum > silent ? curve_of({won, spared, lost, unmoved}) : curve_of({won, spared, unmoved, lost});
  return score_of(area_of(curve, rows_at, total_at), area_of(best, rows_at, total_at));
}

double uplift_at(const UpliftCurve& curve, double share, UpliftShare by) {
  check_curve(curve);
  if (!(share > 0 && share <= 1)) refuse_input("a share is above 0 and at most 1", "share");
  const UpliftPoint& all = curve.all();
  if (by == UpliftShare::overall) return first_of(curve, share * all.rows(), rows_at).uplift();
  const UpliftPoint one = first_of(curve, share * all.treated, [](const UpliftPoint& p) { return p.treated; });
  const UpliftPoint two = first_of(curve, share * all.held_out, [](const UpliftPoint& p) { return p.held_out; });
  return UpliftPoint{0, one.treated, two.held_out, one.treated_sum, two.held_out_sum}.uplift();
}

ProfitPoint profit_at(const UpliftCurve& curve, double threshold, const ContactEconomics& economics) {
  check_curve(curve);
  check_economics(economics);
  if (threshold != threshold) refuse_input("the threshold is not a number", "threshold");
  const auto begin = curve.points.begin();
  const auto below =
      std::find_if(begin, curve.points.end(), [&](const UpliftPoint& p) { return p.threshold < threshold; });
  return below == begin ? nobody : profit_of(*(below - 1), curve.all().rows(), economics);
}

std::vector<ProfitPoint> profit_curve(const UpliftCurve& curve, const ContactEconomics& economics) {
  check_curve(curve);
  check_economics(economics);
  std::vector<ProfitPoint> result;
  for (const UpliftPoint& point : curve.points) {
    if (!(std::min(point.treated, point.held_out) >= economics.least_arm) || point.uplift() != point.uplift()) continue;
    result.push_back(profit_of(point, curve.all().rows(), economics));
  }
  return result;
}

ProfitPoint best_cut(const UpliftCurve& curve, const ContactEconomics& economics) {
  ProfitPoint best = nobody;
  for (const ProfitPoint& point : profit_curve(curve, economics)) {
    if (point.profit > best.profit) best = point;
  }
  return best;
}

Interval uplift_interval(const UpliftRows& rows, const UpliftMeasure& measure, const BootstrapOptions& options,
                         const Run& run) {
  return uplift_intervals(rows, {&measure, 1}, options, run).front();
}

std::vector<Interval> uplift_intervals(const UpliftRows& rows, std::span<const UpliftMeasure> measures,
                                       const BootstrapOptions& options, const Run& run) {
  const RankedTrial trial(rows);
  const auto values = [&](Numbers, Numbers, Numbers weights) {
    const UpliftCurve curve = trial.curve(weights);
    std::vector<double> of_draw;
    for (const UpliftMeasure& measure : measures) of_draw.push_back(measure(curve));
    return of_draw;
  };
  return bootstrap_each(rows.treated, rows.scores, values, options, rows.ids, rows.weights, run);
}

std::vector<double> two_model_uplift(Numbers if_treated, Numbers if_held_out) {
  if (if_treated.size() != if_held_out.size()) refuse_input("the two models differ in rows", "if_held_out");
  std::vector<double> uplift(if_treated.size());
  for (std::size_t r = 0; r < uplift.size(); ++r) {
    if (!std::isfinite(if_treated[r])) refuse_row("a score is not finite", "if_treated", r);
    if (!std::isfinite(if_held_out[r])) refuse_row("a score is not finite", "if_held_out", r);
    uplift[r] = if_treated[r] - if_held_out[r];
  }
  return uplift;
}

std::vector<double> out_of_fold_uplift(std::span<const std::uint32_t> folds, Numbers treated,
                                       const ArmLearner& learn_and_predict, const Run& run) {
  if (folds.size() != treated.size() || folds.empty()) refuse_input("folds and treated differ in size", "folds");
  const LongCall call(run.progress);
  const std::size_t count = std::size_t{*std::max_element(folds.begin(), folds.end())} + 1;
  if (count < 2 || count > folds.size()) refuse_input("from 2 folds up to the number of rows are possible", "folds");
  std::vector<double> uplift(folds.size());
  for (std::uint32_t fold = 0; fold < count; ++fold) {
    beat("out-of-fold uplift", fold, count);
    const Split split = split_of(folds, fold);
    std::vector<std::size_t> arms[2];
    for (const std::size_t r : split.train) arms[is_treated(treated[r], r) ? 1 : 0].push_back(r);
    if (arms[0].empty() || arms[1].empty()) refuse_input("a fold leaves an arm no rows to learn from", "folds");
    std::vector<double> expected[2];
    for (const std::size_t arm : {0, 1}) {
      expected[arm] = learn_and_predict(arms[arm], arm == 1, split.test);
      if (expected[arm].size() != split.test.size()) {
        throw Error(Code::misuse, "what was to score a fold gave another number of scores");
      }
    }
    const std::vector<double> of_fold = two_model_uplift(expected[1], expected[0]);
    for (std::size_t i = 0; i < of_fold.size(); ++i) uplift[split.test[i]] = of_fold[i];
  }
  return uplift;
}

}  // namespace emptor::mine
