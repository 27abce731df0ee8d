/// Item similarity: which items are bought by the same customers, and what to offer beside what somebody has.
///
///     const ItemSimilarity model = fit_item_similarity(baskets, {.measure = ItemMeasure::jaccard});
///     for (const ItemNeighbour& near : model.neighbours_of(tea)) show(near.item, near.score);
///     const std::vector<ScoredItem> offers = recommend(model, basket, 5);
///
/// Source: Sarwar, Karypis, Konstan and Riedl, WWW10 (2001), 285: item-based collaborative filtering. Exact, over all
/// pairs that ever were together; the order of customers does not matter, to the last bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/item_purchases.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

enum class ItemMeasure : std::uint8_t {
  cosine,   ///< sum of a x b over the root of the sums of squares; counts count
  jaccard,  ///< customers with both / customers with either
  lift,     ///< share with both / (share with one x share with the other); 1 is chance
};

struct ItemSimilarityOptions {
  ItemMeasure measure = ItemMeasure::cosine;
  std::size_t neighbours = 20;       ///< of each item at most, from 1
  std::uint64_t least_together = 1;  ///< customers that must have both, from 1; lift wants 5 or more
  std::uint64_t memory_bytes = 0;    ///< beyond the purchases; 0: no limit
  friend bool operator==(const ItemSimilarityOptions&, const ItemSimilarityOptions&) noexcept = default;
};

struct ItemNeighbour {
  std::uint32_t item = 0;
  double score = 0;
  std::uint32_t together = 0;  ///< customers who have both
  friend bool operator==(const ItemNeighbour&, const ItemNeighbour&) noexcept = default;
};

struct ItemSimilarity {
  ItemSimilarityOptions options;
  std::string data_version;               ///< of what it was fitted on; the caller's to set
  std::uint64_t customers = 0;            ///< also those without an item
  std::vector<std::uint32_t> items;       ///< their numbers, ascending
  std::vector<std::uint32_t> buyers;      ///< of each: customers who have it
  std::vector<std::uint64_t> starts{0};   ///< items + 1 places in `neighbours`
  std::vector<ItemNeighbour> neighbours;  ///< of each item by falling score, the lowest item first of equals

  /// Empty for an item that nobody had.
  std::span<const ItemNeighbour> neighbours_of(std::uint32_t item) const noexcept;
  friend bool operator==(const ItemSimilarity&, const ItemSimilarity&) = default;
};

/// Throws Code::invalid (fields "starts", "items", "counts" with the customer, and those of the options), Code::budget.
/// Jaccard and lift take no notice of counts. Time: the sum over customers of their squared number of items.
ItemSimilarity fit_item_similarity(const ItemPurchases& purchases, const ItemSimilarityOptions& options = {},
                                   const Run& run = {});

/// What is nearest to what somebody has: the score of an item is the sum of its similarities to those owned, as far as
/// it is among their neighbours. Items owned are left out, unknown ones have no neighbours. O(owned x neighbours).
std::vector<ScoredItem> recommend(const ItemSimilarity& model, std::span<const std::uint32_t> owned,
                                  std::size_t count = 10);
/// The owned items that speak for an item, and by how much: they add up to its score.
std::vector<ScoredItem> explain(const ItemSimilarity& model, std::span<const std::uint32_t> owned, std::uint32_t item);

std::string save(const ItemSimilarity& model);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
ItemSimilarity load_item_similarity(std::string_view bytes);

}  // namespace emptor::mine
