/// The columns on which the logistic regression of a blend is fitted: a number as a piecewise linear function of
/// itself, a name as a column each, and what is missing as a column of its own.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "emptor/mine/bins.hpp"
#include "emptor/mine/blended_boosting.hpp"
#include "mine/tree_rows.hpp"

namespace emptor::mine {

/// The most that a term can add, in size.
double greatest_of(const BlendTerm& term) noexcept;

class BlendDesign {
 public:
  /// What the active rows tell of each column; of names the bins have counted which there are.
  BlendDesign(const NumberView& x, const TreeRows& rows, const BinnedRows& bins, const BlendedBoostingOptions& options);

  /// Columns; 0 where there is nothing to regress on, or so much that it would not pay.
  std::size_t width() const noexcept { return width_; }
  /// The rows in this order, row by row; `bins` hold their codes.
  std::vector<double> matrix(const NumberView& x, const BinnedRows& bins, std::span<const std::uint32_t> order) const;
  /// The terms with the coefficients of a regression on the columns.
  std::vector<BlendTerm> terms(std::span<const double> coefficients) const;

 private:
  struct Plan {
    BlendTerm term;  ///< without what is fitted
    bool used = false;
    bool tells_missing = false;
    std::size_t width() const noexcept;
  };

  static void plan_number(Plan& plan, const std::vector<double>& values);
  static void place_knots(Plan& plan, const FeatureBins& bins, const std::vector<std::size_t>& counts,
                          std::size_t knots);
  void plan_names(Plan& plan, const std::vector<std::size_t>& counts, const FeatureBins& bins, std::size_t most) const;
  void plan_all(const NumberView& x, const TreeRows& rows, const BinnedRows& bins, std::size_t knots,
                std::size_t most_names);
  void fill(const Plan& plan, double x, double* out) const;
  void fill_names(const Plan& plan, const FeatureBins& bins, const std::uint8_t* codes,
                  std::span<const std::uint32_t> order, double* out) const;

  const BlendedBoostingOptions& options_;
  std::vector<Plan> plans_;
  std::size_t width_ = 0;
};

}  // namespace emptor::mine
