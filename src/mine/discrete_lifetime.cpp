#include "emptor/mine/discrete_lifetime.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/random.hpp"
#include "mine/fit_payload.hpp"
#include "mine/model_json.hpp"
#include "mine/refusal.hpp"
#include "mine/row_blocks.hpp"
#include "mine/special.hpp"
#include "mine/term_bounds.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "discrete_lifetime";
constexpr std::uint64_t payload_version = 1;

struct Row {
  double x, tx, n, weight;
  friend bool operator<(const Row& a, const Row& b) noexcept {
    if (a.x != b.x) return a.x < b.x;
    if (a.tx != b.tx) return a.tx < b.tx;
    return a.n != b.n ? a.n < b.n : a.weight < b.weight;
  }
};

Row row_at(const Opportunities& rows, std::size_t at) {
  return {rows.frequency[at], rows.recency[at], rows.opportunities[at], rows.weights.empty() ? 1 : rows.weights[at]};
}

bool whole(double value) { return value >= 0 && value <= 10'000 && std::floor(value) == value; }

void check(const Opportunities& rows) {
  if (rows.recency.size() != rows.size()) refuse_row("there are not as many recencies as frequencies", "recency");
  if (rows.opportunities.size() != rows.size())
    refuse_row("there are not as many numbers of opportunities as frequencies", "opportunities");
  if (!rows.weights.empty() && rows.weights.size() != rows.size())
    refuse_row("there are not as many weights as rows", "weights");
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (at % 65'536 == 0) beat("checking", at, rows.size());
    const Row row = row_at(rows, at);
    if (!whole(row.n) || row.n == 0)
      refuse_row("opportunities are a whole number from 1 to 10000", "opportunities", at);
    if (!whole(row.x) || row.x > row.n)
      refuse_row("a frequency is a whole number up to that of opportunities", "frequency", at);
    if (!whole(row.tx) || row.tx < row.x || row.tx > row.n || (row.x == 0 && row.tx != 0))
      refuse_row("a recency is a whole number from the frequency to the opportunities, 0 without any", "recency", at);
    if (!(row.weight >= 0 && row.weight <= 1e15)) refuse_row("a weight lies between 0 and 1e15", "weights", at);
  }
}

std::vector<Row> sorted(const Opportunities& given) {
  check(given);
  std::vector<Row> rows;
  for (std::size_t at = 0; at < given.size(); ++at) {
    if (const Row row = row_at(given, at); row.weight > 0) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end());
  std::size_t kept = 0;
  for (const Row& row : rows) {
    if (kept > 0 && rows[kept - 1].x == row.x && rows[kept - 1].tx == row.tx && rows[kept - 1].n == row.n) {
      rows[kept - 1].weight += row.weight;
    } else {
      rows[kept++] = row;
    }
  }
  rows.resize(kept);
  return rows;
}

struct Parameters {
  explicit Parameters(const std::vector<double>& p) : alpha(p[0]), beta(p[1]), gamma(p[2]), delta(p[3]) {}
  double alpha, beta, gamma, delta;

  /// log of the chance to take x and leave y of the opportunities, and to be there for k of them at least.
  double log_taken(double x, double y, double k) const {
    return special::log_beta_ratio(beta, alpha, x) + special::log_beta_ratio(alpha + x, beta, y) +
           special::log_beta_ratio(gamma, delta, k);
  }
  /// Of having been there for exactly k.
  double log_left(double x, double y, double k) const {
    return log_taken(x, y, k) + elementary::log(gamma / (gamma + delta + k));
  }
};

/// log of the chances of the row: to be there still, and of having left at any time since the last transaction.
struct Chances {
  double stays, left;
  double both() const { return special::log_add(stays, left); }
};

Chances chances_of(const Parameters& p, const Row& row) {
  double left = -std::numeric_limits<double>::infinity();
  for (double k = row.tx; k < row.n; k += 1) left = special::log_add(left, p.log_left(row.x, k - row.x, k));
  return {p.log_taken(row.x, row.n - row.x, row.n), left};
}

/// Adds one time of leaving (k opportunities seen, perhaps gone then) to sums that weigh it by its share.
void add_time(const Parameters& p, const Row& row, double k, bool gone, double share, Curvature& into) {
  const double y = k - row.x, ab = p.alpha + p.beta, gd = p.gamma + p.delta;
  const double taken = special::digamma_rise(ab, row.x + y), taken2 = special::trigamma_rise(ab, row.x + y);
  const double seen = special::digamma_rise(gd, k), seen2 = special::trigamma_rise(gd, k);
  const double by = gone ? 1 / (gd + k) : 0, own = gone ? 1 / p.gamma : 0;
  const double f[4] = {special::digamma_rise(p.alpha, row.x) - taken, special::digamma_rise(p.beta, y) - taken,
                       own - by - seen, special::digamma_rise(p.delta, k) - seen - by};
  const double second[10] = {special::trigamma_rise(p.alpha, row.x) - taken2,
                             -taken2,
                             special::trigamma_rise(p.beta, y) - taken2,
                             0,
                             0,
                             by * by - own * own - seen2,
                             0,
                             0,
                             by * by - seen2,
                             special::trigamma_rise(p.delta, k) - seen2 + by * by};
  for (std::size_t i = 0, at = 0; i < 4; ++i) {
    into.gradient[i] += share * f[i];
    for (std::size_t j = 0; j <= i; ++j, ++at) into.hessian[at] += share * (f[i] * f[j] + second[at]);
  }
}

Curvature row_curvature(const Parameters& p, const Row& row) {
  Curvature out(4);
  const Chances chances = chances_of(p, row);
  out.value = chances.both();
  add_time(p, row, row.n, false, elementary::exp(chances.stays - out.value), out);
  for (double k = row.tx; k < row.n; k += 1) {
    add_time(p, row, k, true, elementary::exp(p.log_left(row.x, k - row.x, k) - out.value), out);
  }
  for (std::size_t i = 0, at = 0; i < 4; ++i) {
    for (std::size_t j = 0; j <= i; ++j, ++at) out.hessian[at] -= out.gradient[i] * out.gradient[j];
  }
  return out;
}

Curvature likelihood(const std::vector<Row>& rows, const std::vector<double>& parameters, const Run& run) {
  const Parameters p(parameters);
  std::vector<Curvature> each(rows.size(), Curvature(4));
  in_blocks(rows.size(), 8, run, "likelihood", [&](std::size_t first, std::size_t end) {
    for (; first < end; ++first) each[first] = row_curvature(p, rows[first]);
  });
  Curvature all(4);
  for (std::size_t at = 0; at < rows.size(); ++at) {
    all.value += rows[at].weight * each[at].value;
    for (std::size_t i = 0; i < 4; ++i) all.gradient[i] += rows[at].weight * each[at].gradient[i];
    for (std::size_t i = 0; i < 10; ++i) all.hessian[i] += rows[at].weight * each[at].hessian[i];
  }
  return all;
}

void check_parameters(std::span<const double> parameters, const char* field) {
  if (parameters.size() != 4) refuse_row("the model has 4 parameters", field);
  for (const double value : parameters) {
    if (!(value >= 1e-12 && value <= 1e12)) refuse_row("a parameter lies between 1e-12 and 1e12", field);
  }
}

/// Calls work(row) for each and keeps what it says.
template <class Work>
void each_row(const Opportunities& rows, std::span<double> out, const Run& run, Work&& work) {
  const LongCall call(run.progress);
  if (out.size() != rows.size()) throw Error(Code::misuse, "the output is not as long as the rows");
  check(rows);
  in_blocks(rows.size(), 256, run, "lifetimes", [&](std::size_t first, std::size_t end) {
    for (; first < end; ++first) out[first] = work(row_at(rows, first));
  });
}

double stays(const Parameters& p, const Row& row) {
  const Chances chances = chances_of(p, row);
  return elementary::exp(-special::softplus(chances.left - chances.stays));
}

}  // namespace

DiscreteLifetimeModel fit_discrete_lifetime(const Opportunities& given, const DiscreteLifetimeOptions& options,
                                            const Run& run) {
  const LongCall call(run.progress);
  if (!options.start.empty()) check_parameters(options.start, "start");
  const std::vector<Row> rows = sorted(given);
  if (rows.empty()) refuse_row("there is no row with a weight above 0", "frequency");
  NewtonLimits limits;
  limits.rounds = options.rounds;
  DiscreteLifetimeModel model{options, {}, {}, {}};
  take_fit(model, maximise([&](const std::vector<double>& parameters) { return likelihood(rows, parameters, run); },
                           options.start.empty() ? std::vector<double>(4, 1.0) : options.start, limits));
  model.rows = rows.size();
  for (const Row& row : rows) model.customers += row.weight;
  return model;
}

DiscreteLifetimeModel discrete_lifetime_of(std::span<const double> parameters) {
  check_parameters(parameters, "parameters");
  DiscreteLifetimeModel model;
  model.parameters.assign(parameters.begin(), parameters.end());
  return model;
}

void log_likelihoods(const DiscreteLifetimeModel& model, const Opportunities& rows, std::span<double> out,
                     const Run& run) {
  const Parameters p(model.parameters);
  each_row(rows, out, run, [&](const Row& row) { return chances_of(p, row).both(); });
}

void chance_alive(const DiscreteLifetimeModel& model, const Opportunities& rows, std::uint64_t ahead,
                  std::span<double> out, const Run& run) {
  if (ahead > 1'000'000'000) refuse_row("at most 1e9 opportunities ahead", "ahead");
  const Parameters p(model.parameters);
  each_row(rows, out, run, [&](const Row& row) {
    const double later = special::log_beta_ratio(p.gamma, p.delta + row.n, static_cast<double>(ahead));
    return stays(p, row) * elementary::exp(later);
  });
}

void expected_transactions(const DiscreteLifetimeModel& model, const Opportunities& rows, std::uint64_t next,
                           std::span<double> out, const Run& run) {
  if (next > 1'000'000) refuse_row("at most 1e6 opportunities ahead", "next");
  const Parameters p(model.parameters);
  each_row(rows, out, run, [&](const Row& row) {
    double left = 1, times = 0;
    for (std::uint64_t k = 1; k <= next; ++k) {
      const double seen = p.delta + row.n + static_cast<double>(k) - 1;
      left *= seen / (p.gamma + seen);
      times += left;
    }
    return stays(p, row) * ((p.alpha + row.x) / (p.alpha + p.beta + row.n)) * times;
  });
}

std::vector<FitTerm> terms_of(const DiscreteLifetimeModel& model, double level) {
  constexpr std::string_view names[] = {"alpha", "beta", "gamma", "delta"};
  return positive_terms(names, model.parameters, model.covariance, level);
}

DrawnOpportunities simulate_discrete_lifetimes(const DiscreteLifetimeModel& model,
                                               std::span<const double> opportunities, std::uint64_t seed) {
  check_parameters(model.parameters, "parameters");
  DrawnOpportunities out;
  for (std::size_t at = 0; at < opportunities.size(); ++at) {
    const double n = opportunities[at];
    if (!(n >= 1 && n <= 10'000) || std::floor(n) != n)
      refuse_row("opportunities are a whole number from 1 to 10,000", "opportunities", at);
    Random random(hash_of(seed, at));
    const auto beta = [&](double a, double b) {
      const double x = std::max(random.gamma(a), 1e-300), y = std::max(random.gamma(b), 1e-300);
      return x / (x + y);
    };
    const double takes = beta(model.parameters[0], model.parameters[1]),
                 leaves = beta(model.parameters[2], model.parameters[3]);
    double x = 0, last = 0;
    for (double k = 1; k <= n && random.uniform() >= leaves; k += 1) {
      if (random.uniform() >= takes) continue;
      x += 1;
      last = k;
    }
    out.frequency.push_back(x);
    out.recency.push_back(last);
    out.opportunities.push_back(n);
  }
  return out;
}

std::string save(const DiscreteLifetimeModel& model) {
  ModelFrame frame{std::string(algorithm),
                   payload_version,
                   OptionsText().whole("rounds", model.options.rounds).text(),
                   model.data_version,
                   {}};
  append_fit(frame.payload, model);
  return to_bytes(frame);
}

DiscreteLifetimeModel load_discrete_lifetime(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  DiscreteLifetimeModel model;
  model.data_version = frame.data_version;
  read_fit(reader, model, 4);
  expect(reader.done());
  return model;
}

}  // namespace emptor::mine
