/// What is expected of a row by a model of one arm of a trial: the chance of a response, or an amount.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "emptor/mine/design_matrix.hpp"
#include "emptor/mine/gradient_boosting.hpp"
#include "emptor/mine/logistic.hpp"

namespace emptor {

/// Columns of any table made fit for models that know no missing numbers: those become the mean of the others, and a
/// column of 0 and 1 says which they were. Columns of numbers that hold none are left out.
class ColumnFilling {
 public:
  explicit ColumnFilling(std::span<const mine::TableColumn> columns);
  /// Requires the columns by which it was made, in their order.
  std::vector<mine::TableColumn> filled(std::span<const mine::TableColumn> columns) const;

 private:
  struct Fill {
    bool kept = true, marked = false;
    double mean = 0;
  };
  std::vector<Fill> fills_;
};

/// Categories in fewer rows than this share one column.
inline constexpr std::uint64_t least_rows_of_category = 20;

enum class ArmModelKind : std::uint8_t {
  logistic,  ///< of responses: 0 or 1
  boosting,  ///< gradient boosting, of responses or amounts
};
inline constexpr std::string_view arm_model_names[] = {"logistic", "gradient_boosting"};

/// Rows to learn from; weights are all 1 if empty.
struct ArmRows {
  std::span<const mine::TableColumn> columns;  ///< filled
  std::span<const double> y, weights;          ///< of every row of the columns
  std::span<const std::size_t> rows;           ///< those that are learnt from
};

class ArmModel {
 public:
  /// `binary`: whether y is a response. Amounts need boosting.
  ArmModel(ArmModelKind kind, bool binary, const ArmRows& rows, const mine::Run& run);
  /// Of the rows with these numbers; of all, if none is given.
  std::vector<double> expected(std::span<const mine::TableColumn> columns, std::span<const std::size_t> rows,
                               const mine::Run& run) const;

 private:
  std::optional<double> constant_;  ///< where all that was learnt from came to the same
  mine::DesignMatrix design_;
  std::optional<mine::LogisticModel> logistic_;
  std::optional<mine::GradientBoosting> boosting_;
};

}  // namespace emptor
