#include "emptor/mine/itemsets.hpp"

#include <algorithm>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/itemset_options.hpp"
#include "mine/itemset_search.hpp"
#include "mine/itemset_table.hpp"

namespace emptor::mine {
namespace {

[[noreturn]] void refuse(std::string message, std::string field) {
  throw Error(Problem{.code = Code::invalid, .message = std::move(message), .field = std::move(field)});
}

/// The highest support, of at least options.min_support, at which there are as many sets as are asked for; the least
/// where there never are. (Of closed sets as of all there are more at a lower support.)
std::uint64_t support_of_top(const Baskets& baskets, const ItemsetOptions& options, const Run& run) {
  const auto enough = [&](std::uint64_t support) {
    ItemsetOptions some = options;
    some.min_support = support;
    some.max_sets = options.top;
    return search_itemsets(baskets, some, {}, run).sets >= options.top;
  };
  std::uint64_t above = std::max<std::uint64_t>(baskets.size(), 1) + 1, support = above;
  do {
    support = std::max(options.min_support, support / 2);
    if (enough(support)) break;
    above = support;
  } while (support > options.min_support);
  while (above - support > 1) {
    const std::uint64_t middle = support + (above - support) / 2;
    (enough(middle) ? support : above) = middle;
  }
  return std::min(support, std::max(options.min_support, above));
}

ItemsetTable mine_top(const Baskets& baskets, const ItemsetOptions& options, const Run& run) {
  ItemsetOptions some = options;
  some.max_sets = 0;
  if (options.kind != ItemsetKind::maximal) some.min_support = support_of_top(baskets, options, run);
  BestItemsets best(options.max_sets == 0 ? options.top : std::min(options.top, options.max_sets));
  const auto take = [&best](const ItemsetBlock& block) {
    best.take(block);
    return true;
  };
  return best.finish(search_itemsets(baskets, some, take, run));
}

/// Hands a table on in blocks.
ItemsetSummary give(const ItemsetTable& table, const ItemsetReceiver& receiver) {
  ItemsetSummary summary = table.summary;
  if (receiver && table.size() > 0 && !receiver(table)) summary.ending = Ending::receiver;
  return summary;
}

}  // namespace

void check(const ItemsetOptions& options) {
  if (options.min_support == 0) refuse("a support of at least one basket is needed", "min_support");
  if (options.max_length != 0 && options.max_length < options.min_length) {
    refuse("no set is as long as min_length and as short as max_length", "max_length");
  }
  const bool all_sets_only = options.engine != ItemsetEngine::automatic && options.engine != ItemsetEngine::projection;
  if (options.kind != ItemsetKind::all && all_sets_only) {
    refuse("this engine finds all frequent sets, not the closed or maximal ones", "engine");
  }
}

std::string_view name_of(Ending ending) noexcept {
  switch (ending) {
    case Ending::complete:
      return "complete";
    case Ending::max_sets:
      return "max_sets";
    case Ending::memory_bytes:
      return "memory_bytes";
    case Ending::receiver:
      return "receiver";
  }
  return "";
}

ItemsetSummary mine_itemsets(const Baskets& baskets, const ItemsetOptions& options, const ItemsetReceiver& receiver,
                             const Run& run) {
  check(options);
  const LongCall call(run.progress);
  if (options.top != 0) return give(mine_top(baskets, options, run), receiver);
  return search_itemsets(baskets, options, receiver, run);
}

ItemsetTable mine_itemsets(const Baskets& baskets, const ItemsetOptions& options, const Run& run) {
  check(options);
  const LongCall call(run.progress);
  if (options.top != 0) return mine_top(baskets, options, run);
  ItemsetCollector collector(options.memory_bytes);
  const auto take = [&collector](const ItemsetBlock& block) { return collector.take(block); };
  return collector.finish(search_itemsets(baskets, options, take, run));
}

ItemsetSummary count_itemsets(const Baskets& baskets, const ItemsetOptions& options, const Run& run) {
  return mine_itemsets(baskets, options, ItemsetReceiver(), run);
}

}  // namespace emptor::mine
