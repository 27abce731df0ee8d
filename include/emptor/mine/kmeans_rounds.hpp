/// k-means as rounds of partial, merge and step: for rows that lie on several machines.
///
///     KmeansRange range = range_of(batch);           // on each part, then merge(range, other)
///     KmeansPlan plan(starts, range);
///     KmeansSums sums = partial_kmeans(batch, plan); // on each part, then merge(sums, other)
///     plan = step_kmeans(plan, sums);                // as often as wanted; plan.centres() are the result
///
/// The same bits for any parts and any order of merging, and the same as fit_kmeans gives from the same starts as long
/// as no cluster runs empty (here such a cluster keeps its centre: who is farthest would need another round).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/wide.hpp"
#include "emptor/mine/kmeans.hpp"

namespace emptor::mine {

/// What must be known of all rows before they can be summed exactly.
struct KmeansRange {
  std::vector<double> least, greatest;  ///< of each column
  double greatest_weight = 0;
  bool weighted = false;  ///< whether some weight is neither 0 nor 1
  std::uint64_t rows = 0;

  friend bool operator==(const KmeansRange&, const KmeansRange&) noexcept = default;
};
/// Throws Code::invalid for NaN, infinite and negative-weight rows, as fit_kmeans does.
KmeansRange range_of(const TrainingRows& batch, const Run& run = {});
void merge(KmeansRange& into, const KmeansRange& other);

/// The centres of a round, and the scale on which its sums are integers.
class KmeansPlan {
 public:
  /// `centres` is k x columns. Throws Code::invalid where they do not fit the range.
  KmeansPlan(const NumberView& centres, KmeansRange range);

  std::span<const double> centres() const noexcept { return centres_; }
  std::size_t k() const noexcept { return centres_.size() / columns(); }
  std::size_t columns() const noexcept { return range_.least.size(); }
  const KmeansRange& range() const noexcept { return range_; }

 private:
  std::vector<double> centres_;
  KmeansRange range_;
};

/// The sums of a part of the rows under one plan: a value that may be sent anywhere.
struct KmeansSums {
  std::vector<Wide> values;          ///< k x columns, weighted, on the plan's scale
  std::vector<Wide> weights;         ///< k
  std::vector<std::uint64_t> sizes;  ///< k
  std::array<Wide, 3> inertia{};     ///< under the plan's centres: see inertia_of

  friend bool operator==(const KmeansSums&, const KmeansSums&) noexcept = default;
};
KmeansSums partial_kmeans(const TrainingRows& batch, const KmeansPlan& plan, const Run& run = {});
void merge(KmeansSums& into, const KmeansSums& other);
/// The plan of the next round: each centre is the mean of its rows.
KmeansPlan step_kmeans(const KmeansPlan& plan, const KmeansSums& sums);
/// The weighted sum of squared distances under the plan's centres.
double inertia_of(const KmeansPlan& plan, const KmeansSums& sums);

std::string save(const KmeansRange& range);
std::string save(const KmeansSums& sums);
/// Both throw Code::corrupt for damaged bytes.
KmeansRange load_kmeans_range(std::string_view bytes);
KmeansSums load_kmeans_sums(std::string_view bytes);

}  // namespace emptor::mine
