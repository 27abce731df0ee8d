/// What is known of each customer of a plain table from the beginning on, out of columns that stand beside the purchases.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "insight/plain_purchases.hpp"

namespace emptor {

/// Numbers as they are (blank: the median), words as a column a word but the first.
struct PlainCovariates {
  std::vector<std::string> names;  ///< "age", "channel=web"
  std::vector<double> numbers;     ///< customers x names, by the customer's place
};

/// Requires purchases that were read with their places. Throws Code::not_found for a column that is not there and
/// Code::invalid, naming column and row, for what is neither number nor text, and where rows of one customer differ.
PlainCovariates plain_covariates(const ArrowTable& table, const PlainPurchases& purchases,
                                 std::span<const std::string> columns);

}  // namespace emptor
