// Paired worlds: two stores that differ only in what a user may not see tell that user the same, call by call. What
// each call told in some world must at least once have been something, else the comparison proves nothing about it.
#include "support/paired_worlds.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

using namespace emptor;
using namespace emptor::test;

namespace {

std::vector<std::string> told_in(std::uint64_t seed, std::uint64_t side) {
  const auto store = open_memory({.create = true, .currency = *Currency::parse("EUR")});
  PairedWorld world(*store, seed, side);
  world.fill(14);
  return everything_told(world);
}

std::string call_of(const std::string& line) { return line.substr(0, line.find(':')); }

}  // namespace

TEST_CASE("[M5] rights: worlds that differ in what a user may not see tell that user the same") {
  const char* runs = std::getenv("EMPTOR_RUNS");
  const std::uint64_t pairs = runs == nullptr ? 60 : std::strtoull(runs, nullptr, 10);
  const char* first = std::getenv("EMPTOR_SEED");
  const std::uint64_t begin = first == nullptr ? 1 : std::strtoull(first, nullptr, 10);
  std::set<std::string> asked, answered;
  for (std::uint64_t seed = begin; seed < begin + pairs; ++seed) {
    CAPTURE(seed);
    const auto one = told_in(seed, 0), other = told_in(seed, 1);
    REQUIRE(one.size() == other.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
      REQUIRE(one[i] == other[i]);
      asked.insert(call_of(one[i]));
      if (one[i].size() > call_of(one[i]).size() + 2) answered.insert(call_of(one[i]));
    }
  }
  for (const std::string call :
       {"customer", "order", "interaction", "score", "feed", "journal", "journal of a customer", "history", "profile",
        "card", "rename", "make", "then customer", "insight rfm", "export customer", "groups of country"})
    CHECK_MESSAGE(answered.contains(call), call);
  CHECK(asked.size() > 200);
}
