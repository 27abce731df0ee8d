#include "emptor/mine/change_points.hpp"

#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/seasonal_decomposition.hpp"
#include "mine/refusal.hpp"
#include "mine/segment_costs.hpp"

namespace emptor::mine {
namespace {

using Series = std::vector<double>;

constexpr double most_alike = 0.9;  // beyond it a series is a random walk, and has no levels
constexpr std::size_t most_points = 500;
// An estimate from few points is too low as often as not, and of trimmed steps its standard error is some 1.85 / sqrt n
// (simulated: 1.6 to 2.2). The penalty is that of an autocorrelation 1.3 of them above it, up to a tenth.
constexpr double lift = 2.4;
constexpr std::size_t gains = 8;  // changes of which the mean gain is looked at

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

/// A series made ready: the season and what hangs together are taken out, and the noise is measured.
struct Prepared {
  Series plain, white;  ///< without the season; and in units of the noise without its autocorrelation
  double alike = 0, noise = 0;
};

Prepared prepare(Series y, const ChangePointOptions& options) {
  Prepared out{std::move(y), {}};
  if (options.period > 1) {
    const SeasonalDecomposition parts =
        decompose_season(out.plain, {.period = options.period, .seasonal_window = 0, .robust = 3});
    for (std::size_t i = 0; i < out.plain.size(); ++i) out.plain[i] -= parts.season[i];
  }
  if (options.autocorrelated) out.alike = autocorrelation_of(out.plain);
  for (std::size_t i = 1; i < out.plain.size(); ++i) out.white.push_back(out.plain[i] - out.alike * out.plain[i - 1]);
  // The mean square of nine tenths of a standard normal's draws is .6231; a step is of two.
  out.noise = std::sqrt(usual_square(out.white, 1) / (2 * 0.6231));
  if (out.noise == 0) out.noise = mean_step(out.white);
  if (out.noise > 0)
    for (double& one : out.white) one /= out.noise;
  return out;
}

/// Without a change, with this autocorrelation.
Series null_series(std::size_t n, double alike, Random& random) {
  Series y(n);
  double now = random.normal() / std::sqrt(1 - alike * alike);
  for (double& one : y) {
    one = now;
    now = alike * now + random.normal();
  }
  return y;
}

double penalty_of(std::size_t n, double alike, std::size_t least, const ChangePointOptions& options) {
  const double above = alike + lift / std::sqrt(static_cast<double>(n));
  const double as_if = options.autocorrelated ? std::min(std::ceil(above * 10) / 10, most_alike) : 0;
  Series needed;
  for (std::size_t draw = 0; draw < options.simulations; ++draw) {
    beat("simulate", draw, options.simulations);
    Random random(hash_of(options.seed, draw));
    const Prepared made = prepare(null_series(n, as_if, random), options);
    needed.push_back(greatest_gain(SegmentCosts(made.white, options.shape), least, gains));
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

/// Lines are fitted to the series itself: what whitening leaves has them in other units.
void tell(const Prepared& made, std::vector<std::size_t> begins, SegmentShape shape, ChangePoints& out) {
  const SegmentCosts costs(made.plain, shape);
  out.fitted.resize(made.plain.size());
  begins.insert(begins.begin(), 0);
  SegmentLine before;
  for (std::size_t s = 0; s < begins.size(); ++s) {
    const std::size_t first = begins[s], last = s + 1 < begins.size() ? begins[s + 1] : made.plain.size();
    const SegmentLine line = costs.line(first, last);
    for (std::size_t i = first; i < last; ++i) out.fitted[i] = line.level + line.slope * static_cast<double>(i - first);
    if (s > 0) {
      const double reached = before.level + before.slope * static_cast<double>(first - begins[s - 1]);
      out.changes.push_back({first, line.level - reached, line.slope - before.slope});
    }
    before = line;
  }
}

}  // namespace

ChangePoints find_change_points(Numbers values, const ChangePointOptions& options, const Run& run) {
  const LongCall call(run.progress);
  const std::size_t usual = options.shape == SegmentShape::level ? 3 : 6;
  const std::size_t least = options.least_length == 0 ? usual : options.least_length;
  check(values, least, options);
  const Prepared made = prepare({values.begin(), values.end()}, options);
  ChangePoints out{.autocorrelation = made.alike, .noise = made.noise, .penalty = options.penalty};
  std::vector<std::size_t> begins;
  if (made.noise > 0) {
    if (options.penalty == 0) out.penalty = penalty_of(values.size(), made.alike, least, options);
    begins = least_cost_segments(SegmentCosts(made.white, options.shape), least, out.penalty);
    for (std::size_t& begin : begins) ++begin;  // whitening took the first point
  }
  tell(made, begins, options.shape, out);
  return out;
}

}  // namespace emptor::mine
