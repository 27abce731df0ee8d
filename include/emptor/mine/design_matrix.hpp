/// Design matrix: a table of numbers and words as the numbers that trees and regressions take.
///
///     std::vector<TableColumn> columns = {column_of("tenure", cells), column_of("contract", other_cells)};
///     const DesignMatrix design = fit_design_matrix(columns, training_rows);
///     const std::vector<double> x = matrix_of(design, columns, rows);   // rows x design.names.size()
///
/// A column whose cells are numbers or blank is a number, its blanks filled with the median; any other column becomes
/// one column a category. Both are learnt from the given rows alone, so that nothing of a test fold is known in
/// training. Blank words are a category of their own; categories that the training rows do not have are all zeros.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/encoding.hpp"

namespace emptor::mine {

/// A column of a table: numbers (NaN is missing), or codes of words (-1 is missing).
struct TableColumn {
  std::string name;
  std::vector<double> numbers;      ///< empty for a column of words
  std::vector<std::int32_t> codes;  ///< empty for a column of numbers
  std::vector<std::string> words;   ///< of the codes 0, 1, 2 ..., ascending by bytes
  bool is_number() const noexcept { return codes.empty(); }
  std::size_t rows() const noexcept { return is_number() ? numbers.size() : codes.size(); }

  friend bool operator==(const TableColumn&, const TableColumn&) = default;
};

/// Reads cells of text: blanks around them do not count; empty ones are missing. A column is of numbers where every
/// cell that is not empty is one (decimal, with sign, point and exponent; no thousands marks, no hexadecimal, no "nan")
/// and at least one is. What the cells are must not depend on the rows chosen later, so it is decided on all of them.
TableColumn column_of(std::string name, std::span<const std::string_view> cells);

/// 1 where a cell, without the blanks around it, is the value, else 0. Throws Code::invalid (field: the name) for empty
/// cells and where all are alike.
std::vector<double> target_of(std::string_view name, std::span<const std::string_view> cells,
                              std::string_view positive);

enum class MissingNumber : std::uint8_t {
  median,  ///< of the training rows (between two, their mean)
  keep,    ///< NaN: for trees, which know what to do with it
};

struct DesignOptions {
  MissingNumber missing = MissingNumber::median;
  bool one_hot = true;           ///< else words are their codes' ranks, for trees with categories
  bool drop_first = false;       ///< of each one-hot group
  std::uint64_t least_rows = 1;  ///< words in fewer training rows are rare: one category together
  bool standardise = false;      ///< numbers to mean 0 and standard deviation 1 (divided by n); constants to 0

  friend bool operator==(const DesignOptions&, const DesignOptions&) noexcept = default;
};

/// How one column becomes one or more.
struct DesignPart {
  std::string name;
  bool is_number = true;
  double fill = 0, centre = 0, spread = 1;  ///< of numbers
  std::vector<std::string> words;           ///< that have a place, ascending by bytes
  std::vector<std::string> rare;            ///< that share one
  bool has_missing = false;                 ///< blank is a category

  friend bool operator==(const DesignPart&, const DesignPart&) = default;
};

struct DesignMatrix {
  DesignOptions options;
  std::string data_version;        ///< of what it was fitted on; the caller's to set
  std::vector<DesignPart> parts;   ///< in the order of the columns
  std::vector<std::string> names;  ///< of the columns that come out: "tenure", "contract=Two year"

  friend bool operator==(const DesignMatrix&, const DesignMatrix&) = default;
};

/// Learns from the rows with these numbers (all, if empty). Throws Code::invalid for no columns or rows, columns of
/// different length, a column of numbers without a number in the training rows (field: its name).
DesignMatrix fit_design_matrix(std::span<const TableColumn> columns, std::span<const std::size_t> rows = {},
                               const DesignOptions& options = {});
/// Row by row. Columns are found by name; one that is missing or of another kind throws Code::invalid.
std::vector<double> matrix_of(const DesignMatrix& design, std::span<const TableColumn> columns,
                              std::span<const std::size_t> rows = {});

std::string save(const DesignMatrix& design);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
DesignMatrix load_design_matrix(std::string_view bytes);

}  // namespace emptor::mine
