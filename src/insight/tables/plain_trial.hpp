/// A trial out of a plain table, a row a customer, by the names of its columns.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/arrow_table.hpp"
#include "emptor/mine/design_matrix.hpp"
#include "emptor/store/batch.hpp"

namespace emptor {

struct TrialColumnNames {
  std::string customer;  ///< may be empty: then rows are numbered from 1
  std::string treatment, outcome;
  std::vector<std::string> covariates;
};

struct PlainTrial {
  static constexpr std::int32_t no_arm = -1;

  Column customers;                        ///< of every row
  std::vector<std::uint64_t> customer;     ///< of every row a number that is the same in any order of the rows
  std::vector<std::string> arms;           ///< ascending: whole numbers by value, texts by their bytes
  std::vector<std::int32_t> arm;           ///< of every row its place among the arms; no_arm where none is named
  std::vector<double> outcome;             ///< of every row; NaN where it is missing
  std::vector<mine::TableColumn> columns;  ///< the covariates
};

/// Throws Code::not_found for a column that is not there and Code::invalid, naming column and row, for a value that is
/// not of its kind, for a row without a customer where a column says who they are, and for more than 20 arms.
PlainTrial plain_trial(const ArrowTable& table, const TrialColumnNames& names);

}  // namespace emptor
