#include "emptor/mine/item_similarity.hpp"

#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/item_pairs.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"
#include "mine/purchase_lists.hpp"
#include "mine/row_chunks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "item_similarity";
constexpr std::uint64_t payload_version = 1;
constexpr std::size_t chunk = 16;  // items that a worker takes at a time
constexpr std::string_view measures[] = {"cosine", "jaccard", "lift"};

void check_options(const ItemSimilarityOptions& options) {
  if (options.neighbours < 1 || options.neighbours > 1'000'000) {
    refuse_input("1 to 1,000,000 neighbours are possible", "neighbours");
  }
  if (options.least_together < 1) refuse_input("at least one customer must have both", "least_together");
  if (options.measure > ItemMeasure::lift) refuse_input("not a measure of similarity", "measure");
}

/// Whether all are integers whose products fit into sums of 64 bits.
bool whole(const std::vector<double>& values, std::uint64_t customers) {
  const double most = std::sqrt(0x1p62 / static_cast<double>(std::max<std::uint64_t>(customers, 1)));
  return std::all_of(values.begin(), values.end(), [&](double value) {
    return value <= most && value <= 4e9 && value == static_cast<double>(static_cast<std::uint32_t>(value));
  });
}

double greatest(const std::vector<double>& values) {
  double most = 1;
  for (const double value : values) most = std::max(most, value);
  return most;
}

std::uint64_t memory_of(const PurchaseLists& lists, const ItemSimilarityOptions& options, std::size_t workers) {
  const std::uint64_t entry = lists.rows.values.empty() ? 4 : 24, items = lists.items.size();
  const std::uint64_t kept = std::min<std::uint64_t>(options.neighbours, items) * items * sizeof(ItemNeighbour);
  return 2 * entry * lists.rows.columns.size() + 32 * items + workers * items * (4 + entry + sizeof(ItemNeighbour)) +
         2 * kept;
}

/// What makes a score of what two items share.
struct Scorer {
  ItemMeasure measure;
  double customers;
  const std::vector<std::uint32_t>& buyers;
  std::vector<double> lengths;  ///< of cosine
  double unit;                  ///< of a product

  double operator()(std::size_t one, std::size_t other, std::uint32_t together, std::int64_t product) const {
    if (measure == ItemMeasure::cosine) return static_cast<double>(product) * unit / (lengths[one] * lengths[other]);
    const double a = buyers[one], b = buyers[other], both = together;
    return measure == ItemMeasure::jaccard ? both / (a + b - both) : both * customers / (a * b);
  }
};

/// The root of each item's product with itself.
template <class Counts>
std::vector<double> lengths_of(const SparseRows& by_item, const std::vector<std::uint64_t>& at_customer,
                               const Counts& counts, double unit) {
  std::vector<double> lengths(by_item.size());
  for (std::size_t item = 0; item < by_item.size(); ++item) {
    std::int64_t sum = 0;
    for (std::uint64_t at = by_item.starts[item]; at < by_item.starts[item + 1]; ++at) {
      if constexpr (counted<Counts>) {
        sum += counts.product(at, at_customer[at]);
      } else {
        ++sum;
      }
    }
    lengths[item] = std::sqrt(static_cast<double>(sum) * unit);
  }
  return lengths;
}

/// Where the purchases of the item-major list stand in the other.
std::vector<std::uint64_t> places_of(const SparseRows& rows, const SparseRows& by_item) {
  std::vector<std::uint64_t> next(by_item.starts.begin(), by_item.starts.end() - 1), at(rows.columns.size());
  for (std::uint64_t to = 0; to < rows.columns.size(); ++to) at[next[rows.columns[to]]++] = to;
  return at;
}

struct Lists {
  const SparseRows& rows;
  const SparseRows& by_item;
  const std::vector<std::uint32_t>& items;
};

/// All items' neighbours, whatever the counts are.
template <class Counts>
std::vector<std::vector<ItemNeighbour>> all_neighbours(const Lists& lists, const Counts& counts, const Scorer& scorer,
                                                       const ItemSimilarityOptions& options, const Run& run) {
  std::vector<std::vector<ItemNeighbour>> found(lists.items.size());
  std::vector<Accumulator<Counts>> accumulators(workers_for(run, found.size(), chunk),
                                                Accumulator<Counts>(lists.rows, lists.by_item, counts));
  for_chunks(run, "item similarity", found.size(), chunk,
             [&](std::size_t worker, std::size_t first, std::size_t count) {
               BestOf<ItemNeighbour> best(options.neighbours);
               for (std::size_t item = first; item < first + count; ++item) {
                 accumulators[worker].take(item);
                 accumulators[worker].give([&](std::uint32_t other, std::uint32_t together, std::int64_t product) {
                   if (other == item || together < options.least_together) return;
                   best.add({lists.items[other], scorer(item, other, together, product), together});
                 });
                 found[item] = best.take();
               }
             });
  return found;
}

template <class Counts>
std::vector<std::vector<ItemNeighbour>> all_neighbours(const Lists& lists, const Counts& counts, double unit,
                                                       const ItemSimilarity& model, const Run& run) {
  Scorer scorer{model.options.measure, static_cast<double>(model.customers), model.buyers, {}, unit};
  if (model.options.measure == ItemMeasure::cosine) {
    const auto at_customer = counted<Counts> ? places_of(lists.rows, lists.by_item) : std::vector<std::uint64_t>();
    scorer.lengths = lengths_of(lists.by_item, at_customer, counts, unit);
  }
  return all_neighbours(lists, counts, scorer, model.options, run);
}

std::vector<std::vector<ItemNeighbour>> all_neighbours(const Lists& lists, const ItemSimilarity& model,
                                                       const Run& run) {
  const std::vector<double>&by_customer = lists.rows.values, &by_item = lists.by_item.values;
  if (by_customer.empty()) return all_neighbours(lists, NoCounts{}, 1, model, run);
  if (whole(by_customer, model.customers)) {
    const WholeCounts counts{{by_customer.begin(), by_customer.end()}, {by_item.begin(), by_item.end()}};
    return all_neighbours(lists, counts, 1, model, run);
  }
  const double most = greatest(by_customer);
  const RoundedCounts counts{FixedScale::of(most * most, model.customers), by_customer, by_item};
  return all_neighbours(lists, counts, counts.scale.value(1), model, run);
}

}  // namespace

std::span<const ItemNeighbour> ItemSimilarity::neighbours_of(std::uint32_t item) const noexcept {
  const auto at = std::lower_bound(items.begin(), items.end(), item);
  if (at == items.end() || *at != item) return {};
  const auto place = static_cast<std::size_t>(at - items.begin());
  return std::span(neighbours).subspan(starts[place], starts[place + 1] - starts[place]);
}

ItemSimilarity fit_item_similarity(const ItemPurchases& purchases, const ItemSimilarityOptions& options,
                                   const Run& run) {
  check_options(options);
  const LongCall call(run.progress);
  PurchaseLists lists = listed(purchases);
  if (options.measure != ItemMeasure::cosine) lists.rows.values = {};
  const std::size_t items = lists.items.size();
  check_memory(memory_of(lists, options, workers_for(run, items, chunk)), options.memory_bytes);
  const SparseRows by_item = transposed(lists.rows, items);
  ItemSimilarity model;
  model.options = options;
  model.customers = lists.rows.size();
  for (std::size_t i = 0; i < items; ++i) {
    model.buyers.push_back(static_cast<std::uint32_t>(by_item.starts[i + 1] - by_item.starts[i]));
  }
  const auto found = all_neighbours({lists.rows, by_item, lists.items}, model, run);
  for (const auto& list : found) {
    model.neighbours.insert(model.neighbours.end(), list.begin(), list.end());
    model.starts.push_back(model.neighbours.size());
  }
  model.items = std::move(lists.items);
  return model;
}

namespace {

/// Each known item once, ascending.
std::vector<std::uint32_t> without_repeats(std::span<const std::uint32_t> owned) {
  std::vector<std::uint32_t> own(owned.begin(), owned.end());
  std::sort(own.begin(), own.end());
  own.erase(std::unique(own.begin(), own.end()), own.end());
  return own;
}

}  // namespace

std::vector<ScoredItem> recommend(const ItemSimilarity& model, std::span<const std::uint32_t> owned,
                                  std::size_t count) {
  const std::vector<std::uint32_t> own = without_repeats(owned);
  std::vector<ScoredItem> parts;
  for (const std::uint32_t item : own) {
    for (const ItemNeighbour& near : model.neighbours_of(item)) {
      if (!std::binary_search(own.begin(), own.end(), near.item)) parts.push_back({near.item, near.score});
    }
  }
  // Stable, so that the parts of an item are added in the order of the items owned.
  std::stable_sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.item < b.item; });
  std::vector<ScoredItem> scored;
  for (const ScoredItem& part : parts) {
    if (scored.empty() || scored.back().item != part.item) {
      scored.push_back(part);
    } else {
      scored.back().score += part.score;
    }
  }
  keep_best(scored, count);
  return scored;
}

std::vector<ScoredItem> explain(const ItemSimilarity& model, std::span<const std::uint32_t> owned, std::uint32_t item) {
  std::vector<ScoredItem> parts;
  for (const std::uint32_t own : without_repeats(owned)) {
    for (const ItemNeighbour& near : model.neighbours_of(own)) {
      if (near.item == item && own != item) parts.push_back({own, near.score});
    }
  }
  keep_best(parts, parts.size());
  return parts;
}

std::string save(const ItemSimilarity& model) {
  ModelFrame frame{std::string(algorithm),
                   payload_version,
                   OptionsText()
                       .word("measure", measures[static_cast<std::size_t>(model.options.measure)])
                       .whole("neighbours", model.options.neighbours)
                       .whole("least_together", model.options.least_together)
                       .text(),
                   model.data_version,
                   {}};
  std::string& out = frame.payload;
  append_varint(out, static_cast<std::uint64_t>(model.options.measure));
  append_varint(out, model.options.neighbours);
  append_varint(out, model.options.least_together);
  append_varint(out, model.options.memory_bytes);
  append_varint(out, model.customers);
  append_whole(out, model.items);
  append_whole(out, model.buyers);
  append_whole(out, model.starts);
  for (const ItemNeighbour& near : model.neighbours) {
    append_varint(out, near.item);
    append_double(out, near.score);
    append_varint(out, near.together);
  }
  return to_bytes(frame);
}

ItemSimilarity load_item_similarity(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  ItemSimilarity model;
  model.data_version = frame.data_version;
  const std::uint64_t measure = reader.varint();
  expect(measure <= static_cast<std::uint64_t>(ItemMeasure::lift));
  model.options = {static_cast<ItemMeasure>(measure), reader.varint(), reader.varint(), reader.varint()};
  model.customers = reader.varint();
  model.items = read_whole<std::uint32_t>(reader);
  model.buyers = read_whole<std::uint32_t>(reader);
  model.starts = read_whole<std::uint64_t>(reader);
  expect(std::is_sorted(model.items.begin(), model.items.end()) && model.buyers.size() == model.items.size());
  expect(model.starts.size() == model.items.size() + 1 && model.starts.front() == 0);
  expect(std::is_sorted(model.starts.begin(), model.starts.end()) && model.starts.back() <= reader.left() / 10);
  for (std::uint64_t i = 0; i < model.starts.back(); ++i) {
    ItemNeighbour near;
    near.item = static_cast<std::uint32_t>(reader.varint());
    near.score = read_double(reader);
    near.together = static_cast<std::uint32_t>(reader.varint());
    model.neighbours.push_back(near);
  }
  expect(reader.done());
  return model;
}

}  // namespace emptor::mine
