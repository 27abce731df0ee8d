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
  std::span<const std::uint32_t> basket;  ///< ascending, each item once
  std::size_t count;
  std::vector<Offer> best;  ///< best first, each item once
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
      offers_.push_back({score_of(found.counts, order), found.right[0], numbers[rule], found.counts.both});
    }
    node.offers = static_cast<std::uint32_t>(offers_.size()) - node.first_offer;
    std::sort(offers_.begin() + node.first_offer, offers_.end(), better);
    node.first_child = static_cast<std::uint32_t>(runs.size());
    while (rule < run.end) {
      const std::uint32_t item = left(numbers[rule])[run.depth];
      const std::size_t begin = rule;
      while (rule < run.end && left(numbers[rule])[run.depth] == item) ++rule;
      runs.push_back({begin, rule, run.depth + 1});
      nodes_.push_back({.item = item});
    }
    node.children = static_cast<std::uint32_t>(runs.size()) - node.first_child;
    nodes_[at] = node;
  }
  for (std::size_t at = nodes_.size(); at-- > 0;) {
    Node& node = nodes_[at];
    node.best = node.offers > 0 ? offers_[node.first_offer].score : -std::numeric_limits<double>::infinity();
    for (std::uint32_t child = 0; child < node.children; ++child) {
      node.best = std::max(node.best, nodes_[node.first_child + child].best);
    }
  }
}

void RuleServer::search(std::uint32_t number, std::size_t from, Search& state) const {
  const Node& node = nodes_[number];
  for (std::uint32_t at = node.first_offer; at < node.first_offer + node.offers; ++at) {
    const Offer& offer = offers_[at];
    if (offer.score < state.bar()) break;
    if (std::binary_search(state.basket.begin(), state.basket.end(), offer.item)) continue;
    const auto same =
        std::find_if(state.best.begin(), state.best.end(), [&](const Offer& o) { return o.item == offer.item; });
    if (same != state.best.end()) {
      if (!better(offer, *same)) continue;
      state.best.erase(same);
    }
    state.best.insert(std::lower_bound(state.best.begin(), state.best.end(), offer, better), offer);
    if (state.best.size() > state.count) state.best.pop_back();
  }
  const Node* child = nodes_.data() + node.first_child;
  const Node* const end = child + node.children;
  for (std::size_t at = from; at < state.basket.size() && child != end; ++at) {
    child =
        std::lower_bound(child, end, state.basket[at], [](const Node& n, std::uint32_t item) { return n.item < item; });
    if (child == end || child->item != state.basket[at]) continue;
    if (child->best >= state.bar()) search(static_cast<std::uint32_t>(child - nodes_.data()), at + 1, state);
  }
}

std::vector<Addition> RuleServer::additions(std::span<const std::uint32_t> basket, std::size_t count) const {
  std::vector<std::uint32_t> items(basket.begin(), basket.end());
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  Search state{.basket = items, .count = count, .best = {}};
  if (count > 0) search(0, 0, state);
  std::vector<Addition> additions;
  for (const Offer& offer : state.best) additions.push_back({offer.item, offer.rule, offer.score});
  return additions;
}

}  // namespace emptor::mine
