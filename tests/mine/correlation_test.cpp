#include "emptor/mine/correlation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "mine/distributions.hpp"
#include "support/made_numbers.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::MadeNumbers;

namespace {

NumberView view_of(const std::vector<double>& x, std::size_t columns) {
  return NumberView(x.data(), x.size() / columns, columns, columns, 1);
}

}  // namespace

TEST_CASE("distributions: tails and quantiles are those of SciPy") {
  // SciPy 1.17.1: gammaln, gammaincc, betainc, t.sf, norm.ppf, t.ppf.
  const auto near = [](double found, double expected) { return std::abs(found / expected - 1) < 1e-12; };
  CHECK(near(log_gamma(0.3), 1.0957979948180756));
  CHECK(near(log_gamma(7.5), 7.534364236758734));
  CHECK(near(upper_gamma(0.5, 3.2), 0.01141203638600166));
  CHECK(near(upper_gamma(40, 30), 0.9537469623541579));
  CHECK(near(upper_gamma(3, 50), 2.509303552201055e-19));
  CHECK(near(incomplete_beta(2.5, 0.5, 0.3), 0.018927124071945658));
  CHECK(near(incomplete_beta(200, 300, 0.41), 0.677628164772179));
  CHECK(near(student_two_sided(2.1, 7), 0.07387119621292265));
  CHECK(near(normal_bound(0.95), 1.959963984540054));
  CHECK(near(student_bound(0.95, 9), 2.262157162798205));
  for (const double z : {0.0, 0.1, 1.0, 3.0, 8.0}) CHECK(near(normal_two_sided(z), std::erfc(z / std::sqrt(2.0))));
}

TEST_CASE("correlation: both coefficients and their significance are those of SciPy") {
  const MadeNumbers made;
  const Correlations pearson = correlate(view_of(made.x, 3));
  CHECK(std::abs(pearson.coefficient(0, 1) + 0.23615416759597038) < 1e-14);
  CHECK(std::abs(pearson.p_value(1, 0) - 0.02503681217794226) < 1e-13);
  CHECK(pearson.coefficient(2, 2) == 1);
  CHECK(pearson.p_value(2, 2) == 0);
  const Correlations spearman = correlate(view_of(made.x, 3), {.method = CorrelationMethod::spearman});
  CHECK(std::abs(spearman.coefficient(0, 1) + 0.2982879896425281) < 1e-14);
  CHECK(std::abs(spearman.p_value(0, 1) - 0.004296044125770397) < 1e-14);
  CHECK(spearman.rows[1] == 90);
}

TEST_CASE("correlation: rows with a gap count for the pairs that have both") {
  const double gap = std::nan("");
  const std::vector<double> x{1, 2, 9, 2, gap, 1, 3, 5, gap, 4, 7, 2, 5, 8, 5};
  const Correlations all = correlate(view_of(x, 3));
  CHECK(all.rows == std::vector<std::uint64_t>{5, 4, 4, 4, 4, 3, 4, 3, 4});
  const std::vector<double> whole{1, 2, 3, 5, 4, 7, 5, 8};
  CHECK(all.coefficient(0, 1) == correlate(view_of(whole, 2)).coefficient(0, 1));
  CHECK_THROWS_AS(correlate(view_of(x, 3), {.pairwise = false}), Error);
}

TEST_CASE("correlation: threads and order do not change a bit, constants have no coefficient, scale does not matter") {
  Random random(3);
  std::vector<double> x, turned, large;
  for (int r = 0; r < 500; ++r) {
    const double common = random.normal();
    for (int c = 0; c < 4; ++c) x.push_back(c == 3 ? 7 : common * c + random.normal());
  }
  for (int r = 499; r >= 0; --r) turned.insert(turned.end(), &x[r * 4], &x[r * 4] + 4);
  for (const double value : x) large.push_back(value * 0x1p1000);
  for (const auto method : {CorrelationMethod::pearson, CorrelationMethod::spearman}) {
    const Correlations first = correlate(view_of(x, 4), {.method = method});
    const auto same = [&](const Correlations& other) {
      for (std::size_t i = 0; i < 16; ++i) {
        const bool none = std::isnan(first.coefficients[i]) && std::isnan(other.coefficients[i]);
        if (!none && first.coefficients[i] != other.coefficients[i]) return false;
      }
      return first.p_values == other.p_values;
    };
    CHECK(same(correlate(view_of(turned, 4), {.method = method}, {thread_executor(3), {}})));
    CHECK(same(correlate(view_of(large, 4), {.method = method})));
    CHECK(std::isnan(first.coefficient(3, 0)));
    CHECK(std::isnan(first.coefficient(3, 3)));
    CHECK(first.p_value(3, 0) == 1);
  }
}

TEST_CASE("mutual information: nats, tests and the normalised form are those of scikit-learn and SciPy") {
  const MadeNumbers made;
  std::vector<std::int32_t> a, b;
  for (std::size_t r = 0; r < made.rows; ++r) {
    a.push_back(static_cast<std::int32_t>(made.x[r * 3] * 4) % 5);
    b.push_back(static_cast<std::int32_t>(made.x[r * 3 + 1] * 4) % 5);
  }
  const MutualInformation found = mutual_information(a, b);
  CHECK(std::abs(found.nats - 0.4460847435519012) < 1e-14);
  CHECK(std::abs(found.normalised - 0.3063105549309858) < 1e-14);
  CHECK(std::abs(found.g - 80.2952538393422) < 1e-11);
  CHECK(std::abs(found.p_value / 1.4720584698212627e-10 - 1) < 1e-10);
  CHECK(std::abs(found.chi_square - 75.33927517287906) < 1e-11);
  CHECK(std::abs(found.p_value_chi_square / 1.1378481218569976e-09 - 1) < 1e-10);
  CHECK(found.degrees == 16);
  CHECK(std::abs(found.cramers_v - std::sqrt(75.33927517287906 / (90 * 4))) < 1e-13);
  CHECK(mutual_information(a, a).normalised == doctest::Approx(1));
  a.push_back(-1);
  b.push_back(3);
  CHECK(mutual_information(a, b) == found);
  std::reverse(a.begin(), a.end());
  std::reverse(b.begin(), b.end());
  CHECK(mutual_information(a, b) == found);
}

TEST_CASE("mutual information: independent columns look significant as often as they should") {
  Random random(8);
  std::size_t below = 0;
  for (int i = 0; i < 1'000; ++i) {
    std::vector<std::int32_t> a, b;
    for (int r = 0; r < 300; ++r) {
      a.push_back(static_cast<std::int32_t>(random.below(3)));
      b.push_back(static_cast<std::int32_t>(random.below(4)));
    }
    below += mutual_information(a, b).p_value < 0.1 ? 1 : 0;
  }
  CHECK(below > 70);
  CHECK(below < 135);
}

TEST_CASE("mutual information: numbers become equally filled bins that never part equal ones") {
  const std::vector<double> numbers{5, 1, 1, 1, std::nan(""), 9, 7, 8};
  CHECK(equal_bins(numbers, 3) == std::vector<std::int32_t>{1, 0, 0, 0, -1, 2, 1, 2});
  CHECK_THROWS_AS(equal_bins(numbers, 1), Error);
  CHECK_THROWS_AS(mutual_information({}, {}), Error);
  CHECK_THROWS_AS(mutual_information(std::vector<std::int32_t>{-1}, std::vector<std::int32_t>{1}), Error);
}
