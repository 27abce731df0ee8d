#include "emptor/mine/retention.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/random.hpp"
#include "mine/fit_payload.hpp"
#include "mine/model_json.hpp"
#include "mine/refusal.hpp"
#include "mine/special.hpp"
#include "mine/term_bounds.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "retention";
constexpr std::uint64_t payload_version = 1;

/// Customers by periods and whether they are lost then.
using Counts = std::map<std::pair<double, bool>, double>;

Counts counts_of(const Contracts& rows) {
  if (rows.lost.size() != rows.size()) refuse_row("there are not as many marks as periods", "lost");
  if (!rows.weights.empty() && rows.weights.size() != rows.size())
    refuse_row("there are not as many weights as rows", "weights");
  std::map<std::pair<double, bool>, std::vector<double>> all;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (at % 65'536 == 0) beat("checking", at, rows.size());
    const double periods = rows.periods[at], weight = rows.weights.empty() ? 1 : rows.weights[at];
    if (!(periods >= 0 && periods <= 1e6) || std::floor(periods) != periods)
      refuse_row("periods are a whole number from 0 to 1e6", "periods", at);
    if (rows.lost[at] > 1) refuse_row("a mark is 0 or 1", "lost", at);
    if (rows.lost[at] == 1 && periods == 0) refuse_row("who is lost was there for a period", "periods", at);
    if (!(weight >= 0 && weight <= 1e15)) refuse_row("a weight lies between 0 and 1e15", "weights", at);
    if (weight > 0 && periods > 0) all[{periods, rows.lost[at] == 1}].push_back(weight);
  }
  Counts counts;
  for (auto& [key, weights] : all) {
    std::sort(weights.begin(), weights.end());  // one sum, however the rows came
    for (const double weight : weights) counts[key] += weight;
  }
  return counts;
}

struct Shape {
  explicit Shape(const std::vector<double>& parameters)
      : alpha(parameters[0]), beta(parameters[1]), c(parameters.size() > 2 ? parameters[2] : 1) {}
  /// How many first periods the first t count for.
  double aged(double t) const { return t <= 0 ? 0 : c == 1 ? t : elementary::exp(c * elementary::log(t)); }
  double log_survival(double t) const { return special::log_beta_ratio(alpha, beta, aged(t)); }
  /// log S(t) - log S(t - 1).
  double log_retention(double t) const {
    const double before = aged(t - 1);
    return special::log_beta_ratio(alpha, beta + before, aged(t) - before);
  }
  double alpha, beta, c;
};

/// Derivatives of log S(t) by alpha, beta and c.
Curvature survival_curvature(const Shape& shape, double t) {
  Curvature out(3);
  const double k = shape.aged(t), a = shape.alpha, b = shape.beta;
  if (k == 0) return out;
  const double log_t = elementary::log(t), by_c = k * log_t;
  const double both = special::digamma_rise(a + b, k), curve = special::trigamma_rise(a + b, k);
  const double by_k = -special::digamma_rise(b + k, a), by_kk = -special::trigamma_rise(b + k, a);
  out.value = special::log_beta_ratio(a, b, k);
  out.gradient = {-both, special::digamma_rise(b, k) - both, by_k * by_c};
  out.hessian = {-curve,
                 -curve,
                 special::trigamma_rise(b, k) - curve,
                 -special::trigamma(a + b + k) * by_c,
                 by_kk * by_c,
                 by_kk * by_c * by_c + by_k * by_c * log_t};
  return out;
}

/// Adds weight x the derivatives of log(S(t - 1) - S(t)).
void add_lost(const Shape& shape, double t, double weight, Curvature& into) {
  const Curvature before = survival_curvature(shape, t - 1), after = survival_curvature(shape, t);
  const double retention = shape.log_retention(t), left = -special::expm1(retention);
  const double w = elementary::exp(retention) / left;
  double g[3];
  for (std::size_t i = 0; i < 3; ++i) g[i] = before.gradient[i] + w * (before.gradient[i] - after.gradient[i]);
  into.value += weight * (before.value + elementary::log(left));
  for (std::size_t i = 0, k = 0; i < 3; ++i) {
    into.gradient[i] += weight * g[i];
    for (std::size_t j = 0; j <= i; ++j, ++k) {
      const double one = before.hessian[k] + before.gradient[i] * before.gradient[j];
      const double two = after.hessian[k] + after.gradient[i] * after.gradient[j];
      into.hessian[k] += weight * (one + w * (one - two) - g[i] * g[j]);
    }
  }
}

Curvature likelihood(const Counts& counts, const std::vector<double>& parameters) {
  const Shape shape(parameters);
  Curvature all(3);
  for (const auto& [key, weight] : counts) {
    if (key.second) {
      add_lost(shape, key.first, weight, all);
      continue;
    }
    const Curvature one = survival_curvature(shape, key.first);
    all.value += weight * one.value;
    for (std::size_t i = 0; i < 3; ++i) all.gradient[i] += weight * one.gradient[i];
    for (std::size_t i = 0; i < 6; ++i) all.hessian[i] += weight * one.hessian[i];
  }
  all.gradient.resize(parameters.size());  // without duration the last row is left out
  all.hessian.resize(triangle_size(parameters.size()));
  return all;
}

/// A first chance of leaving as that of all periods.
std::vector<double> start_of(const Counts& counts, bool duration) {
  double lost = 0, periods = 0;
  for (const auto& [key, weight] : counts) {
    periods += weight * key.first;
    lost += key.second ? weight : 0;
  }
  const double share = std::clamp(lost / periods, 1e-6, 1 - 1e-6);
  std::vector<double> start{1, std::clamp((1 - share) / share, 1e-3, 1e6)};
  if (duration) start.push_back(1);
  return start;
}

void check_parameters(std::span<const double> parameters, const char* field) {
  if (parameters.size() < 2 || parameters.size() > 3) refuse_row("there are 2 parameters, or 3", field);
  for (const double value : parameters) {
    if (!(value >= 1e-12 && value <= 1e12)) refuse_row("a parameter lies between 1e-12 and 1e12", field);
  }
}

}  // namespace

RetentionModel fit_retention(const Contracts& rows, const RetentionOptions& options, const Run& run) {
  const LongCall call(run.progress);
  if (!options.start.empty()) {
    check_parameters(options.start, "start");
    if (options.start.size() != (options.duration ? 3u : 2u)) refuse_row("one number for each parameter", "start");
  }
  const Counts counts = counts_of(rows);
  if (counts.empty()) refuse_row("no customer with a weight above 0 was seen for a period", "periods");
  NewtonLimits limits;
  limits.rounds = options.rounds;
  RetentionModel model{options, {}, {}, {}};
  take_fit(model, maximise([&](const std::vector<double>& parameters) { return likelihood(counts, parameters); },
                           options.start.empty() ? start_of(counts, options.duration) : options.start, limits));
  model.rows = counts.size();
  for (const auto& [key, weight] : counts) model.customers += weight;
  return model;
}

RetentionModel retention_of(std::span<const double> parameters) {
  check_parameters(parameters, "parameters");
  RetentionModel model;
  model.options.duration = parameters.size() == 3;
  model.parameters.assign(parameters.begin(), parameters.end());
  return model;
}

double survival(const RetentionModel& model, double periods) {
  if (!(periods >= 0 && periods <= 1e9)) refuse_row("periods lie between 0 and 1e9", "periods");
  return elementary::exp(Shape(model.parameters).log_survival(periods));
}

double retention_rate(const RetentionModel& model, double periods) {
  if (!(periods >= 1 && periods <= 1e9)) refuse_row("periods lie between 1 and 1e9", "periods");
  return elementary::exp(Shape(model.parameters).log_retention(periods));
}

double residual_periods(const RetentionModel& model, std::uint64_t age, double rate, double horizon) {
  if (age > 1'000'000'000) refuse_row("an age is at most 1e9", "age");
  if (!(rate >= 0 && rate <= 1e6)) refuse_row("a rate lies between 0 and 1e6", "rate");
  if (!(horizon >= 0)) refuse_row("a horizon is 0 or more", "horizon");
  const Shape shape(model.parameters);
  const auto begin = static_cast<double>(age);
  if (horizon > 1e7 && rate < 1e-5) {
    if (rate > 0 || shape.c != 1) refuse_row("the sum is too long", "horizon", {}, "ask for at most 1e7 periods");
    if (!(shape.alpha > 1)) refuse_row("the mean is infinite (alpha <= 1)", "horizon", {}, "ask for a horizon");
    if (horizon == std::numeric_limits<double>::infinity()) return (shape.beta + begin) / (shape.alpha - 1);
    refuse_row("the sum is too long", "horizon", {}, "ask for at most 1e7 periods");
  }
  double left = 1, sum = 0;
  for (double k = 1; k <= horizon; k += 1) {
    left *= elementary::exp(shape.log_retention(begin + k)) / (1 + rate);
    sum += left;
    if (rate > 0 && left < 1e-17 * rate * sum) break;
  }
  return sum;
}

std::vector<double> simulate_retention(const RetentionModel& model, std::size_t count, double most,
                                       std::uint64_t seed) {
  if (!(most >= 1 && most <= 1e6)) refuse_row("at most 1e6 periods are drawn", "most");
  const Shape shape(model.parameters);
  std::vector<double> out(count);
  for (std::size_t at = 0; at < count; ++at) {
    Random random(hash_of(seed, at));
    const double x = random.gamma(shape.alpha), y = random.gamma(shape.beta);
    // Survival is (1 - chance)^(t^c): the time at which it falls below a uniform number.
    const double pace = special::log1p(x / y), threshold = -elementary::log(1 - random.uniform());
    const double aged = threshold / pace;
    const double time = shape.c == 1 ? aged : elementary::exp(elementary::log(aged) / shape.c);
    out[at] = std::floor(std::min(time, most)) + 1;
  }
  return out;
}

std::vector<FitTerm> terms_of(const RetentionModel& model, double level) {
  constexpr std::string_view names[] = {"alpha", "beta", "c"};
  return positive_terms(names, model.parameters, model.covariance, level);
}

std::string save(const RetentionModel& model) {
  ModelFrame frame{std::string(algorithm),
                   payload_version,
                   OptionsText().flag("duration", model.options.duration).whole("rounds", model.options.rounds).text(),
                   model.data_version,
                   {}};
  append_varint(frame.payload, model.options.duration ? 1 : 0);
  append_fit(frame.payload, model);
  return to_bytes(frame);
}

RetentionModel load_retention(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  RetentionModel model;
  model.data_version = frame.data_version;
  model.options.duration = reader.varint() != 0;
  read_fit(reader, model, model.options.duration ? 3 : 2);
  expect(reader.done());
  return model;
}

}  // namespace emptor::mine
