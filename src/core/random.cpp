#include "emptor/core/random.hpp"

#include <sodium.h>

#include <bit>
#include <cmath>

#include "core/elementary.hpp"
#include "core/sodium_ready.hpp"
#include "emptor/core/wide.hpp"

namespace emptor {
namespace {

constexpr std::uint64_t golden_gamma = 0x9E37'79B9'7F4A'7C15;

/// The output function of splitmix64 (Steele, Lea and Flood, 2014).
std::uint64_t mix(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9;
  z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EB;
  return z ^ (z >> 31);
}

/// Counts the uniform draws whose product stays above e^-mean.
std::uint64_t small_poisson(Random& random, double mean) noexcept {
  const double bound = elementary::exp(-mean);
  std::uint64_t count = 0;
  for (double product = random.uniform(); product > bound; product *= random.uniform()) ++count;
  return count;
}

/// Transformed rejection with squeeze: algorithm PTRS of Hoermann (1993), for means of 10 and more.
std::uint64_t large_poisson(Random& random, double mean) noexcept {
  const double log_mean = elementary::log(mean);
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = random.uniform() - 0.5;
    const double v = random.uniform();
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= squeeze) return static_cast<std::uint64_t>(k);
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const double left = elementary::log(v * inverse_alpha / (a / (us * us) + b));
    const double right = k * log_mean - mean - elementary::log_factorial(static_cast<std::uint64_t>(k));
    if (left <= right) return static_cast<std::uint64_t>(k);
  }
}

}  // namespace

Random::Random(std::uint64_t seed) noexcept {
  for (std::uint64_t& word : state_) word = mix(seed += golden_gamma);
}

std::uint64_t Random::next() noexcept {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t Random::below(std::uint64_t bound) noexcept {
  auto product = static_cast<UnsignedWide>(next()) * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t threshold = -bound % bound;
    while (static_cast<std::uint64_t>(product) < threshold) product = static_cast<UnsignedWide>(next()) * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double Random::uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }

/// Marsaglia's polar method (1964), of whose two numbers one is used: no state is kept between calls.
double Random::normal() noexcept {
  for (;;) {
    const double x = 2 * uniform() - 1;
    const double y = 2 * uniform() - 1;
    const double square = x * x + y * y;
    if (square > 0 && square < 1) return x * std::sqrt(-2 * elementary::log(square) / square);
  }
}

/// Marsaglia and Tsang (2000); shapes below 1 by their power of a uniform number.
double Random::gamma(double shape) noexcept {
  if (shape < 1) {
    const double u = 1 - uniform();
    return gamma(shape + 1) * elementary::exp(elementary::log(u) / shape);
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double u = 1 - uniform();
    if (elementary::log(u) < 0.5 * x * x + d * (1 - v + elementary::log(v))) return d * v;
  }
}

std::uint64_t Random::poisson(double mean) noexcept {
  if (!(mean > 0)) return 0;
  return mean < 10 ? small_poisson(*this, mean) : large_poisson(*this, mean);
}

std::uint64_t hash_of(std::uint64_t seed, std::uint64_t id) noexcept {
  return mix(mix(seed + golden_gamma) + id * golden_gamma);
}

Entropy system_entropy() {
  return [](std::span<std::byte> bytes) {
    sodium_ready();
    if (!bytes.empty()) randombytes_buf(bytes.data(), bytes.size());
  };
}

}  // namespace emptor
