#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/als.hpp"
#include "mine/als_check.hpp"
#include "mine/als_kernels.hpp"
#include "mine/als_solver.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"
#include "mine/row_chunks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "als";
constexpr std::uint64_t payload_version = 1;

template <class Id>
std::optional<std::span<const double>> found(const std::vector<Id>& ids, Id id, const std::vector<double>& vectors,
                                             std::size_t factors) noexcept {
  const auto at = std::lower_bound(ids.begin(), ids.end(), id);
  if (at == ids.end() || *at != id) return std::nullopt;
  return std::span(vectors).subspan(static_cast<std::size_t>(at - ids.begin()) * factors, factors);
}

/// Exact, whatever the model was fitted with.
AlsOptions exactly(AlsOptions options) {
  options.solver = AlsSolver::cholesky;
  return options;
}

}  // namespace

std::optional<std::span<const double>> vector_of(const AlsModel& model, std::uint64_t customer) noexcept {
  return found(model.customers, customer, model.customer_vectors, model.options.factors);
}
std::optional<std::span<const double>> item_vector_of(const AlsModel& model, std::uint32_t item) noexcept {
  return found(model.items, item, model.item_vectors, model.options.factors);
}

std::vector<double> fold_in(const AlsModel& model, const ItemPurchases& purchases, const Run& run) {
  check_options(model.options);
  const LongCall call(run.progress);
  ItemPurchases unordered = purchases;
  unordered.ids = {};  // answers come in the order given
  const PurchaseLists lists = listed(unordered);
  SparseRows rows;
  for (std::size_t u = 0; u < lists.rows.size(); ++u) {
    for (std::uint64_t at = lists.rows.starts[u]; at < lists.rows.starts[u + 1]; ++at) {
      const std::uint32_t item = lists.items[lists.rows.columns[at]];
      const auto place = std::lower_bound(model.items.begin(), model.items.end(), item);
      if (place == model.items.end() || *place != item) continue;
      rows.columns.push_back(static_cast<std::uint32_t>(place - model.items.begin()));
      rows.values.push_back(lists.rows.value(at));
    }
    rows.starts.push_back(rows.columns.size());
  }
  const AlsOptions options = exactly(model.options);
  const AlsVectors items(model.item_vectors, options.factors);
  AlsVectors customers(rows.size(), options.factors);
  solve_side(rows, extra_confidence(options, rows.values), items, customers, options, run);
  return customers.dense();
}

std::vector<ScoredItem> recommend(const AlsModel& model, std::span<const double> vector,
                                  std::span<const std::uint32_t> owned, std::size_t count) {
  const std::size_t factors = model.options.factors;
  if (vector.size() != factors) refuse_input("a vector of another length", "vector");
  for (const double value : vector) {
    if (!std::isfinite(value)) refuse_input("a number of the vector is not finite", "vector");
  }
  std::vector<std::uint32_t> own(owned.begin(), owned.end());
  std::sort(own.begin(), own.end());
  // Padded as the kernel wants it, a row at a time.
  const AlsVectors x(vector, factors);
  AlsVectors y(1, factors);
  std::vector<ScoredItem> scored;
  for (std::size_t i = 0; i < model.items.size(); ++i) {
    if (std::binary_search(own.begin(), own.end(), model.items[i])) continue;
    std::copy_n(model.item_vectors.data() + i * factors, factors, y.row(0));
    scored.push_back({model.items[i], dot(x.row(0), y.row(0), x.width)});
  }
  keep_best(scored, count);
  return scored;
}

std::vector<AlsReason> explain(const AlsModel& model, std::span<const std::uint32_t> bought,
                               std::span<const double> counts, std::uint32_t item) {
  const OwnPurchases own = known_purchases(model.items, bought, counts);
  const auto target = item_vector_of(model, item);
  if (!target || own.items.empty()) return {};
  const AlsOptions options = exactly(model.options);
  const AlsVectors items(model.item_vectors, options.factors);
  const std::vector<double> of_items = gram(items, {}), extra = extra_confidence(options, own.counts);
  AlsEquations equations(options, items, of_items);
  equations.prepare(own.items, extra);
  AlsVectors weighted(*target, options.factors);  // W y of the paper
  equations.solve_prepared(weighted.row(0));
  std::vector<AlsReason> reasons;
  for (std::size_t k = 0; k < own.items.size(); ++k) {
    const double similarity = dot(weighted.row(0), items.row(own.items[k]), items.width);
    reasons.push_back({model.items[own.items[k]], similarity, similarity * (1 + extra[k])});
  }
  std::sort(reasons.begin(), reasons.end(), [](const AlsReason& a, const AlsReason& b) {
    return a.contribution != b.contribution ? a.contribution > b.contribution : a.item < b.item;
  });
  return reasons;
}

std::string save(const AlsModel& model) {
  const AlsOptions& o = model.options;
  const bool exact = o.solver == AlsSolver::cholesky, linear = o.confidence == AlsConfidence::linear;
  ModelFrame frame{std::string(algorithm),
                   payload_version,
                   OptionsText()
                       .whole("factors", o.factors)
                       .number("alpha", o.alpha)
                       .number("regularisation", o.regularisation)
                       .whole("sweeps", o.sweeps)
                       .word("confidence", linear ? "linear" : "logarithmic")
                       .number("epsilon", o.epsilon)
                       .word("solver", exact ? "cholesky" : "conjugate_gradients")
                       .whole("steps", o.steps)
                       .whole("seed", o.seed)
                       .text(),
                   model.data_version,
                   {}};
  std::string& out = frame.payload;
  for (const std::uint64_t number :
       {std::uint64_t{o.factors}, std::uint64_t{o.sweeps}, std::uint64_t{o.steps}, o.seed, o.memory_bytes,
        std::uint64_t{linear ? 0U : 1U}, std::uint64_t{exact ? 0U : 1U}, std::uint64_t{o.track_loss ? 1U : 0U}}) {
    append_varint(out, number);
  }
  for (const double number : {o.alpha, o.regularisation, o.epsilon}) append_double(out, number);
  append_whole(out, model.customers);
  append_whole(out, model.items);
  append_doubles(out, model.customer_vectors);
  append_doubles(out, model.item_vectors);
  append_doubles(out, model.losses);
  return to_bytes(frame);
}

AlsModel load_als(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  AlsModel model;
  model.data_version = frame.data_version;
  AlsOptions& o = model.options;
  o.factors = reader.varint();
  o.sweeps = reader.varint();
  o.steps = reader.varint();
  o.seed = reader.varint();
  o.memory_bytes = reader.varint();
  const std::uint64_t confidence = reader.varint(), solver = reader.varint(), tracked = reader.varint();
  expect(confidence <= 1 && solver <= 1 && tracked <= 1);
  o.confidence = static_cast<AlsConfidence>(confidence);
  o.solver = static_cast<AlsSolver>(solver);
  o.track_loss = tracked == 1;
  for (double* number : {&o.alpha, &o.regularisation, &o.epsilon}) *number = read_double(reader);
  model.customers = read_whole<std::uint64_t>(reader);
  model.items = read_whole<std::uint32_t>(reader);
  for (auto* list : {&model.customer_vectors, &model.item_vectors, &model.losses}) *list = read_doubles(reader);
  expect(reader.done() && o.factors >= 1 && o.factors <= 1'024);
  expect(model.customer_vectors.size() == model.customers.size() * o.factors);
  expect(model.item_vectors.size() == model.items.size() * o.factors);
  expect(std::is_sorted(model.customers.begin(), model.customers.end()));
  expect(std::is_sorted(model.items.begin(), model.items.end()));
  return model;
}

}  // namespace emptor::mine
