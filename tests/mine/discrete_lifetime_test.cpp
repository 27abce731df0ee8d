#include "emptor/mine/discrete_lifetime.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <sstream>

#include "emptor/core/error.hpp"
#include "support/data.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

struct Donors {
  std::vector<double> frequency, recency, opportunities, weights;
  Opportunities view() const { return {frequency, recency, opportunities, weights}; }
};

DiscreteLifetimeModel of(std::vector<double> parameters) { return discrete_lifetime_of(parameters); }

/// All histories of n opportunities, with their chances.
Donors all_histories(int n) {
  Donors out;
  for (int bits = 0; bits < 1 << n; ++bits) {
    int x = 0, last = 0;
    for (int t = 1; t <= n; ++t) {
      if ((bits >> (t - 1) & 1) != 0) ++x, last = t;
    }
    out.frequency.push_back(x);
    out.recency.push_back(last);
    out.opportunities.push_back(n);
  }
  return out;
}

}  // namespace

TEST_CASE("discrete lifetime: the donors of Fader, Hardie and Shang") {
  // The paper's model and data (2010); the maximum and its errors by 30-digit arithmetic.
  const auto path = test::data_path("donations/donations_summary.csv");
  if (!path) return;
  Donors donors;
  std::ifstream file(*path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream fields(line);
    double x = 0, tx = 0, n = 0, w = 0;
    fields >> x >> tx >> n >> w;
    donors.frequency.push_back(x);
    donors.recency.push_back(tx);
    donors.opportunities.push_back(n);
    donors.weights.push_back(w);
  }
  const DiscreteLifetimeModel model = fit_discrete_lifetime(donors.view());
  CHECK(model.end == FitEnd::certified);
  CHECK(model.customers == 11'104);
  CHECK(std::abs(model.log_likelihood + 33225.58127435) < 1e-7);
  const double truth[] = {1.203522352, .7497163582, .6567182084, 2.783442233};
  const double errors[] = {.069391362, .029447717, .051009859, .32081900};
  const std::size_t places[] = {0, 2, 5, 9};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(model.parameters[i] == doctest::Approx(truth[i]).epsilon(1e-8));
    CHECK(std::sqrt(model.covariance[places[i]]) == doctest::Approx(errors[i]).epsilon(1e-6));
  }
  std::reverse(donors.frequency.begin(), donors.frequency.end());
  std::reverse(donors.recency.begin(), donors.recency.end());
  std::reverse(donors.weights.begin(), donors.weights.end());
  CHECK(save(fit_discrete_lifetime(donors.view(), {}, {thread_executor(3), {}})) == save(model));
}

TEST_CASE("discrete lifetime: chances of all histories add up, and forecasts are their means") {
  for (const auto& model : {of({1.2, .75, .66, 2.8}), of({.3, 2, 1, .4}), of({30, 20, .01, 5})}) {
    const Donors seen = all_histories(3), later = all_histories(7);
    std::vector<double> chance(seen.frequency.size()), next(chance), alive(chance), of_all(later.frequency.size());
    log_likelihoods(model, seen.view(), chance);
    log_likelihoods(model, later.view(), of_all);
    expected_transactions(model, seen.view(), 4, next);
    chance_alive(model, seen.view(), 0, alive);
    double sum = 0;
    for (std::size_t i = 0; i < chance.size(); ++i) {
      sum += std::exp(chance[i]);
      // The histories of 7 opportunities that begin as this one does.
      double mean = 0, total = 0;
      for (std::size_t j = i; j < of_all.size(); j += chance.size()) {
        total += std::exp(of_all[j]);
        mean += std::exp(of_all[j]) * (later.frequency[j] - seen.frequency[i]);
      }
      CHECK(total == doctest::Approx(std::exp(chance[i])).epsilon(1e-12));
      CHECK(next[i] == doctest::Approx(mean / total).epsilon(1e-11));
      CHECK((seen.recency[i] < 3 || alive[i] == 1));
    }
    CHECK(sum == doctest::Approx(1).epsilon(1e-13));
  }
}

TEST_CASE("discrete lifetime: a model is what was saved; wrong input is refused") {
  const Donors rows = all_histories(4);
  const DiscreteLifetimeModel model = fit_discrete_lifetime(rows.view());
  const std::string bytes = save(model);
  CHECK(load_discrete_lifetime(bytes) == model);
  for (std::size_t i = 0; i < bytes.size(); i += 5) CHECK_THROWS_AS(load_discrete_lifetime(bytes.substr(0, i)), Error);
  const auto refused = [](double x, double tx, double n) {
    try {
      fit_discrete_lifetime({{&x, 1}, {&tx, 1}, {&n, 1}});
    } catch (const Error& error) {
      return error.first().field;
    }
    return std::string();
  };
  CHECK(refused(3, 2, 6) == "recency");
  CHECK(refused(0, 2, 6) == "recency");
  CHECK(refused(7, 7, 6) == "frequency");
  CHECK(refused(1, 1.5, 6) == "recency");
  CHECK(refused(std::nan(""), 1, 6) == "frequency");
  CHECK(refused(1, 1, 0) == "opportunities");
  CHECK(refused(1, 1, 1e5) == "opportunities");
}
