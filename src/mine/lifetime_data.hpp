/// Rows of purchase histories, checked, sorted and merged; and what is summed over them.
#pragma once

#include <vector>

#include "emptor/mine/lifetime.hpp"
#include "mine/lifetime_tile.hpp"
#include "mine/newton_fit.hpp"

namespace emptor::mine {

/// Throws Code::invalid with field and row, or Code::misuse where spans differ in length.
void check_purchases(const Purchases& rows, const Run& run);
void check_output(std::size_t rows, std::size_t out);
/// Parameters in number and range. Throws Code::invalid (field "parameters" or "start").
void check_parameters(LifetimeKind kind, std::span<const double> parameters, const char* field);
std::size_t parameters_of(LifetimeKind kind) noexcept;
LifetimeParameters tile_parameters(LifetimeKind kind, std::span<const double> parameters) noexcept;

/// Distinct rows in ascending order of x, t_x, T, so that sums over them are the same however they came.
struct SortedPurchases {
  struct Row {
    double x, tx, age, weight;
    friend bool operator<(const Row& a, const Row& b) noexcept {
      if (a.x != b.x) return a.x < b.x;
      if (a.tx != b.tx) return a.tx < b.tx;
      return a.age != b.age ? a.age < b.age : a.weight < b.weight;
    }
  };
  std::vector<Row> rows;
  struct Count {
    double x, weight;
  };
  std::vector<Count> counts;  ///< customers by x

  double customers() const noexcept;
  /// Every step-th row, for a first idea of the maximum.
  SortedPurchases sampled(std::size_t step) const;
};
SortedPurchases sorted(const Purchases& rows, const Run& run);

/// The log-likelihood of all rows with its derivatives.
Curvature lifetime_likelihood(LifetimeKind kind, const SortedPurchases& rows, const std::vector<double>& parameters,
                              const Run& run);
/// Of one row, what depends on x alone.
double frequency_term(LifetimeKind kind, std::span<const double> parameters, double x);

}  // namespace emptor::mine
