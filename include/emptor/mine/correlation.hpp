/// Correlation and mutual information, each with its significance.
///
///     const Correlations all = correlate(x, {.method = CorrelationMethod::spearman});
///     all.coefficient(0, 1); all.p_value(0, 1);
///     const MutualInformation shared = mutual_information(codes_a, codes_b);
///
/// The same bits for any threads and order of rows. Source: Student's t with n - 2 degrees of freedom for both
/// coefficients (Kendall and Stuart, The Advanced Theory of Statistics 2, 31.19); the G-test (Sokal and Rohlf,
/// Biometry, 17.2): 2 n times the mutual information is chi-squared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

enum class CorrelationMethod : std::uint8_t {
  pearson,   ///< of the numbers
  spearman,  ///< of their ranks, equal numbers with their mean rank
};

struct CorrelationOptions {
  CorrelationMethod method = CorrelationMethod::pearson;
  bool pairwise = true;  ///< rows with NaN count for the pairs where both are there; else NaN is refused
  friend bool operator==(const CorrelationOptions&, const CorrelationOptions&) noexcept = default;
};

/// Of every pair of columns. A column that is constant (on the rows of the pair) has the coefficient NaN and p 1.
struct Correlations {
  std::size_t columns = 0;
  std::vector<double> coefficients;  ///< columns x columns
  std::vector<double> p_values;      ///< two-sided; of a column with itself 0
  std::vector<std::uint64_t> rows;   ///< that the pair was computed from
  double coefficient(std::size_t a, std::size_t b) const noexcept { return coefficients[a * columns + b]; }
  double p_value(std::size_t a, std::size_t b) const noexcept { return p_values[a * columns + b]; }

  friend bool operator==(const Correlations&, const Correlations&) = default;
};

/// Throws Code::invalid (field "x") for no rows or columns, infinite numbers, NaN where it is refused.
/// O(rows x columns^2), and sorting for ranks.
Correlations correlate(const NumberView& x, const CorrelationOptions& options = {}, const Run& run = {});

/// Where a coefficient of so many rows lies, by Fisher's z (of ranks with the variance of Fieller, Hartley, Pearson,
/// Biometrika 44, 1957): right for normal numbers, rough where a few customers are far from all others.
struct CorrelationInterval {
  double lower = -1, upper = 1;
};
/// Throws Code::invalid for a level outside (0, 1); fewer than 4 rows, and NaN, tell nothing: -1 to 1.
CorrelationInterval correlation_interval(CorrelationMethod method, double coefficient, std::uint64_t rows,
                                         double level = 0.95);

struct MutualInformation {
  double nats = 0;        ///< >= 0
  double normalised = 0;  ///< divided by the mean of both entropies: 0 to 1; 0 where both are constant
  double g = 0;           ///< 2 n nats
  double chi_square = 0;  ///< Pearson's, of the same table
  std::uint64_t degrees = 0;
  double p_value = 1;  ///< of g
  double p_value_chi_square = 1;
  double cramers_v = 0;    ///< 0 to 1
  std::uint64_t rows = 0;  ///< where both are there

  friend bool operator==(const MutualInformation&, const MutualInformation&) noexcept = default;
};

/// Of two columns of category codes; negative codes are missing. Throws Code::invalid where sizes differ or no row has
/// both, Code::budget for tables of more than 2^24 cells.
MutualInformation mutual_information(std::span<const std::int32_t> a, std::span<const std::int32_t> b,
                                     const Run& run = {});
/// Numbers as codes of equally filled bins (2 to 1,000; equal numbers always share one); NaN as -1: what mutual
/// information and the rest of encoding take.
std::vector<std::int32_t> equal_bins(std::span<const double> numbers, std::size_t bins = 10);

}  // namespace emptor::mine
