#include "emptor/mine/apriori.hpp"

#include <algorithm>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/frequent_items.hpp"
#include "mine/itemset_options.hpp"

namespace emptor::mine {
namespace {

/// Candidates of one length as a tree: the level of a node is the position of its item.
class CandidateTree {
 public:
  CandidateTree(std::span<const std::uint32_t> candidates, std::uint32_t length) : length_(length) {
    build(candidates, 0, 0, candidates.size() / length);
  }

  /// Adds 1 to each candidate that is in the basket; its items ascend and are different.
  void count(std::span<const std::uint32_t> basket, std::vector<std::uint64_t>& supports) const {
    if (basket.size() >= length_) count(0, roots_, basket, 1, supports);
  }

 private:
  struct Node {
    std::uint32_t item;
    std::uint32_t first, end;  ///< children in nodes_; of a leaf, the candidate's number
  };

  /// Makes the children of a node, which are candidates begin ... end - 1 at the level.
  std::pair<std::uint32_t, std::uint32_t> build(std::span<const std::uint32_t> candidates, std::uint32_t level,
                                                std::size_t begin, std::size_t end) {
    const auto first = static_cast<std::uint32_t>(nodes_.size());
    std::vector<std::size_t> cuts;
    for (std::size_t at = begin; at < end; ++at) {
      const std::uint32_t item = candidates[at * length_ + level];
      if (at != begin && nodes_.back().item == item) continue;
      cuts.push_back(at);
      nodes_.push_back({item, static_cast<std::uint32_t>(at), 0});
    }
    cuts.push_back(end);
    const auto last = static_cast<std::uint32_t>(nodes_.size());
    for (std::uint32_t node = first; level + 1 < length_ && node < last; ++node) {
      const auto children = build(candidates, level + 1, cuts[node - first], cuts[node - first + 1]);
      nodes_[node].first = children.first;
      nodes_[node].end = children.second;
    }
    if (level == 0) roots_ = last;
    return {first, last};
  }

  void count(std::uint32_t first, std::uint32_t end, std::span<const std::uint32_t> basket, std::uint32_t level,
             std::vector<std::uint64_t>& supports) const {
    std::size_t at = 0;
    for (std::uint32_t node = first; node < end; ++node) {
      while (at < basket.size() && basket[at] < nodes_[node].item) ++at;
      if (at + (length_ - level) >= basket.size()) return;
      if (basket[at] != nodes_[node].item) continue;
      if (level == length_) {
        ++supports[nodes_[node].first];
      } else {
        count(nodes_[node].first, nodes_[node].end, basket.subspan(at + 1), level + 1, supports);
      }
    }
  }

  std::uint32_t length_;
  std::uint32_t roots_ = 0;
  std::vector<Node> nodes_;
};

bool admitted(const ItemsetOptions& options, std::uint32_t item) {
  const auto names = [item](const std::vector<std::uint32_t>& items) {
    return std::find(items.begin(), items.end(), item) != items.end();
  };
  return (options.only_items.empty() || names(options.only_items)) && !names(options.without_items);
}

void add_set(ItemsetTable& table, std::span<const std::uint32_t> items, std::uint64_t support) {
  table.items.insert(table.items.end(), items.begin(), items.end());
  table.starts.push_back(table.items.size());
  table.supports.push_back(static_cast<std::uint32_t>(support));
}

/// The sets of the round that are frequent, in order.
std::vector<std::uint32_t> keep_frequent(AprioriRound& round, const AprioriCounts& counts) {
  std::vector<std::uint32_t> kept;
  const std::vector<std::uint32_t>& sets = round.length == 1 ? counts.items : round.candidates;
  if (counts.supports.size() * round.length != sets.size()) {
    throw Error(Code::misuse, "the counts are of another round");
  }
  for (std::size_t set = 0; set < counts.supports.size(); ++set) {
    const auto items = std::span(sets).subspan(set * round.length, round.length);
    if (counts.supports[set] < round.options.min_support) continue;
    if (round.length == 1 && !admitted(round.options, items[0])) continue;
    add_set(round.found, items, counts.supports[set]);
    kept.insert(kept.end(), items.begin(), items.end());
  }
  return kept;
}

/// Whether all parts of a candidate that lack one item are among the sets; those without the last two are.
bool parts_are_frequent(std::span<const std::uint32_t> candidate, std::span<const std::uint32_t> sets) {
  const std::size_t length = candidate.size() - 1;
  std::vector<std::uint32_t> part(length);
  for (std::size_t without = 0; without + 2 < candidate.size(); ++without) {
    std::copy_n(candidate.begin(), without, part.begin());
    std::copy(candidate.begin() + static_cast<std::ptrdiff_t>(without) + 1, candidate.end(),
              part.begin() + static_cast<std::ptrdiff_t>(without));
    std::size_t low = 0, high = sets.size() / length;
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      const auto set = sets.subspan(middle * length, length);
      const bool before = std::lexicographical_compare(set.begin(), set.end(), part.begin(), part.end());
      (before ? low : high) = middle + (before ? 1 : 0);
    }
    if (low == sets.size() / length) return false;
    const auto set = sets.subspan(low * length, length);
    if (!std::equal(set.begin(), set.end(), part.begin())) return false;
  }
  return true;
}

/// Joins sets that differ in their last item. Stops, and says so, when the budget does not hold them.
bool join(AprioriRound& round, std::span<const std::uint32_t> sets) {
  const std::size_t length = round.length, count = sets.size() / length;
  const std::uint64_t room = round.options.memory_bytes;
  std::vector<std::uint32_t> candidate(length + 1);
  round.candidates.clear();
  for (std::size_t a = 0; a < count; ++a) {
    beat("candidates", a, count);
    const auto left = sets.subspan(a * length, length);
    for (std::size_t b = a + 1; b < count; ++b) {
      const auto right = sets.subspan(b * length, length);
      if (!std::equal(left.begin(), left.end() - 1, right.begin())) break;
      std::copy(left.begin(), left.end(), candidate.begin());
      candidate.back() = right.back();
      if (!parts_are_frequent(candidate, sets)) continue;
      round.candidates.insert(round.candidates.end(), candidate.begin(), candidate.end());
      // Candidates, the nodes of their tree and their counts.
      if (room != 0 && round.candidates.size() * (4 + 12 + 8) > room) return false;
    }
  }
  return true;
}

std::vector<std::uint32_t> in_order(std::span<const std::uint32_t> basket) {
  std::vector<std::uint32_t> items(basket.begin(), basket.end());
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

AprioriCounts count_items(const Baskets& batch) {
  const ItemNumbers numbers(batch.items);
  std::vector<std::uint64_t> supports(numbers.size());
  for (std::size_t basket = 0; basket < batch.size(); ++basket) {
    for (const std::uint32_t item : in_order(batch[basket])) ++supports[numbers.of(item)];
  }
  AprioriCounts counts{.baskets = batch.size()};
  for (std::uint32_t number = 0; number < numbers.size(); ++number) {
    if (supports[number] == 0) continue;
    counts.items.push_back(numbers.item(number));
    counts.supports.push_back(supports[number]);
  }
  return counts;
}

void merge_items(AprioriCounts& into, const AprioriCounts& other) {
  AprioriCounts sum{.baskets = into.baskets};
  std::size_t a = 0, b = 0;
  while (a < into.items.size() || b < other.items.size()) {
    const bool mine = b == other.items.size() || (a < into.items.size() && into.items[a] <= other.items[b]);
    const bool theirs = a == into.items.size() || (b < other.items.size() && other.items[b] <= into.items[a]);
    sum.items.push_back(mine ? into.items[a] : other.items[b]);
    sum.supports.push_back((mine ? into.supports[a] : 0) + (theirs ? other.supports[b] : 0));
    a += mine;
    b += theirs;
  }
  into = std::move(sum);
}

AprioriCounts count_on_threads(const AprioriRound& round, const Baskets& batch, const Run& run) {
  const std::size_t parts = std::max<std::size_t>(1, std::min(run.executor.threads, batch.size() / 1000));
  std::vector<AprioriCounts> counts(parts);
  run.executor.run(parts, [&](std::size_t part) {
    const std::size_t first = batch.size() * part / parts, last = batch.size() * (part + 1) / parts;
    const std::uint64_t begin = batch.starts.empty() ? 0 : batch.starts[first];
    std::vector<std::uint64_t> starts{0};
    for (std::size_t basket = first; basket < last; ++basket) starts.push_back(batch.starts[basket + 1] - begin);
    counts[part] = partial(round, {starts, batch.items.subspan(begin, starts.back())});
  });
  for (std::size_t part = 1; part < parts; ++part) merge(counts[0], counts[part]);
  return std::move(counts[0]);
}

}  // namespace

AprioriRound first_round(const ItemsetOptions& options) {
  check(options);
  if (options.kind != ItemsetKind::all || options.top != 0) {
    throw Error(Problem{.code = Code::unsupported,
                        .message = "apriori finds all frequent sets, not the closed, maximal or best ones",
                        .field = options.top != 0 ? "top" : "kind",
                        .hint = "leave the engine to the library"});
  }
  return {.options = options};
}

AprioriCounts partial(const AprioriRound& round, const Baskets& batch) {
  check(batch);
  if (round.length == 1) return count_items(batch);
  AprioriCounts counts{.baskets = batch.size()};
  counts.supports.resize(round.candidates.size() / round.length);
  const CandidateTree tree(round.candidates, round.length);
  for (std::size_t basket = 0; basket < batch.size(); ++basket) {
    if ((basket & 1023) == 0) beat("apriori", basket, batch.size());
    tree.count(in_order(batch[basket]), counts.supports);
  }
  return counts;
}

void merge(AprioriCounts& into, const AprioriCounts& other) {
  if (!into.items.empty() || !other.items.empty()) {
    merge_items(into, other);
  } else if (into.supports.empty()) {
    into.supports = other.supports;
  } else {
    if (into.supports.size() != other.supports.size()) throw Error(Code::misuse, "counts of two different rounds");
    for (std::size_t set = 0; set < into.supports.size(); ++set) into.supports[set] += other.supports[set];
  }
  into.baskets += other.baskets;
}

AprioriRound step(AprioriRound round, const AprioriCounts& counts) {
  if (round.ended) throw Error(Code::misuse, "the search has ended");
  const std::size_t before = round.found.size();
  const std::vector<std::uint32_t> kept = keep_frequent(round, counts);
  if (round.length == 1) {
    round.found.summary.baskets = counts.baskets;
    round.found.summary.frequent_items = round.found.size();
    round.found.summary.engine = ItemsetEngine::apriori;
  }
  const bool last = round.found.size() - before < 2 || round.options.max_length == round.length;
  if (!last && !join(round, kept)) {
    round.candidates.clear();
    round.found.summary.ending = Ending::memory_bytes;
  }
  if (last) round.candidates.clear();
  ++round.length;
  round.ended = round.candidates.empty();
  return round;
}

ItemsetTable finish(AprioriRound round) {
  const ItemsetOptions& options = round.options;
  ItemsetTable table;
  table.summary = round.found.summary;
  const std::vector<std::uint32_t> all_of = in_order(options.all_of);
  for (std::size_t set = 0; set < round.found.size(); ++set) {
    const auto items = round.found[set];
    const auto has = [items](std::uint32_t item) { return std::binary_search(items.begin(), items.end(), item); };
    if (items.size() < options.min_length || !std::all_of(all_of.begin(), all_of.end(), has)) continue;
    if (!options.any_of.empty() && std::none_of(options.any_of.begin(), options.any_of.end(), has)) continue;
    if (options.max_sets != 0 && table.size() == options.max_sets) {
      table.summary.ending = Ending::max_sets;
      break;
    }
    add_set(table, items, round.found.supports[set]);
  }
  table.summary.sets = table.size();
  return table;
}

ItemsetTable mine_apriori(const BasketSource& source, const ItemsetOptions& options, const Run& run) {
  const LongCall call(run.progress);
  AprioriRound round = first_round(options);
  while (!round.done()) {
    AprioriCounts counts;
    source([&](const Baskets& batch) { merge(counts, count_on_threads(round, batch, run)); });
    if (round.length > 1 && counts.supports.empty()) counts.supports.resize(round.candidates.size() / round.length);
    round = step(std::move(round), counts);
  }
  return finish(std::move(round));
}

}  // namespace emptor::mine
