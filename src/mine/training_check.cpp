#include "mine/training_check.hpp"

#include <cmath>

#include "emptor/core/error.hpp"

namespace emptor::mine {
namespace {

[[noreturn]] void refuse_row(std::string message, std::string field, std::size_t row, std::string hint) {
  throw Error(Problem{.code = Code::invalid,
                      .message = std::move(message),
                      .field = std::move(field),
                      .row = static_cast<std::int64_t>(row),
                      .hint = std::move(hint)});
}

}  // namespace

void refuse_input(std::string message, std::string field, std::string hint) {
  throw Error(Problem{
      .code = Code::invalid, .message = std::move(message), .field = std::move(field), .hint = std::move(hint)});
}

void check_training_rows(const TrainingRows& rows) {
  const std::size_t count = rows.x.rows();
  if (rows.x.columns() == 0) refuse_input("there is no column to learn from", "x");
  if (rows.y.size() != count) refuse_input("y has another number of rows than x", "y");
  if (!rows.weights.empty() && rows.weights.size() != count)
    refuse_input("weights and rows differ in number", "weights");
  if (!rows.ids.empty() && rows.ids.size() != count) refuse_input("ids and rows differ in number", "ids");
}

void refuse_class(std::size_t most, std::size_t row) {
  refuse_row("y is no class", "y", row, "number the classes 0, 1, 2 ... up to " + std::to_string(most - 1));
}

void refuse_weight(std::size_t row) {
  refuse_row("a weight is negative or not finite", "weights", row, "give weights of 0 and above");
}

void refuse_number(const NumberView& x) {
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (std::size_t c = 0; c < x.columns(); ++c) {
      if (std::isfinite(x(r, c))) continue;
      refuse_row("column " + std::to_string(c) + " has a number that is missing or not finite", "x", r,
                 "fill missing values first");
    }
  }
  refuse_input("a number is too large to work with", "x", "measure it in a larger unit");
}

void check_columns(const NumberView& x, std::size_t features) {
  if (x.columns() == features) return;
  refuse_input(
      "the model has " + std::to_string(features) + " features, x has " + std::to_string(x.columns()) + " columns",
      "x");
}

}  // namespace emptor::mine
