#include "emptor/mine/profit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

struct Drawn {
  std::vector<double> y, scores;
  explicit Drawn(std::size_t rows, std::uint64_t seed) {
    Random random(seed);
    for (std::size_t r = 0; r < rows; ++r) {
      const double chance = random.uniform() * random.uniform();
      y.push_back(random.uniform() < chance ? 1 : 0);
      scores.push_back(std::floor(chance * 50) / 50);  // with ties
    }
  }
};

/// By definition, row by row.
double plain_profit(const Drawn& rows, double threshold, const OfferTerms& terms, double success) {
  double sum = 0;
  for (std::size_t r = 0; r < rows.y.size(); ++r) {
    if (rows.scores[r] < threshold) continue;
    sum += rows.y[r] == 1 ? success * (terms.value - terms.cost) - terms.contact : -terms.cost - terms.contact;
  }
  return sum / static_cast<double>(rows.y.size());
}

/// The best of all thresholds, nobody among them.
double plain_best(const Drawn& rows, const OfferTerms& terms, double success) {
  double best = 0;
  for (int step = 0; step <= 50; ++step) best = std::max(best, plain_profit(rows, step / 50.0, terms, success));
  return best;
}

}  // namespace

TEST_CASE("profit: at a threshold, and at the best, by definition") {
  const Drawn rows(700, 3);
  const OfferTerms terms{.value = 90, .cost = 12, .contact = 1.5, .success = .4};
  for (const double threshold : {0.0, .1, .42, .9})
    CHECK(profit_at(rows.y, rows.scores, threshold, terms).profit ==
          doctest::Approx(plain_profit(rows, threshold, terms, .4)).epsilon(1e-9));
  const ProfitChoice best = most_profitable(rows.y, rows.scores, terms);
  CHECK(best.profit == doctest::Approx(plain_best(rows, terms, .4)).epsilon(1e-9));
  CHECK(profit_at(rows.y, rows.scores, best.threshold, terms).profit == best.profit);
  const std::vector<ProfitChoice> curve = profit_curve(rows.y, rows.scores, terms, 10);
  CHECK(curve.back().share == 1);
  CHECK(curve.back().profit == doctest::Approx(plain_profit(rows, 0, terms, .4)).epsilon(1e-9));
}

TEST_CASE("profit: the expected maximum is the integral over the chance of success") {
  const Drawn rows(400, 5);
  for (const OfferTerms terms :
       {OfferTerms{}, OfferTerms{.value = 60, .cost = 15, .contact = 2, .success = .6, .certainty = 5}}) {
    const double a = terms.success * terms.certainty, b = terms.certainty - a;
    const double norm = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b));
    double sum = 0;
    constexpr int cells = 4'000;
    for (int cell = 0; cell < cells; ++cell) {
      const double success = (cell + .5) / cells;
      const double density = norm * std::pow(success, a - 1) * std::pow(1 - success, b - 1);
      sum += density * plain_best(rows, terms, success) / cells;
    }
    CHECK(expected_maximum_profit(rows.y, rows.scores, terms).profit == doctest::Approx(sum).epsilon(1e-4));
  }
}

TEST_CASE("profit: with calibrated chances the paying chance is where profit is greatest") {
  Random random(9);
  std::vector<double> y, chances;
  for (int r = 0; r < 200'000; ++r) {
    chances.push_back(std::floor(random.uniform() * 40 + .5) / 40);
    y.push_back(random.uniform() < chances.back() ? 1 : 0);
  }
  const OfferTerms terms{.value = 100, .cost = 20, .contact = 2, .success = .5};
  CHECK(paying_chance(terms) == doctest::Approx(22.0 / 60));
  // The scores between which the paying chance lies are .35 and .375.
  CHECK(most_profitable(y, chances, terms).threshold == doctest::Approx(.375));
}

TEST_CASE("profit: an offer that never pays is made to nobody, and terms are checked") {
  const Drawn rows(300, 8);
  const OfferTerms dear{.value = 30, .cost = 20, .contact = 5, .success = .2};
  CHECK(paying_chance(dear) == std::numeric_limits<double>::infinity());
  CHECK(most_profitable(rows.y, rows.scores, dear).share == 0);
  const auto field_of = [&](const OfferTerms& terms) {
    try {
      most_profitable(rows.y, rows.scores, terms);
    } catch (const Error& error) {
      return error.first().field;
    }
    return std::string("nothing");
  };
  CHECK(field_of({.value = 10}) == "value");
  CHECK(field_of({.cost = -1}) == "cost");
  CHECK(field_of({.success = 1}) == "success");
}
