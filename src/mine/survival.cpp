#include "emptor/mine/survival.hpp"

#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "mine/distributions.hpp"
#include "mine/lifetimes.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "kaplan_meier";
constexpr std::uint64_t payload_version = 1;
/// A share that products of fractions miss by rounding is met all the same.
constexpr double near = 1e-9;

/// The interval of a point with a relative error (that of log S).
void set_interval(SurvivalPoint& point, double error, const KaplanMeierOptions& options, double bound) {
  const double s = point.survival;
  if (!(s > 0)) {
    point.lower = 0;
    point.upper = 1;
    return;
  }
  point.lower = point.upper = s;
  if (!(error > 0)) return;
  const double reach = bound * error;
  switch (options.interval) {
    case SurvivalInterval::plain:
      point.lower = std::max(s - reach * s, 0.0);
      point.upper = std::min(s + reach * s, 1.0);
      return;
    case SurvivalInterval::log:
      point.lower = s * elementary::exp(-reach);
      point.upper = std::min(s * elementary::exp(reach), 1.0);
      return;
    case SurvivalInterval::log_log: {
      const double hazard = -elementary::log(s), ratio = elementary::exp(reach / hazard);
      point.lower = elementary::exp(-hazard * ratio);
      point.upper = elementary::exp(-hazard / ratio);
      return;
    }
  }
}

template <class Value>
double time_where(const SurvivalCurve& curve, double level, Value&& value) {
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const double here = value(curve.points[i]);
    if (here > level + near) continue;
    if (here < level - near) return curve.points[i].time;
    for (std::size_t next = i + 1; next < curve.points.size(); ++next)
      if (value(curve.points[next]) < level - near) return (curve.points[i].time + curve.points[next].time) / 2;
    return curve.points[i].time;
  }
  return SurvivalCurve::never;
}

void set_medians(SurvivalCurve& curve) {
  curve.median = quantile_of(curve, 0.5);
  curve.median_lower = time_where(curve, 0.5, [](const SurvivalPoint& point) { return point.lower; });
  // A survival of 0 has no error: its point does not bound the median from above.
  curve.median_upper = time_where(curve, 0.5, [](const SurvivalPoint& point) { return point.upper; });
}

/// Rows `first` to `end` of `order` are one group, by time.
SurvivalCurve curve_of(const Lifetimes& rows, const CheckedLifetimes& checked, const std::size_t* first,
                       const std::size_t* end, const KaplanMeierOptions& options, double bound) {
  SurvivalCurve curve;
  curve.rows = static_cast<std::uint64_t>(end - first);
  double left = 0, events = 0, survival = 1, square = 0;
  for (const std::size_t* at = first; at != end; ++at) left += checked.units[*at];
  while (first != end) {
    SurvivalPoint point{.time = rows.time[*first] + 0.0};
    double died = 0, gone = 0;
    for (; first != end && rows.time[*first] == point.time; ++first)
      (rows.event[*first] == 1 ? died : gone) += checked.units[*first];
    if (died > 0) {
      survival = died < left ? survival * ((left - died) / left) : 0;
      if (died < left) square += died / left * (checked.factor / (left - died));
    }
    point.at_risk = left / checked.factor;
    point.events = died / checked.factor;
    point.censored = gone / checked.factor;
    point.survival = survival;
    const double error = std::sqrt(square);
    point.standard_error = survival * error;
    set_interval(point, error, options, bound);
    left -= died + gone;
    events += died;
    curve.points.push_back(point);
  }
  curve.events = events / checked.factor;
  set_medians(curve);
  return curve;
}

}  // namespace

KaplanMeier fit_kaplan_meier(const Lifetimes& rows, const KaplanMeierOptions& options, const Run& run) {
  const LongCall call(run.progress);
  if (!(options.level > 0 && options.level < 1)) refuse_input("a level lies between 0 and 1", "level");
  CheckedLifetimes checked = checked_lifetimes(rows);
  const auto group = [&](std::size_t row) { return rows.groups.empty() ? 0U : rows.groups[row]; };
  std::vector<std::size_t>& order = checked.rows;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return group(a) != group(b) ? group(a) < group(b) : rows.time[a] < rows.time[b];
  });
  const double bound = normal_bound(options.level);
  KaplanMeier model{options, {}, {}};
  for (std::size_t first = 0; first < order.size();) {
    beat("survival", first, order.size());
    std::size_t end = first;
    while (end < order.size() && group(order[end]) == group(order[first])) ++end;
    model.curves.push_back(curve_of(rows, checked, order.data() + first, order.data() + end, options, bound));
    model.curves.back().group = group(order[first]);
    first = end;
  }
  return model;
}

double survival_at(const SurvivalCurve& curve, double time) noexcept {
  const auto after = std::upper_bound(curve.points.begin(), curve.points.end(), time,
                                      [](double a, const SurvivalPoint& b) { return a < b.time; });
  return after == curve.points.begin() ? 1 : (after - 1)->survival;
}

double quantile_of(const SurvivalCurve& curve, double share) noexcept {
  return time_where(curve, 1 - share, [](const SurvivalPoint& point) { return point.survival; });
}

// ---- bytes

namespace {

constexpr std::string_view intervals[] = {"plain", "log", "log_log"};

void append_curve(std::string& out, const SurvivalCurve& curve) {
  append_varint(out, curve.group);
  append_varint(out, curve.rows);
  for (const double value : {curve.events, curve.median, curve.median_lower, curve.median_upper})
    append_double(out, value);
  append_varint(out, curve.points.size());
  for (const SurvivalPoint& point : curve.points)
    for (const double value : {point.time, point.at_risk, point.events, point.censored, point.survival,
                               point.standard_error, point.lower, point.upper})
      append_double(out, value);
}

SurvivalCurve read_curve(ByteReader& reader) {
  SurvivalCurve curve;
  const std::uint64_t group = reader.varint();
  expect(group <= std::numeric_limits<std::uint32_t>::max());
  curve.group = static_cast<std::uint32_t>(group);
  curve.rows = reader.varint();
  for (double* value : {&curve.events, &curve.median, &curve.median_lower, &curve.median_upper})
    *value = read_double(reader);
  const std::uint64_t points = reader.varint();
  expect(points <= reader.left() / (8 * sizeof(double)));
  for (std::uint64_t i = 0; i < points; ++i) {
    SurvivalPoint& point = curve.points.emplace_back();
    for (double* value : {&point.time, &point.at_risk, &point.events, &point.censored, &point.survival,
                          &point.standard_error, &point.lower, &point.upper})
      *value = read_double(reader);
    expect(point.survival >= 0 && point.survival <= 1);
    expect(i == 0 || curve.points[i - 1].time < point.time);
  }
  return curve;
}

}  // namespace

std::string save(const KaplanMeier& model) {
  std::string payload;
  append_varint(payload, static_cast<std::uint64_t>(model.options.interval));
  append_double(payload, model.options.level);
  append_varint(payload, model.curves.size());
  for (const SurvivalCurve& curve : model.curves) append_curve(payload, curve);
  const std::string options = OptionsText()
                                  .word("interval", intervals[static_cast<std::size_t>(model.options.interval)])
                                  .number("level", model.options.level)
                                  .text();
  return to_bytes({std::string(algorithm), payload_version, options, model.data_version, payload});
}

KaplanMeier load_kaplan_meier(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  KaplanMeier model;
  model.data_version = frame.data_version;
  const std::uint64_t interval = reader.varint();
  expect(interval < std::size(intervals));
  model.options.interval = static_cast<SurvivalInterval>(interval);
  model.options.level = read_double(reader);
  const std::uint64_t curves = reader.varint();
  expect(curves <= reader.left());
  for (std::uint64_t i = 0; i < curves; ++i) model.curves.push_back(read_curve(reader));
  expect(reader.done());
  return model;
}

}  // namespace emptor::mine
