/// k-means: the partition of rows into k clusters around their means, found by Lloyd's iteration.
///
///     const KmeansFit fit = fit_kmeans({.x = points}, {.k = 5, .seed = 1, .restarts = 10});
///     std::vector<std::uint32_t> labels = predict_kmeans(fit.model, others);
///
/// A row belongs to the centre with the least squared distance, computed in double precision in one fixed order, ties
/// to the lowest centre, whatever arithmetic found it. Sums are integers. So the model and the labels are the same to
/// the last bit for any number of threads, any order of rows (their ids going with them), any batches, any processor
/// and compiler, and whether distances were skipped by bounds or not.
///
/// Source: Lloyd (1982); starts by Arthur and Vassilvitskii (2007) and Bahmani et al. (2012); bounds after Elkan (2003)
/// and Hamerly (2010). The columns' scales matter: see scaling.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/row_batches.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

/// Where the centres begin.
enum class KmeansStart : std::uint8_t {
  plus_plus,  ///< k-means++, the best of several draws for each centre: one pass over the rows a centre
  parallel,   ///< k-means||: a few passes, for many clusters or rows that do not fit into memory
  random,     ///< k different rows
  given,      ///< KmeansOptions::starts
};

/// How rows are spared distances that cannot matter. The result is the same.
enum class KmeansBounds : std::uint8_t {
  automatic,  ///< by the shape of the data
  none,       ///< every distance of every row in every pass
  hamerly,    ///< rows whose nearest centre cannot have changed are passed over
  elkan,      ///< centres too far from a row's own centre are passed over, too
};

struct KmeansOptions {
  std::size_t k = 8;  ///< 1 to the number of rows
  std::uint64_t seed = 0;
  KmeansStart start = KmeansStart::plus_plus;
  std::optional<NumberView> starts = {};  ///< k x columns, for KmeansStart::given
  std::size_t restarts = 1;   ///< fits from different starts; the least inertia is kept, the first one of equals
  std::size_t updates = 300;  ///< at most so many moves of the centres; then the rows are assigned once more
  double tolerance = 0;       ///< stop when the centres' squared moves sum to at most this x the columns' mean
                              ///< variance; 0: when no row changes its cluster
  std::size_t trials = 0;     ///< draws for each centre of k-means++; 0: 2 + floor(ln k)
  double oversampling = 2;    ///< k-means||: expected draws of a round, in units of k; above 0
  std::size_t rounds = 5;     ///< k-means||: passes of drawing; at least 1
  KmeansBounds bounds = KmeansBounds::automatic;
  std::uint64_t memory_bytes = 0;  ///< beyond the rows themselves; more is Code::budget. 0: no limit
  std::string data_version = {};   ///< of the rows, as the host names it; kept in the model

  friend bool operator==(const KmeansOptions& a, const KmeansOptions& b) noexcept;  ///< starts are not compared
};

struct KmeansModel {
  std::size_t columns = 0;
  std::vector<double> centres;       ///< k x columns, row by row
  std::vector<std::uint64_t> sizes;  ///< rows of each cluster; 0 where fewer rows differ than clusters were asked for
  double inertia = 0;         ///< weighted sum of squared distances of rows to their centres, in double precision
  std::uint64_t updates = 0;  ///< moves of the centres that were made
  bool converged = false;     ///< false: stopped at KmeansOptions::updates
  KmeansOptions options;      ///< as given; without starts
  std::string data_version;

  std::size_t k() const noexcept { return sizes.size(); }
  std::span<const double> centre(std::size_t cluster) const noexcept {
    return {centres.data() + cluster * columns, columns};
  }
  friend bool operator==(const KmeansModel&, const KmeansModel&) noexcept = default;
};

struct KmeansFit {
  KmeansModel model;
  std::vector<std::uint32_t> labels;  ///< of each row, in the order of the rows
};

/// Fits k clusters. `rows.y` is not looked at; rows of weight 0 get a label and move nothing.
///
/// A cluster that loses its last row takes the row that is farthest from its own centre (ties to the lowest id). Where
/// no row is away from its centre, it stays empty. Throws Code::invalid for no rows or columns, NaN or infinite
/// numbers, numbers beyond 1e150, weights that are negative or all zero, k = 0 or more than the rows with weight, and
/// starts of another shape; Code::budget; Code::cancelled.
///
/// Time of an update: at most O(rows k columns). Memory: 16 bytes a row, 16 k columns bytes a thread, and k^2 / 2
/// numbers where centres are compared. The rows are read where they lie.
KmeansFit fit_kmeans(const TrainingRows& rows, const KmeansOptions& options = {}, const Run& run = {});
/// The same from rows that come in batches, with the same result to the last bit. Memory: as above, and what is in a
/// batch. Prefer KmeansStart::parallel: k-means++ reads all batches k times.
KmeansFit fit_kmeans(const RowBatches& rows, const KmeansOptions& options = {}, const Run& run = {});

/// The nearest centre of each row. Throws Code::invalid for another number of columns, NaN or infinite numbers.
std::vector<std::uint32_t> predict_kmeans(const KmeansModel& model, const NumberView& x, const Run& run = {});
/// The distance (not squared) of each row to each centre: rows x k, row by row, into `out` of that size.
void distances_kmeans(const KmeansModel& model, const NumberView& x, std::span<double> out, const Run& run = {});
/// The weighted sum of squared distances of rows to their nearest centres.
double inertia_kmeans(const KmeansModel& model, const TrainingRows& rows, const Run& run = {});

/// What a row's cluster rests on: the columns by which it is closest to this centre rather than to the next one.
struct KmeansReason {
  std::size_t column = 0;
  double value = 0;         ///< of the row
  double centre = 0;        ///< of its cluster
  double other = 0;         ///< of the second nearest cluster
  double contribution = 0;  ///< (value - other)^2 - (value - centre)^2; all columns' sum to the gap of the two
};
struct KmeansExplanation {
  std::uint32_t cluster = 0, second = 0;
  double squared_distance = 0, second_squared_distance = 0;
  std::vector<KmeansReason> reasons;  ///< of every column, the largest contribution first
};
/// Explains one row. Requires at least two clusters.
KmeansExplanation explain_kmeans(const KmeansModel& model, std::span<const double> row);

std::string save(const KmeansModel& model);
/// Throws Code::corrupt, Code::newer, Code::unsupported as every model does.
KmeansModel load_kmeans(std::string_view bytes);

}  // namespace emptor::mine
