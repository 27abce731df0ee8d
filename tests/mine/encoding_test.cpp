#include "emptor/mine/encoding.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "emptor/core/error.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

using Codes = std::vector<std::int32_t>;

std::vector<double> encoded(const CategoryEncoding& encoding, const std::vector<Codes>& columns) {
  const std::vector<CategoryColumn> views(columns.begin(), columns.end());
  std::vector<double> out(columns.front().size() * encoding.width());
  apply(encoding, views, out);
  return out;
}
CategoryEncoding learnt(const std::vector<Codes>& columns, const EncodingOptions& options = {}) {
  const std::vector<CategoryColumn> views(columns.begin(), columns.end());
  return fit_encoding(views, options);
}

}  // namespace

TEST_CASE("encoding: one column a category, in the order of codes") {
  const CategoryEncoding encoding = learnt({{7, 3, 7}, {0, 0, 1}});
  CHECK(encoding.width() == 4);
  CHECK(encoding.first_column(1) == 2);
  CHECK(encoded(encoding, {{7, 3, 7}, {0, 0, 1}}) == std::vector<double>{0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1});
}

TEST_CASE("encoding: unknown categories are zeros, rare or refused") {
  const std::vector<Codes> train{{1, 1, 2, 2, 3}};
  CHECK(encoded(learnt(train), {{9}}) == std::vector<double>{0, 0, 0});
  CHECK_THROWS_AS(encoded(learnt(train, {.unknown = UnknownCategory::refuse}), {{9}}), Error);
  const EncodingOptions rare{.unknown = UnknownCategory::rare, .least_rows = 2};
  CHECK(encoded(learnt(train, rare), {{9, 3, 2}}) == std::vector<double>{0, 0, 1, 0, 0, 1, 0, 1, 0});
}

TEST_CASE("encoding: missing is zeros, a category of its own, or refused") {
  const std::vector<Codes> train{{4, -1, 4}};
  CHECK(encoded(learnt(train), train) == std::vector<double>{1, 0, 1});
  CHECK(encoded(learnt(train, {.missing = MissingCategory::category}), train) == std::vector<double>{1, 0, 0, 1, 1, 0});
  CHECK(encoded(learnt({{4, 4}}, {.missing = MissingCategory::category}), {{-1}}) == std::vector<double>{0});
  CHECK_THROWS_AS(learnt(train, {.missing = MissingCategory::refuse}), Error);
}

TEST_CASE("encoding: the first may be dropped, and ordinals are ranks") {
  CHECK(encoded(learnt({{5, 8, 6}}, {.drop_first = true}), {{5, 8, 6}}) == std::vector<double>{0, 0, 0, 1, 1, 0});
  const std::vector<double> ranks = encoded(learnt({{5, 8, 6}}, {.method = EncodingMethod::ordinal}), {{6, 8, 9, -1}});
  CHECK(ranks[0] == 1);
  CHECK(ranks[1] == 2);
  CHECK(ranks[2] == -1);
  CHECK(std::isnan(ranks[3]));
}

TEST_CASE("encoding: only so many categories are kept, the most frequent") {
  const std::vector<Codes> train{{1, 2, 2, 3, 3, 3, 4}};
  const CategoryEncoding encoding = learnt(train, {.most_categories = 3});
  CHECK(encoding.features[0].codes == Codes{2, 3});
  CHECK(encoding.features[0].rare == Codes{1, 4});
  CHECK(learnt(train, {.most_categories = 4}).features[0].rare.empty());
}

TEST_CASE("encoding: a hundred thousand categories are rows of memory, ten million columns a budget") {
  Codes many(100'000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<std::int32_t>(i * 3);
  CHECK(learnt({many}).width() == 100'000);
  try {
    learnt(std::vector<Codes>(11, many));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == Code::budget);
  }
}

TEST_CASE("encoding: what was saved comes back; wrong input is refused") {
  const CategoryEncoding encoding = learnt({{1, -1, 2, 2}}, {.missing = MissingCategory::category, .least_rows = 2});
  CHECK(load_encoding(save(encoding)) == encoding);
  CHECK_THROWS_AS(load_encoding(save(encoding).substr(1)), Error);
  CHECK_THROWS_AS(learnt({{1}, {1, 2}}), Error);
  CHECK_THROWS_AS(fit_encoding({}), Error);
  CHECK_THROWS_AS(encoded(encoding, {{1}, {1}}), Error);
}
