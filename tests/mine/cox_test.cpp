#include "emptor/mine/cox.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "mine/lung.hpp"
#include "mine/remission.hpp"
#include "support/telco.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::Lung;
using emptor::test::Remission;
using emptor::test::Telco;

namespace {

bool near(double a, double b, double within) { return std::abs(a - b) < within; }

struct Drawn {
  std::size_t columns = 0;
  std::vector<double> x = {}, time = {}, event = {}, weights = {};
  std::vector<std::uint32_t> group = {};

  NumberView view() const { return {x.data(), time.size(), columns, columns, 1}; }
  LifetimeRows rows() const { return {view(), {time, event, weights, group}}; }
};

/// Many ties, two strata.
Drawn drawn(std::size_t count, std::size_t columns, std::uint64_t seed) {
  Random random(seed);
  Drawn out{.columns = columns};
  for (std::size_t r = 0; r < count; ++r) {
    double sum = 0;
    for (std::size_t c = 0; c < columns; ++c) {
      out.x.push_back(std::floor(4 * random.normal()) / 2 + 3);
      sum += (c % 2 == 0 ? 0.3 : -0.2) * out.x.back();
    }
    out.time.push_back(1 + std::floor(-6 * std::log(random.uniform() + 1e-9) * std::exp(-sum)));
    out.event.push_back(random.below(4) == 0 ? 0 : 1);
    out.weights.push_back(1 + static_cast<double>(random.below(3)));
    out.group.push_back(static_cast<std::uint32_t>(random.below(2)));
  }
  return out;
}

/// The partial log-likelihood by its definition, in n^2.
double plain_likelihood(const Drawn& data, const std::vector<double>& beta, bool efron) {
  const std::size_t count = data.time.size();
  std::vector<double> risk(count, 0.0);
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t c = 0; c < data.columns; ++c) risk[r] += beta[c] * data.x[r * data.columns + c];
  double sum = 0;
  std::vector<bool> done(count, false);
  for (std::size_t r = 0; r < count; ++r) {
    if (data.event[r] == 0 || done[r]) continue;
    double all = 0, tied = 0, weight = 0, deaths = 0;
    for (std::size_t j = 0; j < count; ++j) {
      if (data.group[j] != data.group[r] || data.time[j] < data.time[r]) continue;
      const double part = data.weights[j] * std::exp(risk[j]);
      all += part;
      if (data.time[j] > data.time[r] || data.event[j] == 0) continue;
      done[j] = true;
      tied += part;
      weight += data.weights[j];
      deaths += 1;
      sum += data.weights[j] * risk[j];
    }
    for (double k = 0; k < deaths; ++k) sum -= weight / deaths * std::log(all - (efron ? k / deaths * tied : 0));
  }
  return sum;
}

double plain_concordance(const std::vector<double>& risk, const Lifetimes& rows) {
  double right = 0, pairs = 0;
  for (std::size_t i = 0; i < risk.size(); ++i) {
    for (std::size_t j = 0; j < risk.size(); ++j) {
      const bool outlasts = rows.time[j] > rows.time[i] || (rows.time[j] == rows.time[i] && rows.event[j] == 0);
      if (i == j || rows.event[i] == 0 || !outlasts || rows.groups[i] != rows.groups[j]) continue;
      const double weight = rows.weights[i] * rows.weights[j];
      pairs += weight;
      right += weight * (risk[i] > risk[j] ? 1 : risk[i] == risk[j] ? 0.5 : 0);
    }
  }
  return right / pairs;
}

std::vector<Problem> problems_of(const LifetimeRows& rows, const CoxOptions& options = {}) {
  try {
    fit_cox(rows, options);
  } catch (const Error& error) {
    return error.problems();
  }
  return {};
}

}  // namespace

TEST_CASE("Cox: lung cancer as R's survival 3.5-3 and statsmodels 0.15.0 have it") {
  const Lung lung;
  const CoxModel efron = fit_cox({lung.view(), lung.rows()}, {.features = {"age", "sex", "ph.ecog"}});
  CHECK(efron.converged);
  const double expected[] = {0.0110668, -0.5526124, 0.4637285}, errors[] = {.00926741, .16773905, .11357727};
  for (std::size_t c = 0; c < 3; ++c) CHECK(near(efron.coefficients[c], expected[c], 5e-8));
  CHECK(near(efron.log_likelihood, -729.2301213748619, 1e-8));
  CHECK(near(efron.concordance, .63713549, 5e-9));
  const std::vector<CoxTerm> terms = terms_of(efron);
  for (std::size_t c = 0; c < 3; ++c) CHECK(near(terms[c].standard_error, errors[c], 5e-9));
  CHECK(terms[1].name == "sex");
  CHECK(near(terms[1].hazard_ratio, std::exp(-0.5526124), 1e-7));
  CHECK(near(terms[1].upper - terms[1].lower, 2 * 1.959963984540054 * .16773905, 1e-7));
  const CoxModel breslow = fit_cox({lung.view(), lung.rows()}, {.ties = CoxTies::breslow});
  CHECK(near(breslow.coefficients[1], -.55188957, 5e-9));
  CHECK(near(breslow.log_likelihood, -729.4887051767731, 1e-8));
}

TEST_CASE("Cox: strata have courses of their own, by statsmodels 0.15.0") {
  const Lung lung;
  std::vector<double> x;
  for (std::size_t r = 0; r < lung.time.size(); ++r) {
    x.push_back(lung.x[3 * r]);
    x.push_back(lung.x[3 * r + 2]);
  }
  const CoxModel model =
      fit_cox({NumberView(x.data(), lung.time.size(), 2, 2, 1), {lung.time, lung.event, {}, lung.sex}});
  CHECK(near(model.coefficients[0], 0.010566254601026457, 1e-8));
  CHECK(near(model.coefficients[1], 0.46242443435857655, 1e-8));
  CHECK(near(model.log_likelihood, -628.7709395012043, 1e-8));
  CHECK(near(terms_of(model)[1].standard_error, 0.11476109785480265, 1e-8));
  CHECK(model.baselines.size() == 2);
}

TEST_CASE("Cox: remission, by statsmodels 0.15.0 and lifelines 0.30.3") {
  const Remission data;
  const NumberView x(data.x.data(), 42, 1, 1, 1);
  const CoxModel efron = fit_cox({x, {data.time, data.event, {}, {}}});
  CHECK(near(efron.coefficients[0], 1.5721251488290666, 1e-9));
  CHECK(near(terms_of(efron)[0].standard_error, 0.4123967177094555, 1e-9));
  CHECK(near(efron.log_likelihood, -85.00842457737163, 1e-10));
  CHECK(near(efron.concordance, 0.6900420757363254, 1e-14));
  const CoxModel breslow = fit_cox({x, {data.time, data.event, {}, {}}}, {.ties = CoxTies::breslow});
  CHECK(near(breslow.coefficients[0], 1.5091914125858783, 1e-9));
  CHECK(near(breslow.log_likelihood, -86.37962207114555, 1e-10));
  // The chance to last is that of the baseline, to the power of the hazard ratio: the integral of its steps by hand.
  const std::vector<double> rows = {0, 1}, times = {0.5, 1, 100};
  const std::vector<double> kept = predict_survival(breslow, NumberView(rows.data(), 2, 1, 1, 1), times);
  const double ratio = std::exp(breslow.coefficients[0]);
  CHECK(kept[0] == 1);
  CHECK(near(kept[1], std::exp(-2 / (21 + 21 * ratio)), 1e-12));
  CHECK(near(kept[4], std::exp(-2 * ratio / (21 + 21 * ratio)), 1e-12));
  CHECK(near(kept[5], std::pow(kept[2], ratio), 1e-12));
}

TEST_CASE("Cox: Telco as R's coxph has it") {
  const auto telco = Telco::read();
  if (!telco) return;
  const CoxModel efron = fit_cox({telco->view(), telco->rows()}, {.features = telco->names});
  CHECK(near(efron.log_likelihood, -14120.544435, 1e-6));
  const CoxModel breslow = fit_cox({telco->view(), telco->rows()}, {.ties = CoxTies::breslow});
  CHECK(near(breslow.log_likelihood, -14163.481995, 1e-6));
  CHECK(efron.events == 1'869);
}

TEST_CASE("Cox: likelihood, optimum, errors and concordance are those of the definition") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Drawn data = drawn(40 + 5 * seed, 2, seed);
    for (const bool efron : {true, false}) {
      const CoxModel model = fit_cox(data.rows(), {.ties = efron ? CoxTies::efron : CoxTies::breslow});
      REQUIRE(model.converged);
      CHECK(near(model.log_likelihood, plain_likelihood(data, model.coefficients, efron), 1e-9));
      CHECK(near(model.null_log_likelihood, plain_likelihood(data, {0, 0}, efron), 1e-9));
      constexpr double h = 1e-4;
      const auto moved = [&](double a, double b) {
        return plain_likelihood(data, {model.coefficients[0] + a, model.coefficients[1] + b}, efron);
      };
      CHECK(near((moved(h, 0) - moved(-h, 0)) / (2 * h), 0, 1e-5));
      CHECK(near((moved(0, h) - moved(0, -h)) / (2 * h), 0, 1e-5));
      const double middle = moved(0, 0), aa = -(moved(h, 0) - 2 * middle + moved(-h, 0)) / (h * h);
      const double bb = -(moved(0, h) - 2 * middle + moved(0, -h)) / (h * h);
      const double ab = -(moved(h, h) - moved(h, -h) - moved(-h, h) + moved(-h, -h)) / (4 * h * h);
      const double determinant = aa * bb - ab * ab;
      CHECK(std::abs(model.covariance[0] / (bb / determinant) - 1) < 1e-4);
      CHECK(std::abs(model.covariance[1] / (-ab / determinant) - 1) < 1e-2);
      const std::vector<double> risk = risk_of(model, data.view());
      CHECK(near(model.concordance, plain_concordance(risk, data.rows().lifetimes), 1e-12));
    }
  }
}

TEST_CASE("Cox: a weight of w is w rows under Breslow's ties, and a ridge draws to 0") {
  Drawn data = drawn(60, 2, 99), repeated{.columns = 2};
  for (std::size_t r = 0; r < 60; ++r) {
    for (double i = 0; i < data.weights[r]; ++i) {
      repeated.x.insert(repeated.x.end(), {data.x[2 * r], data.x[2 * r + 1]});
      repeated.time.push_back(data.time[r]);
      repeated.event.push_back(data.event[r]);
      repeated.group.push_back(data.group[r]);
    }
  }
  const CoxModel weighted = fit_cox(data.rows(), {.ties = CoxTies::breslow});
  const CoxModel plain = fit_cox(repeated.rows(), {.ties = CoxTies::breslow});
  CHECK(near(weighted.log_likelihood, plain.log_likelihood, 1e-9));
  CHECK(near(weighted.coefficients[0], plain.coefficients[0], 1e-9));
  CHECK(near(weighted.baselines[1].hazard.back(), plain.baselines[1].hazard.back(), 1e-9));
  const CoxModel ridge = fit_cox(data.rows(), {.ridge = 50});
  CHECK(std::abs(ridge.coefficients[0]) < std::abs(fit_cox(data.rows()).coefficients[0]));
  // At the optimum the gradient of the likelihood is the ridge times the coefficient.
  constexpr double h = 1e-4;
  std::vector<double> up = ridge.coefficients, down = up;
  up[0] += h;
  down[0] -= h;
  const double slope = (plain_likelihood(data, up, true) - plain_likelihood(data, down, true)) / (2 * h);
  CHECK(near(slope, 50 * ridge.coefficients[0], 1e-5));
}

TEST_CASE("Cox: a monotone likelihood is told with its features, not estimated") {
  Drawn data = drawn(80, 3, 7);
  // The second column is 1 for some that have never ended.
  for (std::size_t r = 0; r < 80; ++r) data.x[3 * r + 1] = data.event[r] == 0 && r % 2 == 0 ? 1 : 0;
  std::vector<Problem> problems = problems_of(data.rows(), {.features = {"a", "never", "b"}});
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].code == Code::invalid);
  CHECK(problems[0].field == "never");
  CHECK(fit_cox(data.rows(), {.ridge = 1}).converged);
  // Risks in the order of the ends: the column says when.
  Drawn ordered = drawn(30, 1, 8);
  for (std::size_t r = 0; r < 30; ++r) ordered.x[r] = -ordered.time[r];
  problems = problems_of(ordered.rows(), {.features = {"when"}});
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].field == "when");
}

TEST_CASE("Cox: a column that others explain is aliased, and costs nothing") {
  Drawn data = drawn(100, 2, 3), more{.columns = 3};
  more.time = data.time, more.event = data.event, more.weights = data.weights, more.group = data.group;
  for (std::size_t r = 0; r < 100; ++r)
    more.x.insert(more.x.end(), {data.x[2 * r], data.x[2 * r + 1], 2 * data.x[2 * r] - data.x[2 * r + 1] + 4});
  const CoxModel two = fit_cox(data.rows()), three = fit_cox(more.rows());
  CHECK(three.aliased == std::vector<std::uint8_t>{0, 0, 1});
  CHECK(three.coefficients[2] == 0);
  CHECK(near(three.log_likelihood, two.log_likelihood, 1e-9));
  CHECK(terms_of(three)[2].aliased);
}

TEST_CASE("Cox: features of any size, and any order of rows") {
  Drawn data = drawn(300, 3, 5);
  const CoxModel model = fit_cox(data.rows());
  Drawn large = data;
  for (std::size_t r = 0; r < 300; ++r) large.x[3 * r] = large.x[3 * r] * 1e9 + 1e12;
  const CoxModel scaled = fit_cox(large.rows());
  CHECK(std::abs(scaled.coefficients[0] * 1e9 / model.coefficients[0] - 1) < 1e-6);
  CHECK(near(scaled.log_likelihood, model.log_likelihood, 1e-6));
  Drawn turned{.columns = 3};
  for (std::size_t r = 300; r-- > 0;) {
    turned.x.insert(turned.x.end(), {data.x[3 * r], data.x[3 * r + 1], data.x[3 * r + 2]});
    turned.time.push_back(data.time[r]);
    turned.event.push_back(data.event[r]);
    turned.weights.push_back(data.weights[r]);
    turned.group.push_back(data.group[r]);
  }
  CHECK(save(fit_cox(turned.rows(), {}, {.executor = thread_executor(2)})) == save(model));
}

TEST_CASE("Cox: what it cannot take is refused by field and row") {
  const Drawn good = drawn(30, 2, 1);
  const auto field_of = [](const LifetimeRows& rows, const CoxOptions& options = {}) {
    const std::vector<Problem> problems = problems_of(rows, options);
    if (problems.empty()) return std::string("nothing");
    return problems[0].field + (problems[0].row ? ' ' + std::to_string(*problems[0].row) : "");
  };
  CHECK(field_of(good.rows()) == "nothing");
  Drawn bad = good;
  bad.x[7] = std::numeric_limits<double>::quiet_NaN();
  CHECK(field_of(bad.rows()) == "x 3");
  bad = good;
  bad.x[7] = 1e200;
  CHECK(field_of(bad.rows()) == "x");
  bad = good;
  bad.event.assign(30, 0.0);
  CHECK(field_of(bad.rows()) == "event");
  bad = good;
  bad.time[4] = -1;
  CHECK(field_of(bad.rows()) == "time 4");
  CHECK(field_of({good.view().slice(0, 5), good.rows().lifetimes}) == "x");
  CHECK(field_of(good.rows(), {.ridge = -1}) == "ridge");
  CHECK(field_of(good.rows(), {.tolerance = 0}) == "tolerance");
  CHECK(field_of(good.rows(), {.rounds = 0}) == "rounds");
  CHECK(field_of(good.rows(), {.features = {"a"}}) == "features");
  const CoxModel model = fit_cox(good.rows());
  const std::vector<double> times = {1};
  CHECK_THROWS_AS(predict_survival(model, good.view(), times), Error);
  const std::vector<std::uint32_t> strange(30, 9);
  CHECK_THROWS_AS(predict_survival(model, good.view(), times, strange), Error);
  CHECK_THROWS_AS(risk_of(model, NumberView(good.x.data(), 5, 3, 3, 1)), Error);
  CHECK_THROWS_AS(concordance_of(std::vector<double>(29, 0.0), good.rows().lifetimes), Error);
}

TEST_CASE("Cox: bytes come back, and damage is refused") {
  const Drawn data = drawn(40, 2, 2);
  CoxModel model = fit_cox(data.rows(), {.features = {"a", "b"}});
  model.data_version = "v2";
  const std::string bytes = save(model);
  CHECK(load_cox(bytes) == model);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x08);
    CHECK_THROWS_AS(load_cox(damaged), Error);
    CHECK_THROWS_AS(load_cox(std::string_view(bytes).substr(0, i)), Error);
  }
}
