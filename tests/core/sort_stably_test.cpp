#include "core/sort_stably.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "emptor/core/random.hpp"

using namespace emptor;

TEST_CASE("sort stably: the same order as the standard's stable sort, of numbers and of what must be moved") {
  Random random(5);
  for (std::size_t rows = 0; rows < 200; ++rows) {
    std::vector<std::pair<std::uint64_t, std::string>> list;
    for (std::size_t i = 0; i < rows; ++i) list.emplace_back(random.below(1 + rows / 3), std::to_string(i));
    auto expected = list;
    const auto first = [](const auto& a, const auto& b) { return a.first < b.first; };
    std::stable_sort(expected.begin(), expected.end(), first);
    sort_stably(list, first);
    CHECK(list == expected);
  }
}

TEST_CASE("sort stably: a part of a list leaves the rest alone") {
  std::vector<int> list{9, 3, 2, 1, 0};
  sort_stably(list.begin() + 1, list.end() - 1, [](int a, int b) { return a < b; });
  CHECK(list == std::vector<int>{9, 1, 2, 3, 0});
}
