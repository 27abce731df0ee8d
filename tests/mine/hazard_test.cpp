#include "emptor/mine/hazard.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/logistic.hpp"
#include "support/telco.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::Telco;

namespace {

bool near(double a, double b, double within) { return std::abs(a - b) < within; }

struct Drawn {
  std::size_t columns = 0;
  std::vector<double> x = {}, time = {}, event = {}, weights = {};

  NumberView view() const { return {x.data(), time.size(), columns, columns, 1}; }
  LifetimeRows rows() const { return {view(), {time, event, weights, {}}}; }
};

Drawn drawn(std::size_t count, std::uint64_t seed, double most = 6) {
  Random random(seed);
  Drawn out{.columns = 2};
  for (std::size_t r = 0; r < count; ++r) {
    const double a = random.normal() + 5, b = static_cast<double>(random.below(3));
    out.x.insert(out.x.end(), {a, b});
    double time = 1;
    bool ended = false;
    for (;; ++time) {
      const double score = -1.5 + 0.4 * (a - 5) - 0.3 * b - 0.4 * std::log(time);
      ended = random.uniform() < 1 - std::exp(-std::exp(score));
      if (ended || time == most) break;
    }
    out.time.push_back(time);
    out.event.push_back(ended ? 1 : 0);
    out.weights.push_back(1 + static_cast<double>(random.below(2)));
  }
  return out;
}

/// The log-likelihood over all person-periods, one by one; theta: the baseline, then the features.
double plain_likelihood(const Drawn& data, const HazardModel& model, const std::vector<double>& theta) {
  const std::size_t base = model.baseline.size();
  double sum = 0;
  for (std::size_t r = 0; r < data.time.size(); ++r) {
    for (double t = 1; t <= data.time[r]; ++t) {
      double score = base == 2 ? theta[0] + theta[1] * std::log(t) : theta[static_cast<std::size_t>(t) - 1];
      for (std::size_t c = 0; c < data.columns; ++c)
        score += theta[base + c] * (data.x[r * data.columns + c] - model.centre[c]);
      const double pass =
          model.options.link == HazardLink::logit ? 1 / (1 + std::exp(score)) : std::exp(-std::exp(score));
      sum += data.weights[r] * std::log(t == data.time[r] && data.event[r] == 1 ? 1 - pass : pass);
    }
  }
  return sum;
}

/// The inverse of minus the second differences, by Gauss and Jordan.
std::vector<double> plain_covariance(const Drawn& data, const HazardModel& model, const std::vector<double>& best) {
  const std::size_t count = best.size();
  constexpr double h = 1e-3;
  const auto at = [&](std::size_t p, double a, std::size_t q, double b) {
    std::vector<double> theta = best;
    theta[p] += a;
    theta[q] += b;
    return plain_likelihood(data, model, theta);
  };
  std::vector<double> m(count * 2 * count, 0.0);
  for (std::size_t p = 0; p < count; ++p) {
    for (std::size_t q = 0; q < count; ++q)
      m[p * 2 * count + q] = -(at(p, h, q, h) - at(p, h, q, -h) - at(p, -h, q, h) + at(p, -h, q, -h)) / (4 * h * h);
    m[p * 2 * count + count + p] = 1;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const double pivot = m[i * 2 * count + i];
    for (std::size_t c = 0; c < 2 * count; ++c) m[i * 2 * count + c] /= pivot;
    for (std::size_t r = 0; r < count; ++r) {
      const double factor = r == i ? 0 : m[r * 2 * count + i];
      for (std::size_t c = 0; c < 2 * count; ++c) m[r * 2 * count + c] -= factor * m[i * 2 * count + c];
    }
  }
  std::vector<double> inverse;
  for (std::size_t p = 0; p < count; ++p)
    for (std::size_t q = 0; q < count; ++q) inverse.push_back(m[p * 2 * count + count + q]);
  return inverse;
}

std::vector<double> parameters_of(const HazardModel& model) {
  std::vector<double> all = model.baseline;
  all.insert(all.end(), model.coefficients.begin(), model.coefficients.end());
  return all;
}

}  // namespace

TEST_CASE("hazard: likelihood, optimum and errors are those of the person-periods, for every link and baseline") {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const Drawn data = drawn(150, seed);
    for (const HazardLink link : {HazardLink::logit, HazardLink::cloglog}) {
      for (const HazardBaseline baseline : {HazardBaseline::log_time, HazardBaseline::periods}) {
        const HazardModel model = fit_hazard(data.rows(), {.link = link, .baseline = baseline});
        REQUIRE(model.converged);
        const std::vector<double> best = parameters_of(model);
        const double middle = plain_likelihood(data, model, best);
        CHECK(near(model.log_likelihood, middle, 1e-8));
        const auto moved = [&](std::size_t p, double h) {
          std::vector<double> theta = best;
          theta[p] += h;
          return plain_likelihood(data, model, theta);
        };
        constexpr double h = 1e-4;
        for (std::size_t p = 0; p < best.size(); ++p) CHECK(near((moved(p, h) - moved(p, -h)) / (2 * h), 0, 1e-5));
        const std::vector<double> covariance = plain_covariance(data, model, best);
        for (std::size_t p = 0, at = 0; p < best.size(); ++p)
          for (std::size_t q = 0; q <= p; ++q, ++at)
            CHECK(near(model.covariance[at], covariance[p * best.size() + q],
                       1e-3 * std::sqrt(covariance[p * best.size() + p] * covariance[q * best.size() + q])));
      }
    }
  }
}

TEST_CASE("hazard: the logit is the logistic regression of the person-periods laid out") {
  const Drawn data = drawn(200, 9);
  std::vector<double> x, y, weights;
  for (std::size_t r = 0; r < data.time.size(); ++r) {
    for (double t = 1; t <= data.time[r]; ++t) {
      x.insert(x.end(), {std::log(t), data.x[2 * r], data.x[2 * r + 1]});
      y.push_back(t == data.time[r] ? data.event[r] : 0);
      weights.push_back(data.weights[r]);
    }
  }
  const LogisticModel plain = fit_logistic({NumberView(x.data(), y.size(), 3, 3, 1), y, weights, {}}, {.ridge = 0});
  const HazardModel model = fit_hazard(data.rows(), {.features = {"a", "b"}});
  CHECK(near(model.baseline[1], plain.coefficients[0], 1e-9));
  CHECK(near(model.coefficients[0], plain.coefficients[1], 1e-9));
  CHECK(near(model.log_likelihood, plain.log_likelihood, 1e-9));
  const std::vector<HazardTerm> terms = terms_of(model);
  const std::vector<LogisticTerm> expected = terms_of(plain);
  for (std::size_t p = 1; p < 4; ++p) CHECK(near(terms[p].standard_error, expected[p].standard_error, 1e-9));
  CHECK(terms[1].name == "log t");
  CHECK(terms[3].name == "b");
}

TEST_CASE("hazard: Telco's person-months by the reference") {
  const auto telco = Telco::read();
  if (!telco) return;
  const LifetimeRows alone{NumberView(telco->x.data(), telco->time.size(), 0, 0, 1), telco->rows()};
  const HazardModel logit = fit_hazard(alone);
  CHECK(logit.periods == 227'990);
  CHECK(near(logit.log_likelihood, -10362.5915601, 1e-6));
  CHECK(near(logit.baseline[1], -.6016958742, 1e-9));
  const HazardModel cloglog = fit_hazard(alone, {.link = HazardLink::cloglog});
  CHECK(near(cloglog.log_likelihood, -10361.6257699, 1e-6));
  // Contract, paperless billing, monthly charges, internet service, senior citizen.
  std::vector<double> x;
  for (std::size_t r = 0; r < telco->time.size(); ++r)
    for (const std::size_t c : {1, 4, 5, 6, 7, 8, 9}) x.push_back(telco->x[10 * r + c]);
  const LifetimeRows rows{NumberView(x.data(), telco->time.size(), 7, 7, 1), telco->rows()};
  const HazardModel more = fit_hazard(rows, {}, {.executor = thread_executor(2)});
  CHECK(near(more.log_likelihood, -9093.41764482, 1e-6));
  CHECK(near(more.baseline[1], -.351306739, 1e-8));
  CHECK(near(fit_hazard(rows, {.link = HazardLink::cloglog}).log_likelihood, -9090.36540759, 1e-6));
  // A parameter a month alone is Kaplan and Meier's estimate.
  const HazardModel months = fit_hazard(alone, {.link = HazardLink::cloglog, .baseline = HazardBaseline::periods});
  const SurvivalCurve curve = fit_kaplan_meier(telco->rows()).curves[0];
  const std::vector<std::uint32_t> periods = {1, 12, 36, 72};
  const std::vector<double> kept = predict_survival(months, NumberView(x.data(), 1, 0, 0, 1), periods);
  for (std::size_t i = 0; i < 4; ++i) CHECK(near(kept[i], survival_at(curve, periods[i]), 1e-9));
}

TEST_CASE("hazard: the chance to last is the product of the chances to pass") {
  const Drawn data = drawn(200, 3);
  for (const HazardLink link : {HazardLink::logit, HazardLink::cloglog}) {
    const HazardModel model = fit_hazard(data.rows(), {.link = link});
    const std::vector<double> row = {4, 1};
    const std::vector<double> kept =
        predict_survival(model, NumberView(row.data(), 1, 2, 2, 1), std::vector<std::uint32_t>{3, 0, 40});
    double product = 1;
    for (double t = 1; t <= 3; ++t) {
      const double score = model.baseline[0] + model.baseline[1] * std::log(t) +
                           model.coefficients[0] * (4 - model.centre[0]) +
                           model.coefficients[1] * (1 - model.centre[1]);
      product *= link == HazardLink::logit ? 1 / (1 + std::exp(score)) : std::exp(-std::exp(score));
    }
    CHECK(near(kept[0], product, 1e-13));
    CHECK(kept[1] == 1);
    CHECK(kept[2] < kept[0]);
  }
}

TEST_CASE("hazard: the same bits for any order of rows and any threads") {
  const Drawn data = drawn(400, 4);
  Drawn turned{.columns = 2};
  for (std::size_t r = 400; r-- > 0;) {
    turned.x.insert(turned.x.end(), {data.x[2 * r], data.x[2 * r + 1]});
    turned.time.push_back(data.time[r]);
    turned.event.push_back(data.event[r]);
    turned.weights.push_back(data.weights[r]);
  }
  for (const HazardLink link : {HazardLink::logit, HazardLink::cloglog}) {
    const std::string bytes = save(fit_hazard(data.rows(), {.link = link}));
    CHECK(save(fit_hazard(turned.rows(), {.link = link}, {.executor = thread_executor(3)})) == bytes);
  }
}

TEST_CASE("hazard: what cannot be estimated is told by name") {
  Drawn data = drawn(150, 5);
  for (std::size_t r = 0; r < 150; ++r) data.x[2 * r + 1] = data.event[r] == 0 && r % 2 == 0 ? 1 : 0;
  for (const HazardLink link : {HazardLink::logit, HazardLink::cloglog}) {
    try {
      fit_hazard(data.rows(), {.link = link, .features = {"a", "never"}});
      CHECK(false);
    } catch (const Error& error) {
      CHECK(error.code() == Code::invalid);
      CHECK(error.first().field == "never");
    }
  }
  // Nobody ended in period 2.
  Drawn quiet = drawn(150, 6);
  for (std::size_t r = 0; r < 150; ++r)
    if (quiet.time[r] == 2) quiet.event[r] = 0;
  try {
    fit_hazard(quiet.rows(), {.baseline = HazardBaseline::periods});
    CHECK(false);
  } catch (const Error& error) {
    CHECK(error.first().field == "period 2");
  }
}

TEST_CASE("hazard: what it cannot take is refused by field and row") {
  const Drawn good = drawn(60, 7);
  const auto field_of = [](const LifetimeRows& rows, const HazardOptions& options = {}) {
    try {
      fit_hazard(rows, options);
    } catch (const Error& error) {
      return error.first().field + (error.first().row ? ' ' + std::to_string(*error.first().row) : "");
    }
    return std::string("nothing");
  };
  CHECK(field_of(good.rows()) == "nothing");
  Drawn bad = good;
  bad.time[3] = 0;
  CHECK(field_of(bad.rows()) == "time 3");
  bad.time[3] = 2.5;
  CHECK(field_of(bad.rows()) == "time 3");
  bad.time[3] = 1e6;
  CHECK(field_of(bad.rows()) == "time 3");
  bad = good;
  bad.x[9] = std::numeric_limits<double>::infinity();
  CHECK(field_of(bad.rows()) == "x 4");
  bad = good;
  bad.event.assign(60, 0.0);
  CHECK(field_of(bad.rows()) == "event");
  bad.event.assign(60, 1.0);
  bad.time.assign(60, 1.0);
  CHECK(field_of(bad.rows()) == "event");
  const std::vector<std::uint32_t> groups(60, 1);
  CHECK(field_of({good.view(), {good.time, good.event, {}, groups}}) == "groups");
  CHECK(field_of(good.rows(), {.tolerance = 0}) == "tolerance");
  CHECK(field_of(good.rows(), {.rounds = 0}) == "rounds");
  CHECK(field_of(good.rows(), {.features = {"a"}}) == "features");
  bad = good;
  bad.time[0] = 500;
  CHECK_THROWS_AS(fit_hazard(bad.rows(), {.baseline = HazardBaseline::periods}), Error);
  const HazardModel model = fit_hazard(good.rows(), {.baseline = HazardBaseline::periods});
  CHECK_THROWS_AS(predict_survival(model, good.view(), std::vector<std::uint32_t>{99}), Error);
  CHECK_THROWS_AS(predict_survival(model, NumberView(good.x.data(), 4, 3, 3, 1), {}), Error);
}

TEST_CASE("hazard: bytes come back, and damage is refused") {
  const Drawn data = drawn(80, 8);
  HazardModel model = fit_hazard(data.rows(), {.link = HazardLink::cloglog, .features = {"a", "b"}});
  model.data_version = "v5";
  const std::string bytes = save(model);
  CHECK(load_hazard(bytes) == model);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x40);
    CHECK_THROWS_AS(load_hazard(damaged), Error);
    CHECK_THROWS_AS(load_hazard(std::string_view(bytes).substr(0, i)), Error);
  }
}
