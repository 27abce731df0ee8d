#include "desk/generated_basket.hpp"

#include <numeric>

#include "core/elementary.hpp"

namespace emptor {
namespace {

void pick_affinity(PlantedPicks& picks, const planted::Affinity& affinity, std::uint8_t first, double draw) {
  const auto take = [&](int product) { picks.products[picks.count++] = static_cast<std::uint8_t>(first + product); };
  if (draw < affinity.all) {
    for (int i = 0; i < affinity.products; ++i) take(i);
    return;
  }
  draw -= affinity.all;
  for (int i = 0; i < affinity.products; ++i) {
    if (draw >= 0 && draw < affinity.alone[i]) take(i);
    draw -= affinity.alone[i];
  }
}

}  // namespace

PlantedPicks planted_picks(Random& random, unsigned follows) {
  PlantedPicks picks;
  std::uint8_t product = 0;
  for (const planted::Affinity& affinity : planted::affinities) {
    pick_affinity(picks, affinity, product, random.uniform());
    product = static_cast<std::uint8_t>(product + affinity.products);
  }
  for (std::size_t i = 0; i < planted::sequences.size(); ++i) {
    const bool first = random.uniform() < planted::sequences[i].first;
    const bool second = random.uniform() < planted::sequences[i].second || (follows >> i & 1) != 0;
    if (first) {
      picks.firsts = static_cast<std::uint8_t>(picks.firsts | 1U << i);
      picks.products[picks.count++] = product;
    }
    if (second) picks.products[picks.count++] = static_cast<std::uint8_t>(product + 1);
    product = static_cast<std::uint8_t>(product + 2);
  }
  return picks;
}

Popularity::Popularity(std::size_t count) : chance_(count), alias_(count) {
  std::vector<double> weight(count);
  for (std::size_t i = 0; i < count; ++i)
    weight[i] = elementary::exp(-planted::zipf_exponent * elementary::log(double(i + 1)));
  const double mean = std::accumulate(weight.begin(), weight.end(), 0.0) / double(count);
  std::vector<std::size_t> small, large;
  for (std::size_t i = 0; i < count; ++i) (weight[i] < mean ? small : large).push_back(i);
  while (!small.empty() && !large.empty()) {
    const std::size_t poor = small.back(), rich = large.back();
    small.pop_back();
    chance_[poor] = weight[poor] / mean;
    alias_[poor] = rich;
    weight[rich] -= mean - weight[poor];
    if (weight[rich] >= mean) continue;
    large.pop_back();
    small.push_back(rich);
  }
  for (const std::size_t rest : small) chance_[rest] = 1;
  for (const std::size_t rest : large) chance_[rest] = 1;
}

}  // namespace emptor
