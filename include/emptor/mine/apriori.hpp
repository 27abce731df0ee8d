/// Apriori as such: rounds of counting, each one pass over baskets that may be a file larger than memory or lie on many
/// machines (Agrawal and Srikant, VLDB 1994, section 2.1).
///
///     AprioriRound round = first_round({.min_support = 100});
///     while (!round.done()) {
///       AprioriCounts counts = partial(round, here);
///       merge(counts, partial(round, there));
///       round = step(std::move(round), counts);
///     }
///     const ItemsetTable found = finish(std::move(round));
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "emptor/mine/itemsets.hpp"

namespace emptor::mine {

/// What is asked for in one pass over the baskets: the candidates of one length, and what was found before.
struct AprioriRound {
  ItemsetOptions options;
  std::uint32_t length = 1;  ///< of the candidates; 1: every item
  std::vector<std::uint32_t>
      candidates;      ///< `length` items each, ascending, in ascending order; empty where length is 1
  ItemsetTable found;  ///< all frequent sets that are shorter
  bool ended = false;

  bool done() const noexcept { return ended; }
  friend bool operator==(const AprioriRound& a, const AprioriRound& b) noexcept {
    return a.length == b.length && a.candidates == b.candidates && a.found == b.found && a.ended == b.ended;
  }
};

/// How often the candidates occur in some of the baskets. Merging adds; the order does not matter.
struct AprioriCounts {
  std::uint64_t baskets = 0;
  std::vector<std::uint32_t> items;     ///< of the first round: the items met, ascending
  std::vector<std::uint64_t> supports;  ///< of each of `items`, or of each candidate
  friend bool operator==(const AprioriCounts&, const AprioriCounts&) = default;
};

/// Throws Code::invalid as mine_itemsets does, and Code::unsupported for closed, maximal or top.
AprioriRound first_round(const ItemsetOptions& options);
AprioriCounts partial(const AprioriRound& round, const Baskets& batch);
void merge(AprioriCounts& into, const AprioriCounts& other);
/// Candidates that cannot be held within options.memory_bytes end the search: the sets found so far, labelled.
AprioriRound step(AprioriRound round, const AprioriCounts& counts);
ItemsetTable finish(AprioriRound round);

/// All rounds over a source; each of its batches is counted on the run's threads.
ItemsetTable mine_apriori(const BasketSource& source, const ItemsetOptions& options, const Run& run = {});

}  // namespace emptor::mine
