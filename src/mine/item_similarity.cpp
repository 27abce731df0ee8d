#include "emptor/mine/item_similarity.hpp"

#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/fixed_point.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"
#include "mine/purchase_lists.hpp"
#include "mine/row_chunks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "item_similarity";
constexpr std::uint64_t payload_version = 1;
constexpr std::string_view measures[] = {"cosine", "jaccard", "lift"};

void check_options(const ItemSimilarityOptions& options) {
  if (options.neighbours < 1 || options.neighbours > 1'000'000) {
    refuse_input("1 to 1,000,000 neighbours are possible", "neighbours");
  }
  if (options.least_together < 1) refuse_input("at least one customer must have both", "least_together");
  if (options.measure > ItemMeasure::lift) refuse_input("not a measure of similarity", "measure");
}

/// The row of one item against all others. Products are added as integers: their order does not matter.
class Accumulator {
 public:
  Accumulator(const SparseRows& by_customer, const SparseRows& by_item, const FixedScale& scale)
      : by_customer_(by_customer), by_item_(by_item), scale_(scale), together_(by_item.size()) {
    if (!by_customer.values.empty()) products_.resize(by_item.size());
  }

  void take(std::size_t item) {
    for (std::uint64_t at = by_item_.starts[item]; at < by_item_.starts[item + 1]; ++at) {
      const std::uint32_t customer = by_item_.columns[at];
      const std::uint64_t first = by_customer_.starts[customer], end = by_customer_.starts[customer + 1];
      for (std::uint64_t to = first; to < end; ++to) {
        const std::uint32_t other = by_customer_.columns[to];
        if (together_[other]++ == 0) touched_.push_back(other);
      }
      if (products_.empty()) continue;
      const double own = by_item_.values[at];
      for (std::uint64_t to = first; to < end; ++to) {
        products_[by_customer_.columns[to]] += scale_.round(own * by_customer_.values[to]);
      }
    }
  }
  /// Calls work(other, together, product) for each item that was met, in no order, and begins anew.
  template <class Work>
  void give(Work&& work) {
    for (const std::uint32_t other : touched_) {
      const std::uint32_t together = together_[other];
      together_[other] = 0;
      double product = together;
      if (!products_.empty()) {
        product = scale_.value(products_[other]);
        products_[other] = 0;
      }
      work(other, together, product);
    }
    touched_.clear();
  }

 private:
  const SparseRows& by_customer_;
  const SparseRows& by_item_;
  FixedScale scale_;
  std::vector<std::uint32_t> together_, touched_;
  std::vector<std::int64_t> products_;
};

/// Of each item: the root of the sum of its squared counts, from the same rounded products.
std::vector<double> lengths_of(const SparseRows& by_item, const FixedScale& scale) {
  std::vector<double> lengths(by_item.size());
  for (std::size_t item = 0; item < by_item.size(); ++item) {
    std::int64_t sum = 0;
    for (std::uint64_t at = by_item.starts[item]; at < by_item.starts[item + 1]; ++at) {
      sum += scale.round(by_item.value(at) * by_item.value(at));
    }
    lengths[item] = std::sqrt(scale.value(sum));
  }
  return lengths;
}

double greatest(const std::vector<double>& values) {
  double most = 1;
  for (const double value : values) most = std::max(most, value);
  return most;
}

std::uint64_t memory_of(const PurchaseLists& lists, const ItemSimilarityOptions& options, std::size_t workers) {
  const std::uint64_t entry = lists.rows.values.empty() ? 4 : 12, items = lists.items.size();
  const std::uint64_t kept = std::min<std::uint64_t>(options.neighbours, items) * items * sizeof(ItemNeighbour);
  return 2 * entry * lists.rows.columns.size() + 32 * items + workers * items * (4 + entry + sizeof(ItemNeighbour)) +
         2 * kept;
}

double score_of(ItemMeasure measure, double customers, double one, double other, double both) {
  if (measure == ItemMeasure::jaccard) return both / (one + other - both);
  return both * customers / (one * other);
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
  constexpr std::size_t chunk = 16;
  const std::size_t workers = workers_for(run, items, chunk);
  check_memory(memory_of(lists, options, workers), options.memory_bytes);
  const SparseRows by_item = transposed(lists.rows, items);
  const double most = greatest(lists.rows.values);
  const FixedScale scale = FixedScale::of(most * most, lists.rows.size());
  const std::vector<double> lengths = lengths_of(by_item, scale);

  ItemSimilarity model;
  model.options = options;
  model.customers = lists.rows.size();
  for (std::size_t i = 0; i < items; ++i) {
    model.buyers.push_back(static_cast<std::uint32_t>(by_item.starts[i + 1] - by_item.starts[i]));
  }
  std::vector<std::vector<ItemNeighbour>> found(items);
  std::vector<Accumulator> accumulators(workers, Accumulator(lists.rows, by_item, scale));
  for_chunks(run, "item similarity", items, chunk, [&](std::size_t worker, std::size_t first, std::size_t count) {
    Accumulator& row = accumulators[worker];
    std::vector<ItemNeighbour> all;
    for (std::size_t item = first; item < first + count; ++item) {
      row.take(item);
      all.clear();
      row.give([&](std::uint32_t other, std::uint32_t together, double product) {
        if (other == item || together < options.least_together) return;
        const double score = options.measure == ItemMeasure::cosine
                                 ? product / (lengths[item] * lengths[other])
                                 : score_of(options.measure, static_cast<double>(model.customers), model.buyers[item],
                                            model.buyers[other], together);
        all.push_back({lists.items[other], score, together});
      });
      keep_best(all, options.neighbours);
      found[item].assign(all.begin(), all.end());
    }
  });
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
