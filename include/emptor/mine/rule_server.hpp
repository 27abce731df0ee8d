/// What to add to a basket: rules laid out so that the best additions are found in microseconds.
///
///     const RuleServer server(rules, {.order = AdditionOrder::confidence});
///     const std::vector<Addition> best = server.additions(basket, 5);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/rules.hpp"

namespace emptor::mine {

enum class AdditionOrder : std::uint8_t { confidence, lift, leverage };

/// An item that a basket lacks, and the best rule that suggests it.
struct Addition {
  std::uint32_t item = 0;
  std::uint32_t rule = 0;  ///< its number in the table
  double score = 0;        ///< the rule's measure
  friend bool operator==(const Addition&, const Addition&) = default;
};

/// A plain value; any number of threads may ask one server at once. It keeps no view of the table.
class RuleServer {
 public:
  /// Takes the rules with one item on the right; others are left out. O(rules log rules).
  explicit RuleServer(const RuleTable& rules, AdditionOrder order = AdditionOrder::confidence);

  /// The `count` best additions, best first; ties: the lower item. Each is the best rule whose left side is in the
  /// basket and whose right side is not; ties: the higher support of the rule, then its lower number.
  std::vector<Addition> additions(std::span<const std::uint32_t> basket, std::size_t count) const;
  std::size_t size() const noexcept { return rules_; }

 private:
  struct Node {
    std::uint32_t rank = 0;                       ///< of the item that leads here from its parent
    std::uint32_t first_child = 0, children = 0;  ///< in nodes_, the most promising first
    std::uint32_t first_offer = 0, offers = 0;    ///< in offers_, best first
    double best = 0;                              ///< of all offers here and below
  };
  struct Offer {
    double score = 0;
    std::uint32_t item = 0, rank = 0, rule = 0, both = 0;
  };
  struct Search;
  static bool better(const Offer& a, const Offer& b) noexcept;
  std::uint32_t rank_of(std::uint32_t item) const noexcept;
  void begin(Search& state) const;
  void search(const Node& node, Search& state) const;
  void take_offers(const Node& node, Search& state) const;

  std::vector<std::uint32_t> items_;       ///< of all rules, ascending: an item's rank is its place
  std::vector<std::uint32_t> first_node_;  ///< of each rank, the root's child; 0 for none
  std::vector<Node> nodes_;                ///< a prefix tree of left sides; the root first
  std::vector<Offer> offers_;
  std::size_t rules_ = 0;
};

}  // namespace emptor::mine
