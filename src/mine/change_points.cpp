#include "emptor/mine/change_points.hpp"

#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/seasonal_decomposition.hpp"
#include "mine/change_search.hpp"
#include "mine/matched_noise.hpp"
#include "mine/refusal.hpp"
#include "mine/segment_costs.hpp"

namespace emptor::mine {
namespace {

using Series = std::vector<double>;

constexpr double most_alike = 0.9;  // beyond it a series is a random walk, and has no levels
constexpr std::size_t most_points = 500;
constexpr double rounding = 1e-13;  // of what there is, below which it is no noise

/// The mean square of steps to what is `lag` points later around the usual step, without the tenth that is greatest: a
/// slope is no noise, and changes are few.
double usual_square(const Series& y, std::size_t lag) {
  Series steps;
  for (std::size_t i = lag; i < y.size(); ++i) steps.push_back(y[i] - y[i - lag]);
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  const double usual = *middle;
  for (double& one : steps) one = (one - usual) * (one - usual);
  std::sort(steps.begin(), steps.end());
  steps.resize(steps.size() - steps.size() / 10);
  double sum = 0;
  for (const double one : steps) sum += one / static_cast<double>(steps.size());
  return sum;
}

double autocorrelation_of(const Series& y) {
  const double one = usual_square(y, 1);
  return one > 0 ? std::clamp(usual_square(y, 2) / one - 1, 0.0, most_alike) : 0;
}

/// Of steps most of which are none.
double mean_step(const Series& y) {
  double sum = 0;
  for (std::size_t i = 1; i < y.size(); ++i) sum += (y[i] - y[i - 1]) * (y[i] - y[i - 1]);
  return std::sqrt(sum / static_cast<double>(2 * y.size()));
}

/// Outliers take no part in the season from three cycles on: of two points neither tells which is the outlier, and what
/// weights make of chance would pass for changes.
Series without_season(Series y, std::size_t period) {
  if (period == 1) return y;
  const std::size_t robust = y.size() >= 3 * period ? 3 : 0;
  const SeasonalDecomposition parts = decompose_season(y, {.period = period, .seasonal_window = 0, .robust = robust});
  for (std::size_t i = 0; i < y.size(); ++i) y[i] -= parts.season[i];
  return y;
}

/// Nothing but rounding is left of the series by one level or one line.
bool is_exact(const Series& y, SegmentShape shape) {
  double most = 0;
  for (const double one : y) most = std::max(most, std::abs(one));
  const double n = static_cast<double>(y.size());
  const double of_levels = SegmentCosts(y, SegmentShape::level).cost(0, y.size());
  const double of_lines = SegmentCosts(y, SegmentShape::line).cost(0, y.size());
  const bool flat = of_levels <= n * rounding * rounding * most * most;
  return flat || (shape == SegmentShape::line && of_lines <= rounding * of_levels);
}

/// The evidence that `false_alarms` of series without a change come to.
double critical_evidence(const SegmentCosts& costs, std::size_t least, const ChangePointOptions& options) {
  const MatchedNoise noise(costs.size(), options.shape, options.period);
  const double alike = whole_alike(costs);
  Series needed;
  for (std::size_t draw = 0; draw < options.simulations; ++draw) {
    beat("simulate", draw, options.simulations);
    Random random(hash_of(options.seed, draw));
    const SegmentCosts made(options.autocorrelated ? noise.draw(alike, random) : noise.independent(random),
                            options.shape);
    needed.push_back(ChangeSearch(made, options.shape, least, options.autocorrelated).evidence());
  }
  std::sort(needed.begin(), needed.end());
  const double rank = std::ceil((1 - options.false_alarms) * static_cast<double>(options.simulations + 1));
  return needed[std::min(static_cast<std::size_t>(rank), needed.size()) - 1];
}

void check(Numbers values, std::size_t least, const ChangePointOptions& options) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i])) refuse_row("a number of the series is not finite", "values", i);
  if (least < 2) refuse_row("a segment has two points or more", "least_length");
  if (values.size() < 2 * least + 2)
    refuse_row("the series is too short to hold a change", "values", {}, "shorten least_length");
  if (!(options.false_alarms > 0 && options.false_alarms < 1))
    refuse_row("a rate of false alarms lies between 0 and 1", "false_alarms");
  if (options.penalty == 0 && options.simulations < 19) refuse_row("there are 19 simulations or more", "simulations");
  if (!(options.penalty >= 0 && std::isfinite(options.penalty))) refuse_row("a penalty is above 0", "penalty");
  if (options.penalty == 0 && values.size() > most_points)
    throw Error(Problem{.code = Code::budget,
                        .message = "simulating series of so many points would take long",
                        .field = "values",
                        .hint = "give a penalty"});
}

/// What every segment is, and what changes from one to the next.
void tell(const SegmentCosts& costs, std::vector<std::size_t> begins, ChangePoints& out) {
  out.fitted.resize(costs.size());
  begins.insert(begins.begin(), 0);
  SegmentLine before;
  for (std::size_t s = 0; s < begins.size(); ++s) {
    const std::size_t first = begins[s], last = s + 1 < begins.size() ? begins[s + 1] : costs.size();
    const SegmentLine line = costs.line(first, last);
    for (std::size_t i = first; i < last; ++i) out.fitted[i] = line.level + line.slope * static_cast<double>(i - first);
    if (s > 0) {
      const double reached = before.level + before.slope * static_cast<double>(first - begins[s - 1]);
      out.changes.push_back({first, line.level - reached, line.slope - before.slope});
    }
    before = line;
  }
}

/// As many as their evidence bears out, beside that of series without a change.
std::vector<std::size_t> tested(const SegmentCosts& costs, std::size_t least, const ChangePointOptions& options,
                                ChangePoints& out) {
  const ChangeSearch search(costs, options.shape, least, options.autocorrelated);
  out.penalty = critical_evidence(costs, least, options);
  const std::vector<std::size_t> begins = search.changes(out.penalty);
  out.autocorrelation = search.left(begins).alike;
  out.noise = std::sqrt(search.variance(begins));
  return begins;
}

/// Those whose segmentation is best at a given penalty. What hangs together is taken out first: its measures are steps,
/// which few changes do not move.
std::vector<std::size_t> penalised(const Series& plain, std::size_t least, const ChangePointOptions& options,
                                   ChangePoints& out) {
  if (options.autocorrelated) out.autocorrelation = autocorrelation_of(plain);
  Series white;
  for (std::size_t i = 1; i < plain.size(); ++i) white.push_back(plain[i] - out.autocorrelation * plain[i - 1]);
  // The mean square of nine tenths of a standard normal's draws is .6231; a step is of two.
  out.noise = std::sqrt(usual_square(white, 1) / (2 * 0.6231));
  if (out.noise == 0) out.noise = mean_step(white);
  if (out.noise == 0) return {};
  for (double& one : white) one /= out.noise;
  std::vector<std::size_t> begins = least_cost_segments(SegmentCosts(white, options.shape), least, options.penalty);
  for (std::size_t& begin : begins) ++begin;  // whitening took the first point
  return begins;
}

}  // namespace

ChangePoints find_change_points(Numbers values, const ChangePointOptions& options, const Run& run) {
  const LongCall call(run.progress);
  const std::size_t usual = options.shape == SegmentShape::level ? 3 : 6;
  const std::size_t least = options.least_length == 0 ? usual : options.least_length;
  check(values, least, options);
  const Series plain = without_season({values.begin(), values.end()}, options.period);
  const SegmentCosts costs(plain, options.shape);
  ChangePoints out{.penalty = options.penalty};
  std::vector<std::size_t> begins;
  if (!is_exact(plain, options.shape))
    begins = options.penalty > 0 ? penalised(plain, least, options, out) : tested(costs, least, options, out);
  tell(costs, begins, out);
  return out;
}

}  // namespace emptor::mine
