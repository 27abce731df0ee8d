#include "emptor/mine/rule_server.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/sort_stably.hpp"

namespace emptor::mine {
namespace {

double score_of(const RuleCounts& counts, AdditionOrder order) {
  const double n = counts.baskets, both = counts.both, left = counts.left, right = counts.right;
  switch (order) {
    case AdditionOrder::confidence:
      return both / left;
    case AdditionOrder::lift:
      return both * n / (left * right);
    case AdditionOrder::leverage:
      return (both * n - left * right) / (n * n);
  }
  return 0;
}

}  // namespace

struct RuleServer::Search {
  std::span<const std::uint32_t> basket;  ///< ranks, ascending, each once
  std::vector<std::uint64_t> in_basket;   ///< a bit a rank
  std::size_t count;
  std::vector<Offer> best;  ///< best first, each item once
  bool has(std::uint32_t rank) const noexcept { return (in_basket[rank / 64] >> (rank % 64) & 1) != 0; }
  double bar() const noexcept {
    return best.size() < count ? -std::numeric_limits<double>::infinity() : best.back().score;
  }
};

bool RuleServer::better(const Offer& a, const Offer& b) noexcept {
  if (a.score != b.score) return a.score > b.score;
  if (a.item != b.item) return a.item < b.item;
  return a.both != b.both ? a.both > b.both : a.rule < b.rule;
}

RuleServer::RuleServer(const RuleTable& rules, AdditionOrder order) {
  std::vector<std::uint32_t> numbers;
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    if (rules[rule].right.size() == 1) numbers.push_back(static_cast<std::uint32_t>(rule));
  }
  rules_ = numbers.size();
  for (const std::uint32_t rule : numbers) {
    items_.insert(items_.end(), rules[rule].left.begin(), rules[rule].left.end());
    items_.push_back(rules[rule].right[0]);
  }
  std::sort(items_.begin(), items_.end());
  items_.erase(std::unique(items_.begin(), items_.end()), items_.end());
  first_node_.resize(items_.size());
  const auto left = [&rules](std::uint32_t rule) { return rules[rule].left; };
  sort_stably(numbers, [&](std::uint32_t a, std::uint32_t b) {
    return std::lexicographical_compare(left(a).begin(), left(a).end(), left(b).begin(), left(b).end());
  });
  // Level by level, so that the children of a node lie side by side: a node is a run of rules with one beginning.
  struct Run {
    std::size_t begin, end, depth;
  };
  std::vector<Run> runs{{0, numbers.size(), 0}};
  nodes_.push_back({});
  for (std::size_t at = 0; at < runs.size(); ++at) {
    const Run run = runs[at];
    std::size_t rule = run.begin;
    Node node = nodes_[at];
    node.first_offer = static_cast<std::uint32_t>(offers_.size());
    for (; rule < run.end && left(numbers[rule]).size() == run.depth; ++rule) {
      const Rule& found = rules[numbers[rule]];
      offers_.push_back(
          {score_of(found.counts, order), found.right[0], rank_of(found.right[0]), numbers[rule], found.counts.both});
    }
    node.offers = static_cast<std::uint32_t>(offers_.size()) - node.first_offer;
    std::sort(offers_.begin() + node.first_offer, offers_.end(), better);
    node.first_child = static_cast<std::uint32_t>(runs.size());
    while (rule < run.end) {
      const std::uint32_t item = left(numbers[rule])[run.depth];
      const std::size_t begin = rule;
      while (rule < run.end && left(numbers[rule])[run.depth] == item) ++rule;
      runs.push_back({begin, rule, run.depth + 1});
      nodes_.push_back({.rank = rank_of(item)});
    }
    node.children = static_cast<std::uint32_t>(runs.size()) - node.first_child;
    nodes_[at] = node;
  }
  // From the leaves up; only its parent's range knows where a node stands, so siblings may change places.
  for (std::size_t at = nodes_.size(); at-- > 0;) {
    Node& node = nodes_[at];
    const auto children = nodes_.begin() + node.first_child;
    std::sort(children, children + node.children,
              [](const Node& a, const Node& b) { return a.best != b.best ? a.best > b.best : a.rank < b.rank; });
    node.best = node.offers > 0 ? offers_[node.first_offer].score : -std::numeric_limits<double>::infinity();
    if (node.children > 0) node.best = std::max(node.best, children->best);
  }
  for (std::uint32_t child = 0; child < nodes_.front().children; ++child) {
    const std::uint32_t number = nodes_.front().first_child + child;
    first_node_[nodes_[number].rank] = number;
  }
}

/// One past the last for an item of no rule.
std::uint32_t RuleServer::rank_of(std::uint32_t item) const noexcept {
  const auto found = std::lower_bound(items_.begin(), items_.end(), item);
  return static_cast<std::uint32_t>(found != items_.end() && *found == item ? found - items_.begin()
                                                                            : items_.end() - items_.begin());
}

void RuleServer::take_offers(const Node& node, Search& state) const {
  for (std::uint32_t at = node.first_offer; at < node.first_offer + node.offers; ++at) {
    const Offer& offer = offers_[at];
    if (offer.score < state.bar()) break;
    if (state.has(offer.rank)) continue;
    const auto same =
        std::find_if(state.best.begin(), state.best.end(), [&](const Offer& o) { return o.item == offer.item; });
    if (same != state.best.end()) {
      if (!better(offer, *same)) continue;
      state.best.erase(same);
    }
    state.best.insert(std::lower_bound(state.best.begin(), state.best.end(), offer, better), offer);
    if (state.best.size() > state.count) state.best.pop_back();
  }
}

/// From the root: the most promising items first, so that the bar is soon too high for the others.
void RuleServer::begin(Search& state) const {
  take_offers(nodes_.front(), state);
  std::vector<const Node*> starts;
  for (const std::uint32_t rank : state.basket) {
    if (first_node_[rank] != 0) starts.push_back(&nodes_[first_node_[rank]]);
  }
  std::sort(starts.begin(), starts.end(), [](const Node* a, const Node* b) { return a->best > b->best; });
  for (const Node* const start : starts) {
    if (start->best < state.bar()) return;
    search(*start, state);
  }
}

void RuleServer::search(const Node& node, Search& state) const {
  take_offers(node, state);
  for (const Node& child : std::span(nodes_).subspan(node.first_child, node.children)) {
    if (child.best < state.bar()) return;
    if (state.has(child.rank)) search(child, state);
  }
}

std::vector<Addition> RuleServer::additions(std::span<const std::uint32_t> basket, std::size_t count) const {
  std::vector<std::uint32_t> ranks;
  Search state{
      .basket = {}, .in_basket = std::vector<std::uint64_t>(items_.size() / 64 + 1), .count = count, .best = {}};
  for (const std::uint32_t item : basket) {
    const std::uint32_t rank = rank_of(item);
    if (rank == items_.size() || state.has(rank)) continue;
    state.in_basket[rank / 64] |= std::uint64_t{1} << (rank % 64);
    ranks.push_back(rank);
  }
  std::sort(ranks.begin(), ranks.end());
  state.basket = ranks;
  if (count > 0) begin(state);
  std::vector<Addition> additions;
  for (const Offer& offer : state.best) additions.push_back({offer.item, offer.rule, offer.score});
  return additions;
}

}  // namespace emptor::mine
