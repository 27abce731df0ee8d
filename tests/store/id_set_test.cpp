// Sets of ids against std::set, over random histories.
#include <doctest/doctest.h>

#include <set>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/store/id_set.hpp"

using namespace emptor;

namespace {

std::vector<std::int64_t> members(const IdSet& ids) {
  std::vector<std::int64_t> found;
  ids.each([&](Id id) { found.push_back(id.value); });
  return found;
}

}  // namespace

TEST_CASE("id set: what std::set holds after the same inserts, erasures, unions and intersections") {
  Random random(7);
  IdSet ids;
  std::set<std::int64_t> plain;
  for (int step = 0; step < 3'000; ++step) {
    const auto id = static_cast<std::int64_t>(1 + random.below(500));
    if (random.below(3) != 0) {
      ids.insert(Id{id});
      plain.insert(id);
    } else {
      ids.erase(Id{id});
      plain.erase(id);
    }
    if (step % 50 == 0) {
      IdSet other;
      std::set<std::int64_t> plain_other;
      for (int i = 0; i < 200; ++i) {
        const auto more = static_cast<std::int64_t>(1 + random.below(random.below(2) == 0 ? 900 : 90));
        other.insert(Id{more});
        plain_other.insert(more);
      }
      if (step % 100 == 0) {
        ids |= other;
        plain.insert(plain_other.begin(), plain_other.end());
      } else {
        ids &= other;
        std::erase_if(plain, [&](std::int64_t each) { return !plain_other.contains(each); });
      }
    }
    REQUIRE(ids.size() == plain.size());
    REQUIRE(members(ids) == std::vector<std::int64_t>(plain.begin(), plain.end()));
    REQUIRE(ids.contains(Id{id}) == plain.contains(id));
  }
}

TEST_CASE(
    "id set: nothing below one and nothing beyond its end is a member, and room without members is no difference") {
  IdSet ids, same;
  ids.insert(Id{3});
  same.insert(Id{3});
  same.insert(Id{4'000});
  CHECK(ids != same);
  same.erase(Id{4'000});
  CHECK(ids == same);
  for (const std::int64_t id : {0LL, -1LL, 64LL, 1LL << 62}) CHECK_FALSE(ids.contains(Id{id}));
  CHECK_THROWS_AS(ids.insert(Id{0}), Error);
  CHECK_THROWS_AS(ids.insert(Id{-5}), Error);
}
