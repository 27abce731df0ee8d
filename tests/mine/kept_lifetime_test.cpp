#include "emptor/mine/kept_lifetime.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

struct Rows {
  std::vector<double> frequency, recency, age;
  Purchases view() const { return {frequency, recency, age}; }
};

Rows random_rows(std::size_t count) {
  Random random(7);
  Rows rows;
  for (std::size_t i = 0; i < count; ++i) {
    const double age = static_cast<double>(random.below(20'000)) / 7;
    const double repeats = age > 0 ? static_cast<double>(random.below(40)) : 0;
    rows.age.push_back(age);
    rows.frequency.push_back(repeats);
    rows.recency.push_back(repeats > 0 ? age * static_cast<double>(1 + random.below(100)) / 100 : 0);
  }
  return rows;
}

LifetimeModel model_of(LifetimeKind kind) {
  const double four[] = {.24, 4.41, .79, 2.43};
  return lifetime_of(kind, std::span(four).first(parameter_names(kind).size()));
}

bool same(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

}  // namespace

// The oracle is the same question asked of all rows together.
TEST_CASE("kept lifetime: one customer is told, bit for bit, what all are told together, for every kind and rate") {
  const Rows rows = random_rows(3'000);
  std::vector<double> alive(3'000), expected(3'000), discounted(3'000);
  for (const LifetimeKind kind :
       {LifetimeKind::nbd, LifetimeKind::bg_nbd, LifetimeKind::mbg_nbd, LifetimeKind::pareto_nbd}) {
    for (const double rate : {0.0, .0018}) {
      const LifetimeModel model = model_of(kind);
      chance_alive(model, rows.view(), 0, alive);
      expected_purchases(model, rows.view(), 0, 52, expected);
      discounted_purchases(model, rows.view(), rate, 52, discounted);
      KeptLifetime kept(model, {.until = 52, .rate = rate});
      std::size_t different = 0;
      for (std::size_t i = 0; i < 3'000; ++i) {
        const LifetimeAnswer answer = kept.ask(rows.frequency[i], rows.recency[i], rows.age[i]);
        different += !same(answer.alive, alive[i]) || !same(answer.expected, expected[i]) ||
                     !same(answer.discounted, discounted[i]);
      }
      CAPTURE(name_of(kind));
      CAPTURE(rate);
      CHECK(different == 0);
    }
  }
}

TEST_CASE("kept lifetime: what cannot be is refused by field") {
  CHECK_THROWS_AS(KeptLifetime(model_of(LifetimeKind::bg_nbd), {.until = -1}), Error);
  CHECK_THROWS_AS(KeptLifetime(model_of(LifetimeKind::bg_nbd), {.rate = -1}), Error);
  KeptLifetime kept(model_of(LifetimeKind::bg_nbd), {});
  try {
    kept.ask(2, 9, 5);
    FAIL("a last purchase after the end was taken");
  } catch (const Error& error) {
    CHECK(error.first().field == "recency");
  }
}
