#include "emptor/mine/splits.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

std::vector<double> classes(std::size_t rows, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> y(rows);
  for (double& value : y) value = static_cast<double>(random.below(10) < 3 ? 1 : random.below(2) * 2);
  return y;
}

std::size_t most_apart(const std::vector<std::uint32_t>& folds, std::uint32_t count, const std::vector<double>& y,
                       double of) {
  std::vector<std::size_t> sizes(count);
  for (std::size_t r = 0; r < folds.size(); ++r) {
    if (of < 0 || y[r] == of) ++sizes[folds[r]];
  }
  const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
  return *most - *least;
}

}  // namespace

TEST_CASE("splits: folds differ by at most one row, in every class too") {
  for (const std::size_t rows : {7, 100, 1003}) {
    const std::vector<double> y = classes(rows, rows);
    const auto folds = stratified_folds(y, {.folds = 5, .seed = 4});
    for (const double of : {-1.0, 0.0, 1.0, 2.0}) CHECK(most_apart(folds, 5, y, of) <= 1);
    CHECK(most_apart(random_folds(rows, {.folds = 5}), 5, y, -1) <= 1);
  }
}

TEST_CASE("splits: a row keeps its fold in whatever order the rows come, and another seed moves it") {
  const std::vector<double> y = classes(300, 1);
  std::vector<std::uint64_t> ids, back_ids;
  for (std::uint64_t i = 0; i < 300; ++i) ids.push_back(i * i + 5);
  std::vector<double> back(y.rbegin(), y.rend());
  back_ids.assign(ids.rbegin(), ids.rend());
  auto folds = stratified_folds(y, {.seed = 3}, ids);
  auto turned = stratified_folds(back, {.seed = 3}, back_ids);
  std::reverse(turned.begin(), turned.end());
  CHECK(folds == turned);
  CHECK(folds != stratified_folds(y, {.seed = 4}, ids));
}

TEST_CASE("splits: a group is never cut, and folds are about equal") {
  Random random(6);
  std::vector<std::uint64_t> groups;
  std::vector<double> y;
  for (std::uint64_t g = 0; g < 60; ++g) {
    const std::uint64_t size = 1 + random.below(9);
    for (std::uint64_t i = 0; i < size; ++i) {
      groups.push_back(g * 11);
      y.push_back(random.below(4) == 0 ? 1 : 0);
    }
  }
  for (const auto& folds : {grouped_folds(groups, {.folds = 4}), stratified_grouped_folds(y, groups, {.folds = 4})}) {
    std::map<std::uint64_t, std::uint32_t> fold_of;
    for (std::size_t r = 0; r < groups.size(); ++r) {
      CHECK(fold_of.try_emplace(groups[r], folds[r]).first->second == folds[r]);
    }
    CHECK(std::set<std::uint32_t>(folds.begin(), folds.end()).size() == 4);
  }
  CHECK(most_apart(grouped_folds(groups, {.folds = 4}), 4, y, -1) <= 2);
  const auto stratified = stratified_grouped_folds(y, groups, {.folds = 4});
  CHECK(most_apart(stratified, 4, y, 1) <= 4);
  CHECK(most_apart(stratified, 4, y, 0) <= 12);
}

TEST_CASE("splits: a hold-out has its share of every class") {
  const std::vector<double> y = classes(1000, 8);
  const Split split = hold_out(1000, {.test = 0.2, .seed = 2}, y);
  CHECK(split.test.size() == 200);
  CHECK(split.train.size() == 800);
  for (const double of : {0.0, 1.0, 2.0}) {
    const auto all = static_cast<double>(std::count(y.begin(), y.end(), of));
    const auto tested = static_cast<double>(
        std::count_if(split.test.begin(), split.test.end(), [&](std::size_t r) { return y[r] == of; }));
    CHECK(std::abs(tested - 0.2 * all) <= 1.0);
  }
  CHECK(hold_out(2, {.test = 0.01}).test.size() == 1);
}

TEST_CASE("splits: in time nothing of a test's instant or after it is learnt from") {
  std::vector<std::int64_t> instants;
  for (std::int64_t i = 0; i < 100; ++i) instants.push_back((i * 37 % 100) / 3);  // three rows an instant, mixed
  for (const std::int64_t gap : {0, 2}) {
    const std::vector<Split> splits = time_splits(instants, {.splits = 4, .gap = gap});
    REQUIRE(splits.size() == 4);
    std::set<std::size_t> tested;
    for (const Split& split : splits) {
      std::int64_t last = -1, first = 1000;
      for (const std::size_t r : split.train) last = std::max(last, instants[r]);
      for (const std::size_t r : split.test) first = std::min(first, instants[r]);
      CHECK(last + gap < first);
      for (const std::size_t r : split.test) CHECK(tested.insert(r).second);
    }
    CHECK(tested.size() >= 78);
  }
  CHECK(time_splits(instants, {.splits = 2, .test_rows = 10, .window_rows = 7})[1].train.size() == 7);
}

TEST_CASE("splits: what cannot be split is refused") {
  const std::vector<double> y{0, 1, 0};
  const std::vector<std::uint64_t> same{1, 1, 1};
  CHECK_THROWS_AS(random_folds(3, {.folds = 4}), Error);
  CHECK_THROWS_AS(random_folds(3, {.folds = 1}), Error);
  CHECK_THROWS_AS(random_folds(0, {}), Error);
  CHECK_THROWS_AS(random_folds(3, {.folds = 2}, same), Error);
  CHECK_THROWS_AS(grouped_folds(same, {.folds = 2}), Error);
  CHECK_THROWS_AS(stratified_grouped_folds(y, std::span(same).first(2), {.folds = 2}), Error);
  CHECK_THROWS_AS(hold_out(3, {.test = 1}), Error);
  CHECK_THROWS_AS(hold_out(1), Error);
  CHECK_THROWS_AS(time_splits(std::vector<std::int64_t>{1, 2, 3}, {.splits = 3}), Error);
  CHECK_THROWS_AS(time_splits(std::vector<std::int64_t>{1, 1, 1, 1}, {.splits = 1}), Error);
}
