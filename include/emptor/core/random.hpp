/// Seeded random numbers: the same sequence for the same seed on every machine and compiler.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace emptor {

/// xoshiro256** (Blackman and Vigna, 2018), seeded by splitmix64. Not for secrets.
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept;
  std::uint64_t next() noexcept;
  /// Uniform on [0, bound) without bias (Lemire, 2019). Requires bound > 0.
  std::uint64_t below(std::uint64_t bound) noexcept;
  /// Uniform on [0, 1), 53 bits.
  double uniform() noexcept;
  double normal() noexcept;             ///< mean 0, variance 1
  double gamma(double shape) noexcept;  ///< scale 1; requires shape > 0
  std::uint64_t poisson(double mean) noexcept;

 private:
  std::uint64_t state_[4];
};

/// f(seed, id): the random 64 bits that belong to one row, whatever order rows come in.
std::uint64_t hash_of(std::uint64_t seed, std::uint64_t id) noexcept;

/// Fills a buffer with bytes nobody can guess (keys, salts); the system's source unless the host
/// injects another.
using Entropy = std::function<void(std::span<std::byte>)>;
Entropy system_entropy();

}  // namespace emptor
