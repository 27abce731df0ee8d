#include "mine/itemset_table.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "mine/model_frame.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "itemsets";

/// Whether set a comes before set b.
struct InOrder {
  const ItemsetTable& table;
  bool operator()(std::uint32_t a, std::uint32_t b) const noexcept {
    const auto left = table[a], right = table[b];
    if (left.size() != right.size()) return left.size() < right.size();
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end());
  }
};

[[noreturn]] void refuse_bytes() { throw Error(Code::corrupt, "a saved table of itemsets contradicts itself"); }

}  // namespace

void sort_table(ItemsetTable& table) {
  std::vector<std::uint32_t> order(table.size());
  std::iota(order.begin(), order.end(), 0u);
  if (std::is_sorted(order.begin(), order.end(), InOrder{table})) return;
  std::sort(order.begin(), order.end(), InOrder{table});
  ItemsetTable sorted;
  sorted.summary = table.summary;
  sorted.starts.reserve(table.starts.size());
  sorted.items.reserve(table.items.size());
  sorted.supports.reserve(table.size());
  for (const std::uint32_t set : order) {
    const auto items = table[set];
    sorted.items.insert(sorted.items.end(), items.begin(), items.end());
    sorted.starts.push_back(sorted.items.size());
    sorted.supports.push_back(table.supports[set]);
  }
  table = std::move(sorted);
}

bool ItemsetCollector::take(const ItemsetBlock& block) {
  for (std::size_t set = 0; set < block.size(); ++set) {
    const auto items = block[set];
    // Twice: vectors grow by doubling, and the table is written anew when it is sorted.
    full_ = !meter_.fits(2 * (4 * items.size() + sizeof(std::uint64_t) + 2 * sizeof(std::uint32_t)));
    if (full_) return false;
    table_.items.insert(table_.items.end(), items.begin(), items.end());
    table_.starts.push_back(table_.items.size());
    table_.supports.push_back(block.supports[set]);
  }
  return true;
}

ItemsetTable ItemsetCollector::finish(const ItemsetSummary& summary) {
  table_.summary = summary;
  table_.summary.sets = table_.size();
  if (full_) table_.summary.ending = Ending::memory_bytes;
  sort_table(table_);
  return std::move(table_);
}

bool BestItemsets::better(const Entry& a, const Entry& b) noexcept {
  if (a.support != b.support) return a.support > b.support;
  if (a.items.size() != b.items.size()) return a.items.size() < b.items.size();
  return a.items < b.items;
}

void BestItemsets::take(const ItemsetBlock& block) {
  for (std::size_t set = 0; set < block.size(); ++set) {
    if (heap_.size() == count_ && block.supports[set] < heap_.front().support) continue;
    const auto items = block[set];
    Entry entry{block.supports[set], {items.begin(), items.end()}};
    if (heap_.size() == count_) {
      if (!better(entry, heap_.front())) continue;
      std::pop_heap(heap_.begin(), heap_.end(), better);
      heap_.pop_back();
    }
    heap_.push_back(std::move(entry));
    std::push_heap(heap_.begin(), heap_.end(), better);
  }
}

ItemsetTable BestItemsets::finish(const ItemsetSummary& summary) {
  ItemsetTable table;
  for (const Entry& entry : heap_) {
    table.items.insert(table.items.end(), entry.items.begin(), entry.items.end());
    table.starts.push_back(table.items.size());
    table.supports.push_back(entry.support);
  }
  table.summary = summary;
  table.summary.sets = table.size();
  sort_table(table);
  return table;
}

std::string save(const ItemsetTable& table) {
  ModelFrame frame{.algorithm = std::string(algorithm), .options = "{}"};
  std::string& out = frame.payload;
  append_varint(out, table.summary.baskets);
  append_varint(out, table.summary.frequent_items);
  append_varint(out, static_cast<std::uint64_t>(table.summary.ending));
  append_varint(out, static_cast<std::uint64_t>(table.summary.engine));
  append_varint(out, table.size());
  for (std::size_t set = 0; set < table.size(); ++set) {
    append_varint(out, table[set].size());
    append_varint(out, table.supports[set]);
    std::uint32_t last = 0;
    for (const std::uint32_t item : table[set]) append_varint(out, item - std::exchange(last, item));
  }
  return to_bytes(frame);
}

ItemsetTable load_itemsets(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, 1);
  ByteReader reader(frame.payload);
  ItemsetTable table;
  table.summary.baskets = reader.varint();
  table.summary.frequent_items = reader.varint();
  const std::uint64_t ending = reader.varint(), engine = reader.varint(), sets = reader.varint();
  if (ending > static_cast<std::uint64_t>(Ending::receiver)) refuse_bytes();
  if (engine > static_cast<std::uint64_t>(ItemsetEngine::projection) || sets > reader.left()) refuse_bytes();
  table.summary.ending = static_cast<Ending>(ending);
  table.summary.engine = static_cast<ItemsetEngine>(engine);
  table.summary.sets = sets;
  for (std::uint64_t set = 0; set < sets; ++set) {
    const std::uint64_t length = reader.varint(), support = reader.varint();
    if (length == 0 || length > reader.left() || support > UINT32_MAX) refuse_bytes();
    std::uint64_t item = 0;
    for (std::uint64_t at = 0; at < length; ++at) {
      const std::uint64_t step = reader.varint();
      if (step > UINT32_MAX || (at > 0 && step == 0)) refuse_bytes();
      item += step;
      if (item > UINT32_MAX) refuse_bytes();
      table.items.push_back(static_cast<std::uint32_t>(item));
    }
    table.starts.push_back(table.items.size());
    table.supports.push_back(static_cast<std::uint32_t>(support));
  }
  if (!reader.done()) refuse_bytes();
  return table;
}

}  // namespace emptor::mine
