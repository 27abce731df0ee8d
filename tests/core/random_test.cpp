#include "emptor/core/random.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <set>
#include <string>

#include "core/digest.hpp"

using namespace emptor;

namespace {

struct Moments {
  double mean;
  double variance;
};

template <class Draw>
Moments moments_of(int count, Draw draw) {
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < count; ++i) {
    const auto x = static_cast<double>(draw());
    sum += x;
    squares += x * x;
  }
  const double mean = sum / count;
  return {mean, squares / count - mean * mean};
}

/// Five standard errors of the mean, and a fiftieth of the variance.
void check_moments(Moments found, double mean, double variance, int count) {
  CHECK(std::abs(found.mean - mean) < 5 * std::sqrt(variance / count));
  CHECK(std::abs(found.variance - variance) < 0.05 * variance);
}

}  // namespace

TEST_CASE("random: the sequence is that of xoshiro256** seeded by splitmix64") {
  // A Python transcription of the authors' reference.
  Random random(42);
  CHECK(random.next() == 0x15780b2e0c2ec716);
  CHECK(random.next() == 0x6104d9866d113a7e);
  CHECK(random.next() == 0xae17533239e499a1);
  CHECK(random.next() == 0xecb8ad4703b360a1);
}

TEST_CASE("random: numbers below a bound are those of Lemire's method and cover all") {
  Random random(7);
  for (const std::uint64_t expected : {7, 2, 8, 9, 9, 8, 0, 1, 4, 1}) CHECK(random.below(10) == expected);
  CHECK(random.below(1) == 0);
  std::array<int, 6> counts{};
  for (int i = 0; i < 60'000; ++i) ++counts[random.below(6)];
  for (const int count : counts) CHECK(std::abs(count - 10'000) < 500);
}

TEST_CASE("random: bounds near 2^64 are not biased towards small numbers") {
  Random random(9);
  const std::uint64_t bound = 3ull << 62;
  int low = 0;
  for (int i = 0; i < 30'000; ++i) low += random.below(bound) < (1ull << 62) ? 1 : 0;
  CHECK(std::abs(low - 10'000) < 500);
}

TEST_CASE("random: uniform numbers lie in [0, 1) and have its moments") {
  Random random(3);
  bool inside = true;
  const Moments found = moments_of(200'000, [&] {
    const double x = random.uniform();
    inside = inside && x >= 0 && x < 1;
    return x;
  });
  CHECK(inside);
  check_moments(found, 0.5, 1.0 / 12, 200'000);
}

TEST_CASE("random: normal numbers have the moments and the tails of the normal distribution") {
  Random random(4);
  int beyond_two = 0;
  const Moments found = moments_of(200'000, [&] {
    const double x = random.normal();
    beyond_two += std::abs(x) > 1.959964 ? 1 : 0;
    return x;
  });
  check_moments(found, 0, 1, 200'000);
  CHECK(std::abs(beyond_two - 10'000) < 500);
}

TEST_CASE("random: gamma numbers have the moments of their shape") {
  Random random(5);
  for (const double shape : {0.1, 0.5, 1.0, 2.5, 40.0}) {
    check_moments(moments_of(200'000, [&] { return random.gamma(shape); }), shape, shape, 200'000);
  }
}

TEST_CASE("random: Poisson numbers have the moments of their mean, small and large") {
  Random random(6);
  for (const double mean : {0.05, 1.0, 9.99, 10.0, 35.0, 1'000.0, 1e6}) {
    check_moments(moments_of(100'000, [&] { return random.poisson(mean); }), mean, mean, 100'000);
  }
  CHECK(random.poisson(0) == 0);
  CHECK(random.poisson(-1) == 0);
}

TEST_CASE("random: Poisson counts follow the distribution, bin by bin") {
  // Chi-squared over 30 bins of mean 12; the 0.999 quantile of 29 degrees of freedom is 58.3.
  Random random(8);
  constexpr int draws = 100'000;
  std::array<int, 30> counts{};
  for (int i = 0; i < draws; ++i) ++counts[std::min<std::uint64_t>(random.poisson(12), 29)];
  double probability = std::exp(-12.0);
  double rest = 1;
  double chi_squared = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double expected = draws * (k + 1 < counts.size() ? probability : rest);
    chi_squared += (counts[k] - expected) * (counts[k] - expected) / expected;
    rest -= probability;
    probability *= 12.0 / static_cast<double>(k + 1);
  }
  CHECK(chi_squared < 58.3);
}

TEST_CASE("random: the bits of every distribution are fixed") {
  // A digest of 4,000 draws of each; it must be the same on every machine and with every compiler.
  Random random(2'026);
  std::string bits;
  const auto add = [&bits](double x) { bits.append(reinterpret_cast<const char*>(&x), sizeof x); };
  for (int i = 0; i < 4'000; ++i) {
    add(random.normal());
    add(random.gamma(0.3));
    add(random.gamma(7));
    add(static_cast<double>(random.poisson(3)));
    add(static_cast<double>(random.poisson(300)));
  }
  const Hash digest = blake2b(bits);
  CHECK(std::to_integer<int>(digest[0]) * 256 + std::to_integer<int>(digest[1]) == 30'850);
}

TEST_CASE("random: the hash of a row depends on the seed and the row, and spreads") {
  CHECK(hash_of(1, 2) == hash_of(1, 2));
  CHECK(hash_of(1, 2) != hash_of(2, 1));
  CHECK(hash_of(0, 0) != 0);
  std::set<std::uint64_t> high_bits;
  for (std::uint64_t id = 0; id < 10'000; ++id) high_bits.insert(hash_of(5, id) >> 32);
  CHECK(high_bits.size() > 9'990);
}

TEST_CASE("random: the system's entropy fills the buffer, differently each time") {
  std::array<std::byte, 32> first{};
  std::array<std::byte, 32> second{};
  const Entropy entropy = system_entropy();
  entropy(first);
  entropy(second);
  CHECK(first != second);
  entropy({});
}
