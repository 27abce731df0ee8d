#include "emptor/mine/kmeans.hpp"

#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "mine/kmeans_farthest.hpp"
#include "mine/kmeans_lloyd.hpp"
#include "mine/kmeans_start.hpp"

namespace emptor::mine {
namespace {

[[noreturn]] void refuse(std::string message, std::string field, std::string hint) {
  throw Error(Problem{
      .code = Code::invalid, .message = std::move(message), .field = std::move(field), .hint = std::move(hint)});
}

void check(const KmeansOptions& options, std::size_t columns) {
  if (options.k == 0 || options.k > 0x7FFF'FFFF) refuse("k must be at least 1", "k", "ask for 1 to as many as rows");
  if (options.restarts == 0) refuse("no restart at all", "restarts", "ask for at least 1");
  if (!(options.tolerance >= 0)) refuse("a tolerance is 0 or more", "tolerance", "0 asks for full convergence");
  if (options.start == KmeansStart::parallel && (!(options.oversampling > 0) || options.rounds == 0)) {
    refuse("k-means|| needs rounds and an oversampling above 0", "oversampling", "the defaults are 5 and 2");
  }
  if (options.start != KmeansStart::given) return;
  if (!options.starts) refuse("starts are to be given and are not", "starts", "give k rows of starts");
  if (options.starts->rows() != options.k || options.starts->columns() != columns) {
    refuse("starts of another shape", "starts", "give k rows with the columns of the table");
  }
  check_numbers(*options.starts, {});
}

/// What a fit needs beyond the rows.
std::uint64_t memory_of(const KmeansRows& rows, std::size_t k) {
  const std::uint64_t wide = 16, state = 16;
  const std::uint64_t sums = k * padded(rows.columns()) * (wide + 8) * (rows.workers() + 2);
  const std::uint64_t shells = k >= 12 ? k * k * 4 + k * CentreShells::shells * 4 : 0;
  return rows.count() * state + sums + shells;
}

void check(const KmeansOptions& options, const KmeansRows& rows) {
  if (options.k > rows.weighing()) {
    refuse("more clusters than rows with weight: " + std::to_string(rows.weighing()), "k", "ask for fewer clusters");
  }
  if (options.memory_bytes != 0 && memory_of(rows, options.k) > options.memory_bytes) {
    throw Error(Problem{.code = Code::budget,
                        .message = "the fit needs about " + std::to_string(memory_of(rows, options.k)) + " bytes",
                        .field = "memory_bytes",
                        .hint = "raise the limit, or ask for fewer clusters"});
  }
}

/// The mean over columns of the rows' variance: one cluster's inertia, spread over columns and weights.
double mean_variance(const KmeansRows& rows) {
  Lloyd all(rows, PaddedCentres(rows.range().least, rows.columns()), {.updates = 1});
  all.run();
  return all.inertia() / all.weight() / static_cast<double>(rows.columns());
}

struct Candidate {
  KmeansModel model;
  std::vector<std::uint32_t> labels;
};

Candidate fit_once(const KmeansRows& rows, const KmeansOptions& options, double least_move, std::size_t restart) {
  const std::uint64_t seed = hash_of(options.seed, restart);
  Lloyd lloyd(rows, start_kmeans(rows, options, seed),
              {.updates = options.updates, .least_move = least_move, .bounds = options.bounds});
  lloyd.run();
  Candidate fit;
  fit.model.columns = rows.columns();
  fit.model.centres = lloyd.centres().dense();
  fit.model.sizes = lloyd.sizes();
  fit.model.inertia = lloyd.inertia();
  fit.model.updates = lloyd.updates();
  fit.model.converged = lloyd.converged();
  fit.labels = lloyd.take_labels();
  return fit;
}

}  // namespace

bool operator==(const KmeansOptions& a, const KmeansOptions& b) noexcept {
  return a.k == b.k && a.seed == b.seed && a.start == b.start && a.restarts == b.restarts && a.updates == b.updates &&
         a.tolerance == b.tolerance && a.trials == b.trials && a.oversampling == b.oversampling &&
         a.rounds == b.rounds && a.bounds == b.bounds && a.memory_bytes == b.memory_bytes &&
         a.data_version == b.data_version;
}

KmeansFit fit_kmeans(const TrainingRows& rows, const KmeansOptions& options, const Run& run) {
  return fit_kmeans(one_batch(rows), options, run);
}

KmeansFit fit_kmeans(const RowBatches& batches, const KmeansOptions& options, const Run& run) {
  const LongCall call(run.progress);
  check(options, batches.columns);
  const KmeansRows rows(batches, run);
  check(options, rows);
  const double least_move = options.tolerance > 0 ? options.tolerance * mean_variance(rows) : 0;
  Candidate best;
  // The same starts end in the same clusters.
  const std::size_t restarts = options.start == KmeansStart::given ? 1 : options.restarts;
  for (std::size_t restart = 0; restart < restarts; ++restart) {
    Candidate fit = fit_once(rows, options, least_move, restart);
    if (restart == 0 || fit.model.inertia < best.model.inertia) best = std::move(fit);
  }
  best.model.options = options;
  best.model.options.starts.reset();
  best.model.data_version = options.data_version;
  return {std::move(best.model), std::move(best.labels)};
}

}  // namespace emptor::mine
