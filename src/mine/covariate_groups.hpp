/// Customers by what is known of them: rows with equal covariates share one set of parameters.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "emptor/mine/lifetime_covariates.hpp"
#include "mine/lifetime_data.hpp"

namespace emptor::mine {

/// How the parameters of a group follow from those of the model: parameter k of the group is parameter k of the model
/// times the exponential of slopes[k] . coefficients.
class GroupSlopes {
 public:
  /// `values` are the covariates of the rate, then those of leaving.
  GroupSlopes(LifetimeKind kind, std::size_t rate, std::vector<double> values);
  /// Of all parameters of the model, those of the group.
  std::vector<double> parameters(const std::vector<double>& all) const;
  /// Adds derivatives by the group's parameters to those by the model's.
  void add(const Curvature& group, const std::vector<double>& all, Curvature& into) const;

  /// The derivative of the logarithm of parameter k by coefficient `at`.
  double slope(std::size_t k, std::size_t at) const;

 private:
  double grown(std::size_t k, const std::vector<double>& all) const;
  LifetimeKind kind_;
  std::size_t own_, rate_;
  std::vector<double> values_;
};

/// Which rows have equal covariates; groups ascend by them, and rows within a group stand as they came.
struct CovariateGroups {
  std::size_t columns = 0;
  std::vector<double> values;       ///< groups x columns
  std::vector<std::size_t> rows;    ///< all rows, group by group
  std::vector<std::size_t> starts;  ///< of each group in `rows`, and the end

  std::size_t size() const noexcept { return starts.size() - 1; }
  std::vector<double> values_of(std::size_t group) const;
  std::span<const std::size_t> rows_of(std::size_t group) const {
    return std::span(rows).subspan(starts[group], starts[group + 1] - starts[group]);
  }
};
/// Throws Code::invalid (fields "rate", "leaving", with the row) for tables of other lengths and what is not finite.
CovariateGroups grouped(const CovariateRows& rows);

/// Some rows, copied together.
struct GatheredPurchases {
  GatheredPurchases(const Purchases& all, std::span<const std::size_t> rows);
  Purchases view() const noexcept { return {frequency, recency, age, weights}; }
  std::vector<double> frequency, recency, age, weights;
};

/// Calls work(group, run of the group) for all groups: few ones one after another on all threads, many ones side by
/// side.
void each_group(std::size_t groups, const Run& run, const std::function<void(std::size_t, const Run&)>& work);

/// Calls work(the group's model, its rows, their places among all, run) for all groups. Throws Code::invalid for rows
/// that cannot be, and covariates that are not as many as the model's coefficients.
using GroupWork = std::function<void(const LifetimeModel& model, const Purchases& rows,
                                     std::span<const std::size_t> places, const Run& run)>;
void each_group_of(const CovariateLifetimeModel& model, const CovariateRows& rows, const Run& run,
                   const GroupWork& work);

}  // namespace emptor::mine
