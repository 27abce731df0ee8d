/// All frequent sets as a tree: the children of a set are those with one further item, side by side.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/itemsets.hpp"

namespace emptor::mine {

/// Items have ranks: the most frequent the lowest, ties by the lower item. A set is its ranks descending, so that the
/// further item of a child is lower than all of its parent's.
class SetTrie {
 public:
  struct Node {
    std::uint32_t rank, support;
    std::uint32_t first, children;  ///< side by side, ranks ascending
  };

  /// Of all frequent sets. Throws Code::budget where max_sets or memory_bytes cut them.
  SetTrie(const Baskets& baskets, const ItemsetOptions& options, const Run& run);
  /// Throws Code::invalid where a set is there without one of its parts.
  explicit SetTrie(const ItemsetTable& table);

  const Node& root() const noexcept { return nodes_[0]; }
  const Node& node(std::uint32_t at) const noexcept { return nodes_[at]; }
  std::uint64_t sets() const noexcept { return nodes_.size() - 1; }
  std::size_t ranks() const noexcept { return items_.size(); }
  std::uint32_t item(std::uint32_t rank) const noexcept { return items_[rank]; }
  std::uint32_t support(std::uint32_t rank) const noexcept { return nodes_[nodes_[0].first + rank].support; }
  /// The set of these ranks, which descend; nullptr where it is not there.
  const Node* find(std::span<const std::uint32_t> ranks) const noexcept;
  std::uint32_t support_of(std::span<const std::uint32_t> ranks) const noexcept {
    const Node* const set = find(ranks);
    return set == nullptr ? 0 : set->support;
  }
  std::uint32_t number_of(const Node& node) const noexcept { return static_cast<std::uint32_t>(&node - &root()); }
  const Node* child(const Node& parent, std::uint32_t rank) const noexcept;

 private:
  class Builder;
  void take(std::uint64_t baskets, Builder& builder);

  std::vector<Node> nodes_;           ///< the root, the empty set, first
  std::vector<std::uint32_t> items_;  ///< of each rank
};

}  // namespace emptor::mine
