#include "emptor/mine/als.hpp"

#include <cmath>

#include "core/long_call.hpp"
#include "emptor/core/random.hpp"
#include "mine/als_check.hpp"
#include "mine/als_kernels.hpp"
#include "mine/als_solver.hpp"
#include "mine/row_blocks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

/// f(seed, id), uniform about 0, so that a customer starts the same whatever others there are.
AlsVectors started(const std::vector<std::uint64_t>& ids, const AlsOptions& options) {
  AlsVectors vectors(ids.size(), options.factors);
  const double reach = 1 / std::sqrt(static_cast<double>(options.factors));
  for (std::size_t r = 0; r < ids.size(); ++r) {
    const std::uint64_t own = hash_of(options.seed, ids[r]);
    for (std::size_t k = 0; k < options.factors; ++k) {
      vectors.row(r)[k] = (static_cast<double>(hash_of(own, k) >> 11) * 0x1p-53 - 0.5) * reach;
    }
  }
  return vectors;
}

/// Over all pairs by the grams, then what purchases change; rows' shares are added in their order.
double loss_of(const SparseRows& rows, const std::vector<double>& extra, const AlsVectors& customers,
               const AlsVectors& items, const AlsOptions& options, const Run& run) {
  std::vector<double> shares(rows.size());
  const std::size_t width = items.width;
  in_blocks(rows.size(), 64, run, "als", [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      for (std::uint64_t at = rows.starts[r]; at < rows.starts[r + 1]; ++at) {
        const double score = dot(customers.row(r), items.row(rows.columns[at]), width);
        shares[r] += (1 + extra[at]) * (1 - score) * (1 - score) - score * score;
      }
    }
  });
  const std::vector<double> of_customers = gram(customers, run), of_items = gram(items, run);
  double loss = 0, lengths = 0;
  for (std::size_t i = 0; i < of_items.size(); ++i) loss += of_customers[i] * of_items[i];
  for (std::size_t i = 0; i < width; ++i) lengths += of_customers[i * width + i] + of_items[i * width + i];
  for (const double share : shares) loss += share;
  return loss + options.regularisation * lengths;
}

std::uint64_t memory_of(const PurchaseLists& lists, const AlsOptions& options, const Run& run) {
  const std::uint64_t width = options.factors + als_lanes, threads = std::max<std::size_t>(run.executor.threads, 1);
  const std::uint64_t vectors = (lists.customers.size() + lists.items.size()) * width * 8;
  return lists.rows.columns.size() * 52 + 2 * vectors + (threads + 20) * width * width * 8;
}

}  // namespace

void check_options(const AlsOptions& options) {
  if (options.factors < 1 || options.factors > 1'024) refuse_input("1 to 1,024 factors are possible", "factors");
  if (!(options.alpha > 0 && options.alpha <= 1e6)) refuse_input("alpha is above 0 and at most 1e6", "alpha");
  if (!(options.regularisation > 0 && options.regularisation <= 1e12)) {
    refuse_input("regularisation is above 0 and at most 1e12", "regularisation");
  }
  if (options.sweeps < 1 || options.sweeps > 10'000) refuse_input("1 to 10,000 sweeps are possible", "sweeps");
  if (options.confidence > AlsConfidence::logarithmic) refuse_input("not a confidence", "confidence");
  if (!(options.epsilon > 0 && options.epsilon <= 1e12)) refuse_input("epsilon is above 0, at most 1e12", "epsilon");
  if (options.solver > AlsSolver::conjugate_gradients) refuse_input("not a solver", "solver");
  if (options.steps < 1 || options.steps > 1'000) refuse_input("1 to 1,000 steps are possible", "steps");
}

AlsModel fit_als(const ItemPurchases& purchases, const AlsOptions& options, const Run& run) {
  check_options(options);
  const LongCall call(run.progress);
  PurchaseLists lists = listed(purchases);
  if (lists.rows.columns.empty()) refuse_input("there are no purchases", "items");
  check_memory(memory_of(lists, options, run), options.memory_bytes);
  if (lists.rows.values.empty()) lists.rows.values.assign(lists.rows.columns.size(), 1.0);
  const SparseRows by_item = transposed(lists.rows, lists.items.size());
  const std::vector<double> extra = extra_confidence(options, lists.rows.values);
  const std::vector<double> extra_by_item = extra_confidence(options, by_item.values);
  AlsVectors customers = started(lists.customers, options), items(lists.items.size(), options.factors);
  AlsModel model;
  for (std::size_t sweep = 0; sweep < options.sweeps; ++sweep) {
    beat("als", sweep, options.sweeps);
    solve_side(by_item, extra_by_item, customers, items, options, run);
    solve_side(lists.rows, extra, items, customers, options, run);
    if (options.track_loss) model.losses.push_back(loss_of(lists.rows, extra, customers, items, options, run));
  }
  model.options = options;
  model.customers = std::move(lists.customers);
  model.items = std::move(lists.items);
  model.customer_vectors = customers.dense();
  model.item_vectors = items.dense();
  return model;
}

}  // namespace emptor::mine
