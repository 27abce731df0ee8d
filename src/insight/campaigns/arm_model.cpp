#include "insight/campaigns/arm_model.hpp"

#include <algorithm>
#include <cmath>

#include "emptor/core/exact_sum.hpp"

namespace emptor {
namespace {

mine::NumberView view_of(const std::vector<double>& x, std::size_t columns) {
  return {x.data(), x.size() / columns, columns, columns, 1};
}

std::vector<double> picked(std::span<const double> numbers, std::span<const std::size_t> rows) {
  std::vector<double> some;
  if (numbers.empty()) return some;
  for (const std::size_t row : rows) some.push_back(numbers[row]);
  return some;
}

/// Small trees: an arm may have few rows, and what is sought is the difference of two models.
mine::GradientBoostingOptions boosting_of(bool binary) {
  return {.loss = binary ? mine::BoostingLoss::logistic : mine::BoostingLoss::squared,
          .rounds = 60,
          .learning_rate = 0.06,
          .max_depth = 2,
          .min_child_weight = 5,
          .min_leaf = 50};
}

}  // namespace

ColumnFilling::ColumnFilling(std::span<const mine::TableColumn> columns) {
  for (const mine::TableColumn& column : columns) {
    Fill fill;
    DoubleSum sum;
    std::size_t there = 0;
    for (const double number : column.numbers) {
      if (std::isnan(number)) continue;
      sum.add(number);
      ++there;
    }
    if (column.is_number()) {
      fill.kept = there > 0;
      fill.marked = fill.kept && there < column.numbers.size();
      if (fill.kept) fill.mean = sum.value() / static_cast<double>(there);
    }
    fills_.push_back(fill);
  }
}

std::vector<mine::TableColumn> ColumnFilling::filled(std::span<const mine::TableColumn> columns) const {
  std::vector<mine::TableColumn> out;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const Fill& fill = fills_[c];
    if (!fill.kept) continue;
    out.push_back(columns[c]);
    if (!columns[c].is_number()) continue;
    mine::TableColumn mark{.name = columns[c].name + " is missing", .numbers = {}, .codes = {}, .words = {}};
    for (double& number : out.back().numbers) {
      mark.numbers.push_back(std::isnan(number) ? 1 : 0);
      if (std::isnan(number)) number = fill.mean;
    }
    if (fill.marked) out.push_back(std::move(mark));
  }
  return out;
}

ArmModel::ArmModel(ArmModelKind kind, bool binary, const ArmRows& rows, const mine::Run& run) {
  const std::vector<double> y = picked(rows.y, rows.rows), weights = picked(rows.weights, rows.rows);
  if (std::all_of(y.begin(), y.end(), [&](double value) { return value == y.front(); })) {
    constant_ = y.front();
    return;
  }
  design_ =
      mine::fit_design_matrix(rows.columns, rows.rows, {.least_rows = least_rows_of_category, .standardise = true});
  const std::vector<double> x = mine::matrix_of(design_, rows.columns, rows.rows);
  const mine::TrainingRows training{view_of(x, design_.names.size()), y, weights, {}};
  if (kind == ArmModelKind::logistic) {
    logistic_ = mine::fit_logistic(training, {.inference = false}, run);
  } else {
    boosting_ = mine::fit_gradient_boosting(training, boosting_of(binary), run);
  }
}

std::vector<double> ArmModel::expected(std::span<const mine::TableColumn> columns, std::span<const std::size_t> rows,
                                       const mine::Run& run) const {
  if (constant_) return std::vector<double>(rows.empty() ? columns.front().rows() : rows.size(), *constant_);
  const std::vector<double> x = mine::matrix_of(design_, columns, rows);
  const mine::NumberView view = view_of(x, design_.names.size());
  const std::vector<double> all = logistic_ ? predict(*logistic_, view, run) : predict(boosting_->ensemble, view, run);
  const std::size_t outputs = all.size() / view.rows();  // of responses the chances of 0 and of 1
  std::vector<double> expected;
  for (std::size_t row = 0; row < view.rows(); ++row) expected.push_back(all[row * outputs + outputs - 1]);
  return expected;
}

}  // namespace emptor
