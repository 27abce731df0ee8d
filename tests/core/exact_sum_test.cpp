#include "emptor/core/exact_sum.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double sum_of(const std::vector<double>& terms) {
  DoubleSum sum;
  for (const double term : terms) sum.add(term);
  return sum.value();
}

struct Known {
  std::vector<double> terms;
  double sum;
};

// Python: exact sums as fractions, rounded once to the nearest double.
const Known known_sums[] = {
    {{-0x1.5a7bfe60722b0p+46, 0x1.5454c1e627ef2p+29, -0x1.11cd32e0822c9p+53, -0x1.20cd1df8d2832p+39,
      -0x1.ae880a915ff91p+58, 0x1.a6396342c94a4p-48, -0x1.2ca760db85948p-40, -0x1.1c0784df1d064p+66,
      -0x1.65e7eec722167p+16, 0x1.01fe0d94e786bp+63, 0x1.4d3978e8073bap+61, -0x1.1a4e85a039fcep+43},
     -0x1.e62a4bb3a864ap+65},
    {{0x1.1ccf385ebc8a0p+1023, 0x1.1ccf385ebc8a0p+1023, -0x1.1ccf385ebc8a0p+1023, 0x1.56e1fc2f8f359p-997},
     0x1.1ccf385ebc8a0p+1023},
    {{0x0.0000000000001p-1022, 0x0.0000000000001p-1022, 0x0.0000000000001p-1022, 0x0.012688b70e62bp-1022},
     0x0.012688b70e62ep-1022},
    {{0x1.0000000000000p+0, 0x1.0000000000000p-53, 0x1.0000000000000p-106}, 0x1.0000000000001p+0},
    {{0x1.0000000000000p+0, 0x1.0000000000000p-53}, 0x1.0000000000000p+0},
    {{0x1.0000000000000p+0, 0x1.8000000000000p-52}, 0x1.0000000000002p+0},
    {{0x1.1c37937e08000p+53, 0x1.0000000000000p+0, -0x1.1c37937e08000p+53}, 0x1.0000000000000p+0},
};

/// A double of any size and sign, also subnormal, but finite and far from overflow.
double any_double(Random& random) {
  const std::uint64_t exponent = random.below(2'000);
  return std::bit_cast<double>((random.next() & 0x800F'FFFF'FFFF'FFFF) | exponent << 52);
}

/// The sum in 20,000 random orders and splits would all be the same bits; this is one of them.
double sum_of_split(std::vector<double> terms, Random& random) {
  for (std::size_t i = terms.size(); i > 1; --i) std::swap(terms[i - 1], terms[random.below(i)]);
  DoubleSum parts[4];
  for (const double term : terms) parts[random.below(4)].add(term);
  DoubleSum total;
  for (const DoubleSum& part : parts) total.add(part);
  return total.value();
}

}  // namespace

TEST_CASE("exact sum: doubles are summed exactly and rounded once") {
  for (const Known& each : known_sums) CHECK(sum_of(each.terms) == each.sum);
}

TEST_CASE("exact sum: any order and any split give the same bits") {
  Random random(23);
  for (int round = 0; round < 1'000; ++round) {
    std::vector<double> terms;
    for (std::uint64_t left = 1 + random.below(40); left > 0; --left) terms.push_back(any_double(random));
    const double sum = sum_of(terms);
    REQUIRE(std::bit_cast<std::uint64_t>(sum_of_split(terms, random)) == std::bit_cast<std::uint64_t>(sum));
    std::vector<double> cancelled = terms;
    for (const double term : terms) cancelled.push_back(-term);
    REQUIRE(sum_of_split(cancelled, random) == 0);
    cancelled.push_back(0x1p-1074);
    REQUIRE(sum_of_split(cancelled, random) == 0x1p-1074);
  }
}

TEST_CASE("exact sum: whole numbers agree with integer arithmetic") {
  Random random(29);
  for (int round = 0; round < 200; ++round) {
    std::int64_t whole = 0;
    DoubleSum sum;
    for (int i = 0; i < 100; ++i) {
      const std::int64_t term = static_cast<std::int64_t>(random.next()) >> 20;
      whole += term;
      sum.add(static_cast<double>(term) * 0x1p-30);
    }
    REQUIRE(sum.value() == std::ldexp(static_cast<double>(whole), -30));
  }
}

TEST_CASE("exact sum: many terms carry over") {
  DoubleSum sum;
  for (int i = 0; i < 3'000'000; ++i) sum.add(0x1.fffffffffffffp+10);
  CHECK(sum.value() == 3'000'000 * 0x1.fffffffffffffp+10);
  DoubleSum doubled = sum;
  for (int i = 0; i < 40; ++i) doubled.add(DoubleSum(doubled));
  CHECK(doubled.value() == std::ldexp(sum.value(), 40));
}

TEST_CASE("exact sum: what overflows is infinite, and what comes back is not") {
  const double largest = std::numeric_limits<double>::max();
  CHECK(sum_of({largest, largest}) == infinity);
  CHECK(sum_of({-largest, -largest}) == -infinity);
  CHECK(sum_of({largest, largest, -largest}) == largest);
}

TEST_CASE("exact sum: infinities and NaN are remembered") {
  CHECK(sum_of({1, infinity, 2}) == infinity);
  CHECK(sum_of({1, -infinity}) == -infinity);
  CHECK(std::isnan(sum_of({infinity, -infinity})));
  CHECK(std::isnan(sum_of({1, std::nan(""), infinity})));
  DoubleSum with;
  with.add(infinity);
  DoubleSum without;
  without.add(with);
  CHECK(without.value() == infinity);
  CHECK(sum_of({}) == 0);
}

TEST_CASE("exact sum: integers do not overflow at 64 bits, and the sum as a decimal tells where it does") {
  IntegerSum sum;
  for (int i = 0; i < 10; ++i) sum.add(std::numeric_limits<std::int64_t>::max());
  CHECK(sum.micros_to_decimal() == Decimal::of(9'223'372'036'854'775'807, 5));
  IntegerSum larger;
  larger.add(sum);
  larger.add(1);
  CHECK_THROWS_AS(larger.micros_to_decimal(), Error);
  IntegerSum cents;
  cents.add(12'340'000);
  CHECK(cents.micros_to_decimal() == Decimal::of(1'234, 2));
}
