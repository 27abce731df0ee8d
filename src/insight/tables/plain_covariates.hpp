/// What is known of each customer from the beginning on: columns of a plain table that stand beside the purchases, or
/// fields of a store's customers.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "emptor/mine/design_matrix.hpp"
#include "insight/tables/plain_purchases.hpp"

namespace emptor {

/// Numbers as they are (blank: the median), words as a column a word but the first.
struct PlainCovariates {
  std::vector<std::string> names;  ///< "age", "channel=web"
  std::vector<double> numbers;     ///< customers x names, by the customer's place
  /// Ids of the customers, ascending, that say the place of each; empty where a customer is called by its place,
  /// from 1.
  std::vector<std::int64_t> customers;
};

/// Of columns with a row a customer. Throws Code::invalid for a column of numbers without one (field: its name).
PlainCovariates covariates_of(std::span<const mine::TableColumn> columns);

/// Requires purchases that were read with their places. Throws Code::not_found for a column that is not there and
/// Code::invalid, naming column and row, for what is neither number nor text, and where rows of one customer differ.
PlainCovariates plain_covariates(const ArrowTable& table, const PlainPurchases& purchases,
                                 std::span<const std::string> columns);

}  // namespace emptor
