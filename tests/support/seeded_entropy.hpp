// "Random" keys that are the same in every run.
#pragma once

#include <memory>

#include "emptor/core/random.hpp"

namespace emptor::test {

inline Entropy seeded_entropy(std::uint64_t seed) {
  return [random = std::make_shared<Random>(seed)](std::span<std::byte> bytes) {
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random->below(256));
  };
}

}  // namespace emptor::test
