#include "emptor/mine/leak_screen.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "emptor/core/error.hpp"
#include "support/made_rows.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::MadeTable;

namespace {

/// Eight columns that tell a little each, and one more of the caller's.
template <class Last>
MadeTable with_last(std::size_t rows, std::uint64_t seed, Last last) {
  Random random(seed);
  MadeTable table{.columns = 9};
  for (std::size_t row = 0; row < rows; ++row) {
    double score = 0;
    for (std::size_t c = 0; c < 8; ++c) {
      table.x.push_back(random.normal());
      score += 0.35 * table.x.back();
    }
    const double y = random.uniform() < 1 / (1 + std::exp(-score)) ? 1 : 0;
    table.x.push_back(last(y, score, random));
    table.y.push_back(y);
  }
  return table;
}

}  // namespace

TEST_CASE("leak screen: honest columns are no suspects, and each one's own AUC is told") {
  const MadeTable table = with_last(3'000, 1, [](double, double, Random& random) { return random.normal(); });
  const LeakScreen screen = screen_leaks(table.rows());
  CHECK(screen.suspects.empty());
  REQUIRE(screen.auc.size() == 9);
  // About .57 each by the normal approximation, less what 24 bins blur.
  for (std::size_t c = 0; c < 8; ++c) {
    CHECK(screen.auc[c] > 0.53);
    CHECK(screen.auc[c] < 0.66);
  }
  CHECK(std::abs(screen.auc[8] - 0.5) < 0.03);
  CHECK(screen_leaks(table.rows(), {}, {thread_executor(3)}) == screen);
}

TEST_CASE("leak screen: a column that tells more than all others together is a suspect") {
  // Learnt from the outcome, with noise: 1.4 deviations apart tell an AUC of .84.
  const MadeTable table =
      with_last(3'000, 2, [](double y, double, Random& random) { return 1.4 * y + random.normal(); });
  const LeakScreen screen = screen_leaks(table.rows());
  REQUIRE(screen.suspects.size() == 1);
  CHECK(screen.suspects[0].column == 8);
  CHECK(screen.suspects[0].reason == LeakReason::more_than_the_others);
  CHECK(screen.suspects[0].auc == doctest::Approx(0.84).epsilon(0.03));
  CHECK(screen.suspects[0].rest_auc < screen.suspects[0].auc);
}

TEST_CASE("leak screen: a strong honest column among others as strong is none") {
  // What the others tell, seen through noise: strong alone, and yet they know more.
  const MadeTable table =
      with_last(3'000, 3, [](double, double score, Random& random) { return score + random.normal(); });
  const LeakScreen screen = screen_leaks(table.rows(), {.least_auc = 0.6});
  CHECK(screen.auc[8] > 0.62);
  CHECK(screen.suspects.empty());
}

TEST_CASE("leak screen: that a cell is filled at all may give an outcome away, and so may a name") {
  const double missing = std::numeric_limits<double>::quiet_NaN();
  const MadeTable filled = with_last(1'000, 4, [&](double y, double, Random& random) {
    return y == 1 ? static_cast<double>(random.below(6)) : missing;  // the reason of a cancellation
  });
  const LeakScreen screen = screen_leaks(filled.rows(), {.categorical = {8}});
  REQUIRE(screen.suspects.size() == 1);
  CHECK(screen.suspects[0].column == 8);
  CHECK(screen.suspects[0].reason == LeakReason::certain);
  CHECK(screen.suspects[0].auc > 0.99);
}

TEST_CASE("leak screen: names that are nearly all different are not taken for knowledge") {
  const MadeTable table =
      with_last(2'000, 5, [next = 0](double, double, Random&) mutable { return static_cast<double>(next++); });
  const LeakScreen screen = screen_leaks(table.rows(), {.categorical = {8}});
  CHECK(std::abs(screen.auc[8] - 0.5) < 0.03);
  CHECK(screen.suspects.empty());
}

TEST_CASE("leak screen: few rows of a class are refused") {
  MadeTable table = test::made_table(50, 2, 1, true);
  for (double& y : table.y) y = 0;
  table.y[0] = 1;
  CHECK_THROWS_AS((void)screen_leaks(table.rows()), Error);
}
