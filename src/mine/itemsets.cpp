#include "emptor/mine/itemsets.hpp"

#include <algorithm>
#include <numeric>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/array_miner.hpp"
#include "mine/itemset_search.hpp"

namespace emptor::mine {
namespace {

[[noreturn]] void refuse(std::string message, std::string field) {
  throw Error(Problem{.code = Code::invalid, .message = std::move(message), .field = std::move(field)});
}

void check(const ItemsetOptions& options) {
  if (options.min_support == 0) refuse("a support of at least one basket is needed", "min_support");
  if (options.max_length != 0 && options.max_length < options.min_length) {
    refuse("no set is as long as min_length and as short as max_length", "max_length");
  }
}

}  // namespace

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
  return search_itemsets(baskets, options, receiver, run);
}

ItemsetSummary count_itemsets(const Baskets& baskets, const ItemsetOptions& options, const Run& run) {
  return mine_itemsets(baskets, options, ItemsetReceiver(), run);
}

}  // namespace emptor::mine
