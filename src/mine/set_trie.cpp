#include "mine/set_trie.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <numeric>

#include "emptor/core/error.hpp"
#include "mine/frequent_items.hpp"
#include "mine/itemset_search.hpp"

namespace emptor::mine {
namespace {

[[noreturn]] void cut_short() {
  throw Error(Problem{.code = Code::budget,
                      .message = "rules need all frequent sets, which do not fit into the budget",
                      .field = "memory_bytes",
                      .hint = "allow more, or ask for a higher support"});
}

class Ranks {
 public:
  explicit Ranks(std::vector<std::uint32_t> of) : items(std::move(of)), numbers_(items), ranks_(numbers_.size()) {
    for (std::uint32_t rank = 0; rank < items.size(); ++rank) ranks_[numbers_.of(items[rank])] = rank;
  }
  /// Ranks of a set, descending.
  void of(std::span<const std::uint32_t> set, std::vector<std::uint32_t>& ranks) const {
    ranks.clear();
    if (items.size() > 64) {
      for (const std::uint32_t item : set) ranks.push_back(rank_of(item));
      std::sort(ranks.begin(), ranks.end(), std::greater<>());
      return;
    }
    std::uint64_t mask = 0;
    for (const std::uint32_t item : set) mask |= std::uint64_t{1} << rank_of(item);
    for (; mask != 0; mask ^= std::bit_floor(mask)) {
      ranks.push_back(63 - static_cast<std::uint32_t>(std::countl_zero(mask)));
    }
  }

  std::vector<std::uint32_t> items;  ///< of each rank

 private:
  std::uint32_t rank_of(std::uint32_t item) const {
    const std::uint32_t number = numbers_.of(item);
    if (number == ItemNumbers::none || items[ranks_[number]] != item) {
      throw Error(Code::invalid, "a set is there without one of its items");
    }
    return ranks_[number];
  }

  ItemNumbers numbers_;
  std::vector<std::uint32_t> ranks_;  ///< by number
};

}  // namespace

/// Takes sets, each after the one without its lowest rank and in ascending order of ranks.
class SetTrie::Builder {
 public:
  explicit Builder(MemoryMeter& meter) : meter_(meter) {}

  void add(std::span<const std::uint32_t> ranks, std::uint32_t support) {
    const std::size_t depth = ranks.size();
    const bool follows = path_.size() + 1 >= depth && std::equal(ranks.begin(), ranks.end() - 1, path_.begin()) &&
                         (path_.size() < depth || path_[depth - 1] < ranks[depth - 1]);
    if (!follows) throw Error(Code::invalid, "a set is there without one of its parts");
    if ((ranks_.size() & 0xFFFF) == 0) meter_.take(std::uint64_t{0x10000} * (4 + 4 + 2 + sizeof(Node)));
    path_.assign(ranks.begin(), ranks.end());
    ranks_.push_back(ranks.back());
    supports_.push_back(support);
    depths_.push_back(static_cast<std::uint16_t>(depth));
  }

  std::vector<Node> lay_out(std::uint32_t baskets) && {
    const std::vector<std::uint32_t> children = count_children();
    std::vector<Node> nodes(ranks_.size() + 1);
    nodes[0] = {0, baskets, 1, children[0]};
    std::uint32_t free = 1 + children[0];
    std::vector<std::uint32_t> next{1};  // of each depth, where the next child goes
    for (std::size_t at = 0; at < ranks_.size(); ++at) {
      const std::uint16_t depth = depths_[at];
      next.resize(depth);
      nodes[next.back()++] = {ranks_[at], supports_[at], free, children[at + 1]};
      next.push_back(free);
      free += children[at + 1];
    }
    return nodes;
  }

 private:
  std::vector<std::uint32_t> count_children() const {
    std::vector<std::uint32_t> children(ranks_.size() + 1, 0), path{0};
    for (std::size_t at = 0; at < ranks_.size(); ++at) {
      path.resize(depths_[at]);
      ++children[path.back()];
      path.push_back(static_cast<std::uint32_t>(at + 1));
    }
    return children;
  }

  MemoryMeter& meter_;
  std::vector<std::uint32_t> ranks_, supports_, path_;
  std::vector<std::uint16_t> depths_;
};

namespace {

/// Adds the sets of a table in the order that the tree wants.
template <class Builder>
void add_in_order(const ItemsetTable& table, const Ranks& ranks, Builder& builder) {
  std::vector<std::uint32_t> flat;
  std::vector<std::uint32_t> one;
  for (std::size_t set = 0; set < table.size(); ++set) {
    ranks.of(table[set], one);
    flat.insert(flat.end(), one.begin(), one.end());
  }
  const auto at = [&](std::uint32_t set) {
    return std::span<const std::uint32_t>(flat).subspan(table.starts[set], table.starts[set + 1] - table.starts[set]);
  };
  std::vector<std::uint32_t> order(table.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::lexicographical_compare(at(a).begin(), at(a).end(), at(b).begin(), at(b).end());
  });
  for (const std::uint32_t set : order) builder.add(at(set), table.supports[set]);
}

}  // namespace

SetTrie::SetTrie(const Baskets& baskets, const ItemsetOptions& options, const Run& run) {
  MemoryMeter meter(options.memory_bytes);
  MemoryMeter unlimited(0);
  const FrequentItems frequent = RankedBaskets(baskets, options, unlimited).frequent();
  if (frequent.baskets == 0) {
    nodes_.push_back({0, 0, 1, 0});
    return;
  }
  const Ranks ranks(frequent.items);
  Builder builder(meter);
  if (frequent.size() <= 64) {
    // One thread searches bits in the very order that the tree wants.
    ItemsetOptions projection = options;
    projection.engine = ItemsetEngine::projection;
    std::vector<std::uint32_t> one;
    const auto take = [&](const ItemsetBlock& block) {
      for (std::size_t set = 0; set < block.size(); ++set) {
        ranks.of(block[set], one);
        builder.add(one, block.supports[set]);
      }
      return true;
    };
    const ItemsetReceiver receiver = take;
    if (!search_itemsets(baskets, projection, receiver, {}).complete()) cut_short();
  } else {
    const ItemsetTable table = mine_itemsets(baskets, options, run);
    if (!table.summary.complete()) cut_short();
    add_in_order(table, ranks, builder);
  }
  items_ = ranks.items;
  nodes_ = std::move(builder).lay_out(static_cast<std::uint32_t>(frequent.baskets));
}

SetTrie::SetTrie(const ItemsetTable& table) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> single;  // support, item
  for (std::size_t set = 0; set < table.size(); ++set) {
    if (table[set].size() == 1) single.emplace_back(table.supports[set], table[set][0]);
  }
  std::sort(single.begin(), single.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  std::vector<std::uint32_t> items;
  for (const auto& [support, item] : single) items.push_back(item);
  const Ranks ranks(std::move(items));
  MemoryMeter meter(0);
  Builder builder(meter);
  add_in_order(table, ranks, builder);
  items_ = ranks.items;
  nodes_ = std::move(builder).lay_out(static_cast<std::uint32_t>(table.summary.baskets));
}

const SetTrie::Node* SetTrie::child(const Node& parent, std::uint32_t rank) const noexcept {
  const Node* const first = nodes_.data() + parent.first;
  const Node* const end = first + parent.children;
  const Node* const at =
      std::lower_bound(first, end, rank, [](const Node& node, std::uint32_t asked) { return node.rank < asked; });
  return at != end && at->rank == rank ? at : nullptr;
}

const SetTrie::Node* SetTrie::find(std::span<const std::uint32_t> ranks) const noexcept {
  const Node* at = &nodes_[0];
  for (const std::uint32_t rank : ranks) {
    at = child(*at, rank);
    if (at == nullptr) return nullptr;
  }
  return at;
}

}  // namespace emptor::mine
