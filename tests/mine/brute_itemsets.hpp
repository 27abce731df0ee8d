// Frequent itemsets by looking at every subset of at most 12 items: slow, short and obviously right.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "emptor/core/random.hpp"
#include "emptor/mine/itemsets.hpp"

namespace emptor::test {

struct FoundSet {
  std::vector<std::uint32_t> items;
  std::uint32_t support;
  friend bool operator==(const FoundSet&, const FoundSet&) = default;
};

/// How many baskets hold each set of the items met.
struct BruteSupports {
  std::vector<std::uint32_t> names;    ///< of each bit
  std::vector<std::uint32_t> support;  ///< of each set of bits

  explicit BruteSupports(const mine::BasketTable& baskets) : names(baskets.items) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    support.resize(std::size_t{1} << names.size());
    for (std::size_t basket = 0; basket < baskets.size(); ++basket) {
      std::uint32_t mask = 0;
      for (const std::uint32_t item : mine::Baskets(baskets)[basket]) {
        mask |= 1u << (std::lower_bound(names.begin(), names.end(), item) - names.begin());
      }
      for (std::uint32_t set = mask; set != 0; set = (set - 1) & mask) ++support[set];
    }
  }

  bool kept(std::uint32_t set, std::uint64_t min_support, mine::ItemsetKind kind) const {
    for (std::uint32_t item = 1; item < support.size() && kind != mine::ItemsetKind::all; item *= 2) {
      const std::uint32_t larger = support[set | item];
      if ((set & item) != 0) continue;
      if (kind == mine::ItemsetKind::closed ? larger == support[set] : larger >= min_support) return false;
    }
    return true;
  }

  std::vector<FoundSet> find(std::uint64_t min_support, mine::ItemsetKind kind) const {
    std::vector<FoundSet> found;
    for (std::uint32_t set = 1; set < support.size(); ++set) {
      if (support[set] < min_support || !kept(set, min_support, kind)) continue;
      FoundSet one{{}, support[set]};
      for (std::uint32_t left = set; left != 0; left &= left - 1) one.items.push_back(names[std::countr_zero(left)]);
      found.push_back(std::move(one));
    }
    std::sort(found.begin(), found.end(), [](const FoundSet& a, const FoundSet& b) {
      return a.items.size() != b.items.size() ? a.items.size() < b.items.size() : a.items < b.items;
    });
    return found;
  }
};

inline std::vector<FoundSet> brute_itemsets(const mine::BasketTable& baskets, std::uint64_t min_support,
                                            mine::ItemsetKind kind) {
  return BruteSupports(baskets).find(min_support, kind);
}

inline std::vector<FoundSet> sets_of(const mine::ItemsetTable& table) {
  std::vector<FoundSet> sets;
  for (std::size_t set = 0; set < table.size(); ++set) {
    sets.push_back({{table[set].begin(), table[set].end()}, table.supports[set]});
  }
  return sets;
}

/// Up to 40 baskets of up to 12 items, among them empty, repeated and full ones, and items named twice.
inline mine::BasketTable random_baskets(Random& random) {
  const std::uint64_t items = 1 + random.below(1 + random.below(12)), rows = random.below(41),
                      spread = 1 + random.below(9);
  const std::uint64_t density = 1 + random.below(10);
  mine::BasketTable baskets;
  std::vector<std::uint32_t> basket;
  for (std::uint64_t row = 0; row < rows; ++row) {
    const std::uint64_t chance = random.below(12);
    if (chance > 0) basket.clear();  // else the last one again
    for (std::uint64_t item = 0; item < items && chance > 1; ++item) {
      const bool has = chance == 2 || random.below(11) < density;
      if (has) basket.push_back(static_cast<std::uint32_t>(item * item * spread + 3));
      if (has && random.below(16) == 0) basket.push_back(basket.front());
    }
    baskets.add(basket);
  }
  return baskets;
}

}  // namespace emptor::test
