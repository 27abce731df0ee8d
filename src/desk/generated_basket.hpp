/// What stands on an order of a generated shop: planted pairs, a bundle and sequences, and products by
/// Zipf's law.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "emptor/core/random.hpp"

namespace emptor {

namespace planted {

/// Products bought together. In every order, apart from everything else: all of them with chance `all`,
/// else at most one alone, with its chance.
struct Affinity {
  std::uint8_t products;  ///< 2 or 3
  double all;
  double alone[3];
};
inline constexpr std::array<Affinity, 6> affinities = {{{2, 0.020, {0.010, 0.010, 0}},
                                                        {2, 0.012, {0.018, 0.008, 0}},
                                                        {2, 0.008, {0.032, 0.012, 0}},
                                                        {2, 0.010, {0.040, 0.030, 0}},
                                                        {2, 0.003, {0.047, 0.027, 0}},
                                                        {3, 0.010, {0.010, 0.010, 0.010}}}};

/// A product, and another that a customer's next order brings with chance `next` if it comes within
/// `weeks`. Apart from that both are on any order with a chance of their own.
struct Sequence {
  double first, second;
  double next;
  int weeks;
};
inline constexpr std::array<Sequence, 3> sequences = {
    {{0.04, 0.005, 0.5, 4}, {0.03, 0.004, 0.3, 8}, {0.05, 0.003, 0.2, 12}}};

/// Products that only stand on orders as planted: the last of products.csv, affinities first.
inline constexpr std::size_t planted_products = 5 * 2 + 3 + 3 * 2;

/// From a Zipf law with this exponent the others; a share of them is one of a customer's four favourites.
inline constexpr double zipf_exponent = 0.9;

}  // namespace planted

/// The planted part of an order.
struct PlantedPicks {
  std::uint8_t count = 0;
  std::array<std::uint8_t, planted::planted_products> products{};  ///< 0 is the first planted product
  std::uint8_t firsts = 0;  ///< bit i: the first product of sequence i is among them
};
/// Bit i of `follows` brings the second product of sequence i.
PlantedPicks planted_picks(Random& random, unsigned follows);

/// Products by Zipf's law (Walker and Vose's alias table: one draw a choice).
class Popularity {
 public:
  explicit Popularity(std::size_t count);
  std::uint32_t draw(Random& random) const {
    const std::size_t slot = random.below(chance_.size());
    return static_cast<std::uint32_t>(random.uniform() < chance_[slot] ? slot : alias_[slot]);
  }

 private:
  std::vector<double> chance_;
  std::vector<std::size_t> alias_;
};

}  // namespace emptor
