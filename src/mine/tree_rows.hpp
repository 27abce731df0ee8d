/// What every fit of trees checks and prepares of its rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "emptor/mine/bins.hpp"
#include "emptor/mine/numbers.hpp"

namespace emptor::mine {

[[noreturn]] void refuse_field(std::string message, std::string field, std::string hint = {});

/// Targets, weights and who takes part.
struct TreeRows {
  std::size_t rows = 0;
  std::span<const double> y;
  std::vector<double> weights;             ///< times those of classes; empty where all are 1
  std::span<const std::uint64_t> ids;      ///< empty: 0, 1, 2 ...
  std::vector<std::uint32_t> active = {};  ///< rows of weight above 0; empty where all are
  std::size_t classes = 0;                 ///< 0 for numbers

  double weight(std::size_t row) const noexcept { return weights.empty() ? 1.0 : weights[row]; }
  std::uint64_t id(std::size_t row) const noexcept { return ids.empty() ? row : ids[row]; }
};

struct ClassWeights {
  std::span<const double> of_class;
  bool balanced = false;
};

/// Throws Code::invalid for targets, weights or ids that do not fit. classify: y are 0, 1, 2 ...
TreeRows checked_rows(std::size_t rows, std::span<const double> y, std::span<const double> weights,
                      std::span<const std::uint64_t> ids, bool classify, const ClassWeights& class_weights = {});
/// Throws Code::invalid unless there are no directions or one of -1, 0, 1 a feature, and 0 for categorical ones.
void check_monotone(std::span<const int> monotone, const std::vector<FeatureBins>& features);
/// The sum of weights times values over the active rows, the same in any order.
double exact_weighted_sum(const TreeRows& rows, std::span<const double> values);
double exact_weight(const TreeRows& rows);
double greatest_weight(const TreeRows& rows);

/// Calls work(row) for each active row.
template <class Work>
void for_active(const TreeRows& rows, Work&& work) {
  if (rows.active.empty()) {
    for (std::size_t row = 0; row < rows.rows; ++row) work(row);
  } else {
    for (const std::uint32_t row : rows.active) work(std::size_t{row});
  }
}

}  // namespace emptor::mine
