#include "emptor/mine/spend.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "mine/model_json.hpp"
#include "mine/newton_fit.hpp"
#include "mine/payload.hpp"
#include "mine/refusal.hpp"
#include "mine/row_blocks.hpp"
#include "mine/special.hpp"
#include "mine/term_bounds.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "spend";
constexpr std::uint64_t payload_version = 1;
constexpr std::size_t block_rows = 4'096;

/// Customers with x purchases of `total` in all.
struct Row {
  double x, total, weight;
  friend bool operator<(const Row& a, const Row& b) noexcept {
    if (a.x != b.x) return a.x < b.x;
    return a.total != b.total ? a.total < b.total : a.weight < b.weight;
  }
};

void check_row(const Spending& rows, std::size_t at) {
  const double x = rows.frequency[at], mean = rows.mean[at];
  if (!(x >= 0 && x <= 1e9) || static_cast<double>(static_cast<std::int64_t>(x)) != x)
    refuse_row("a frequency is a whole number from 0 to 1e9", "frequency", at);
  if (x > 0 && !(mean >= 1e-100 && mean <= 1e100))
    refuse_row("the mean of purchases lies above 0, up to 1e100", "mean", at);
  if (!rows.weights.empty() && !(rows.weights[at] >= 0 && rows.weights[at] <= 1e15))
    refuse_row("a weight lies between 0 and 1e15", "weights", at);
}

void check_spending(const Spending& rows) {
  if (rows.mean.size() != rows.size()) refuse_row("there are not as many means as frequencies", "mean");
  if (!rows.weights.empty() && rows.weights.size() != rows.size())
    refuse_row("there are not as many weights as rows", "weights");
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (at % 65'536 == 0) beat("checking", at, rows.size());
    check_row(rows, at);
  }
}

void check_parameters(std::span<const double> parameters, const char* field) {
  if (parameters.size() != 3) refuse_row("the model has 3 parameters", field);
  for (const double value : parameters) {
    if (!(value >= 1e-12 && value <= 1e12)) refuse_row("a parameter lies between 1e-12 and 1e12", field);
  }
}

/// Distinct rows with purchases, in ascending order.
std::vector<Row> sorted(const Spending& given) {
  check_spending(given);
  std::vector<Row> rows;
  for (std::size_t at = 0; at < given.size(); ++at) {
    const double weight = given.weights.empty() ? 1 : given.weights[at];
    if (given.frequency[at] > 0 && weight > 0)
      rows.push_back({given.frequency[at], given.frequency[at] * given.mean[at], weight});
  }
  std::sort(rows.begin(), rows.end());
  std::size_t kept = 0;
  for (const Row& row : rows) {
    if (kept > 0 && rows[kept - 1].x == row.x && rows[kept - 1].total == row.total) {
      rows[kept - 1].weight += row.weight;
    } else {
      rows[kept++] = row;
    }
  }
  rows.resize(kept);
  return rows;
}

/// What depends on the amounts: q log(gamma / (gamma + total)) + p x log(total / (gamma + total)) - log(mean).
void add_amount(const Row& row, double p, double q, double gamma, Curvature& into) {
  const double share = row.total / (gamma + row.total), rest = gamma / (gamma + row.total);
  const double log_share = -special::log1p(gamma / row.total), log_rest = -special::log1p(row.total / gamma);
  const double w = row.weight, px = p * row.x, by = 1 / gamma;
  into.value += w * (q * log_rest + px * log_share - elementary::log(row.total / row.x));
  into.gradient[0] += w * row.x * log_share;
  into.gradient[1] += w * log_rest;
  into.gradient[2] += w * by * (q * share - px * rest);
  into.hessian[triangle_index(2, 0)] -= w * row.x * by * rest;
  into.hessian[triangle_index(2, 1)] += w * by * share;
  // Of q log gamma - (p x + q) log(gamma + total): -q / gamma^2 + (p x + q) / (gamma + total)^2.
  into.hessian[triangle_index(2, 2)] += w * by * by * ((px + q) * rest * rest - q);
}

/// What depends on x: -log B(p x, q).
void add_frequency(double x, double weight, double p, double q, Curvature& into) {
  const double px = p * x;
  into.value -= weight * special::log_beta(px, q);
  into.gradient[0] += weight * x * special::digamma_rise(px, q);
  into.gradient[1] += weight * special::digamma_rise(q, px);
  const double both = special::trigamma(px + q);
  into.hessian[triangle_index(0, 0)] += weight * x * x * special::trigamma_rise(px, q);
  into.hessian[triangle_index(1, 0)] += weight * x * both;
  into.hessian[triangle_index(1, 1)] += weight * special::trigamma_rise(q, px);
}

void add(Curvature& into, const Curvature& other) {
  into.value += other.value;
  for (std::size_t i = 0; i < into.gradient.size(); ++i) into.gradient[i] += other.gradient[i];
  for (std::size_t i = 0; i < into.hessian.size(); ++i) into.hessian[i] += other.hessian[i];
}

Curvature likelihood(const std::vector<Row>& rows, const std::vector<double>& parameters, const Run& run) {
  std::vector<Curvature> blocks((rows.size() + block_rows - 1) / block_rows, Curvature(3));
  in_blocks(rows.size(), block_rows, run, "spend", [&](std::size_t first, std::size_t end) {
    Curvature& own = blocks[first / block_rows];
    for (std::size_t at = first; at < end; ++at) add_amount(rows[at], parameters[0], parameters[1], parameters[2], own);
    for (std::size_t at = first; at < end;) {  // equal x stand together
      double weight = 0;
      const double x = rows[at].x;
      for (; at < end && rows[at].x == x; ++at) weight += rows[at].weight;
      add_frequency(x, weight, parameters[0], parameters[1], own);
    }
  });
  Curvature all(3);
  for (const Curvature& block : blocks) add(all, block);
  return all;
}

/// Purchases that vary by half around means that vary by a half, at the mean of the rows.
std::vector<double> start_of(const std::vector<Row>& rows) {
  double spent = 0, purchases = 0;
  for (const Row& row : rows) {
    spent += row.weight * row.total;
    purchases += row.weight * row.x;
  }
  return {4, 3, std::clamp(spent / purchases / 2, 1e-9, 1e9)};
}

}  // namespace

SpendModel fit_spend(const Spending& given, const SpendOptions& options, const Run& run) {
  const LongCall call(run.progress);
  if (!options.start.empty()) check_parameters(options.start, "start");
  const std::vector<Row> rows = sorted(given);
  if (rows.empty()) refuse_row("no row has purchases and a weight above 0", "frequency");
  NewtonLimits limits;
  limits.rounds = options.rounds;
  const NewtonFit fit =
      maximise([&](const std::vector<double>& parameters) { return likelihood(rows, parameters, run); },
               options.start.empty() ? start_of(rows) : options.start, limits);
  SpendModel model{options,        {},        fit.parameters[0], fit.parameters[1], fit.parameters[2],
                   fit.covariance, fit.value, fit.certificate,   fit.end,           fit.rounds};
  model.rows = rows.size();
  for (const Row& row : rows) model.customers += row.weight;
  return model;
}

SpendModel spend_of(double p, double q, double gamma) {
  const double parameters[] = {p, q, gamma};
  check_parameters(parameters, "parameters");
  SpendModel model;
  model.p = p;
  model.q = q;
  model.gamma = gamma;
  return model;
}

double population_spend(const SpendModel& model) {
  if (!(model.q > 1)) refuse_row("the mean spend of all customers is infinite (q <= 1)", "q");
  return model.p * model.gamma / (model.q - 1);
}

void expected_spend(const SpendModel& model, const Spending& rows, std::span<double> out, const Run& run) {
  const LongCall call(run.progress);
  if (out.size() != rows.size()) throw Error(Code::misuse, "the output is not as long as the rows");
  check_spending(rows);
  in_blocks(rows.size(), 1 << 16, run, "spend", [&](std::size_t first, std::size_t end) {
    for (std::size_t at = first; at < end; ++at) {
      const double x = rows.frequency[at], rest = model.p * x + model.q - 1;
      if (!(rest > 0)) refuse_row("the expected spend is infinite (p x + q <= 1)", "frequency", at);
      out[at] = model.p * (model.gamma + (x > 0 ? x * rows.mean[at] : 0)) / rest;
    }
  });
}

void log_likelihoods(const SpendModel& model, const Spending& rows, std::span<double> out, const Run& run) {
  const LongCall call(run.progress);
  if (out.size() != rows.size()) throw Error(Code::misuse, "the output is not as long as the rows");
  check_spending(rows);
  in_blocks(rows.size(), block_rows, run, "spend", [&](std::size_t first, std::size_t end) {
    for (std::size_t at = first; at < end; ++at) {
      const double x = rows.frequency[at], px = model.p * x, total = x * rows.mean[at];
      out[at] = 0;
      if (x == 0) continue;
      out[at] = -special::log_beta(px, model.q) - model.q * special::log1p(total / model.gamma) -
                px * special::log1p(model.gamma / total) - elementary::log(rows.mean[at]);
    }
  });
}

std::vector<FitTerm> terms_of(const SpendModel& model, double level) {
  constexpr std::string_view names[] = {"p", "q", "gamma"};
  const double estimates[] = {model.p, model.q, model.gamma};
  return positive_terms(names, estimates, model.covariance, level);
}

std::vector<double> simulate_spend(const SpendModel& model, std::span<const double> frequency, std::uint64_t seed) {
  std::vector<double> out(frequency.size(), 0.0);
  for (std::size_t at = 0; at < out.size(); ++at) {
    const double x = frequency[at];
    if (!(x >= 0 && x <= 1e9) || static_cast<double>(static_cast<std::int64_t>(x)) != x)
      refuse_row("a frequency is a whole number from 0 to 1e9", "frequency", at);
    if (x == 0) continue;
    Random random(hash_of(seed, at));
    const double rate = random.gamma(model.q) / model.gamma;
    out[at] = random.gamma(model.p * x) / (std::max(rate, 1e-300) * x);  // the mean of x Gammas of one rate
  }
  return out;
}

double frequency_spend_correlation(const Spending& given) {
  const std::vector<Row> rows = sorted(given);
  double weight = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (const Row& row : rows) {
    weight += row.weight;
    x += row.weight * row.x;
    y += row.weight * (row.total / row.x);
  }
  x /= weight;
  y /= weight;
  for (const Row& row : rows) {
    const double dx = row.x - x, dy = row.total / row.x - y;
    xx += row.weight * dx * dx;
    yy += row.weight * dy * dy;
    xy += row.weight * dx * dy;
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx) / std::sqrt(yy) : std::numeric_limits<double>::quiet_NaN();
}

void customer_value(std::span<const double> purchases, std::span<const double> spend, double margin,
                    std::span<double> out) {
  if (purchases.size() != spend.size() || out.size() != spend.size())
    throw Error(Code::misuse, "purchases, spend and output differ in length");
  if (!(margin >= -1000 && margin <= 1000)) refuse_row("a margin lies between -1000 and 1000", "margin");
  for (std::size_t at = 0; at < spend.size(); ++at) {
    out[at] = purchases[at] * spend[at] * margin;
    if (!std::isfinite(out[at])) refuse_row("a value is not finite", "purchases", at);
  }
}

std::string save(const SpendModel& model) {
  ModelFrame frame{std::string(algorithm),
                   payload_version,
                   OptionsText().whole("rounds", model.options.rounds).text(),
                   model.data_version,
                   {}};
  std::string& out = frame.payload;
  append_varint(out, model.options.rounds);
  append_doubles(out, model.options.start);
  append_doubles(out, {model.p, model.q, model.gamma, model.log_likelihood, model.certificate, model.customers});
  append_doubles(out, model.covariance);
  append_varint(out, static_cast<std::uint64_t>(model.end));
  append_varint(out, model.rounds);
  append_varint(out, model.rows);
  return to_bytes(frame);
}

SpendModel load_spend(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  SpendModel model;
  model.data_version = frame.data_version;
  model.options.rounds = reader.varint();
  model.options.start = read_doubles(reader);
  const std::vector<double> numbers = read_doubles(reader);
  expect(numbers.size() == 6);
  model.p = numbers[0];
  model.q = numbers[1];
  model.gamma = numbers[2];
  model.log_likelihood = numbers[3];
  model.certificate = numbers[4];
  model.customers = numbers[5];
  model.covariance = read_doubles(reader);
  const std::uint64_t end = reader.varint();
  expect(end <= static_cast<std::uint64_t>(FitEnd::rounds));
  model.end = static_cast<FitEnd>(end);
  model.rounds = reader.varint();
  model.rows = reader.varint();
  expect(reader.done() && model.p > 0 && model.q > 0 && model.gamma > 0);
  expect(model.covariance.empty() || model.covariance.size() == triangle_size(3));
  return model;
}

}  // namespace emptor::mine
