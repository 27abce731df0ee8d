/// Gradients of a loss as the integers that histograms add up.
#pragma once

#include <cstddef>
#include <vector>

#include "emptor/mine/gradient_boosting.hpp"
#include "emptor/mine/run.hpp"
#include "mine/histogram.hpp"
#include "mine/tree_rows.hpp"

namespace emptor::mine {

/// Room for whole vectors after the last row.
inline std::size_t padded_rows(std::size_t rows) noexcept { return rows + 8; }

/// Of each output, from the margins. Scales are those of the largest gradient (or of its bound where the loss has
/// one), so they do not depend on the order of rows. Packed into 64 bits unless rows differ too much for 17 bits or
/// must be counted beside their second derivatives.
class Gradients {
 public:
  Gradients(const TreeRows& rows, const GradientBoostingOptions& options, const Run& run);

  /// margins: an array of padded_rows an output.
  void compute(const std::vector<std::vector<double>>& margins);
  const RowSums& sums(std::size_t output) const noexcept { return outputs_[output].sums; }
  double g_unit(std::size_t output) const noexcept { return outputs_[output].g_unit; }
  double h_unit(std::size_t output) const noexcept { return outputs_[output].h_unit; }

 private:
  struct Output {
    RowSums sums;
    double g_unit = 1, h_unit = 1;
  };
  /// Gradients of a block of rows, weighted: of all outputs for softmax.
  struct Block {
    std::vector<double> g, h;
  };
  struct Range {
    double most_g = 0, most_h = 0;
  };

  void fill(const std::vector<std::vector<double>>& margins, std::size_t first, std::size_t rows, Block& block) const;
  void fill_packed(const std::vector<double>& margin, Output& output) const;
  void fill_softmax(const std::vector<std::vector<double>>& margins, std::size_t first, std::size_t rows,
                    Block& block) const;
  Range range_of(const std::vector<std::vector<double>>& margins) const;
  bool skewed(const std::vector<std::vector<double>>& margins, const Range& range) const;
  void choose_scales(const std::vector<std::vector<double>>& margins);
  void write(Output& output, const double* g, const double* h, std::size_t first, std::size_t rows) const;

  const TreeRows& rows_;
  const GradientBoostingOptions& options_;
  const Run& run_;
  std::vector<double> y_;
  double most_weight_ = 1, mean_weight_ = 1;
  bool count_rows_;
  std::vector<Output> outputs_;
};

}  // namespace emptor::mine
