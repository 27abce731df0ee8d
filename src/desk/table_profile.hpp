// What a table holds, as seen by reading it once: how each column is written, how many values it has, and
// the first rows as they stand.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/progress.hpp"
#include "emptor/desk/locale_values.hpp"
#include "emptor/desk/table.hpp"
#include "emptor/model/record.hpp"

namespace emptor::desk {

struct ColumnProfile {
  std::string name;
  ColumnGuess guess;
  std::uint64_t distinct = 0;                                           ///< values in the sample, blanks not counted
  std::uint64_t filled = 0;                                             ///< cells of the sample that are not blank
  std::uint64_t slashed_dates = 0, dashed_dates = 0, dotted_dates = 0;  ///< in the sample
  bool single_precision = false;                                        ///< the values are 32-bit floats
  bool whole_with_point = false;  ///< "17850.0": whole numbers that went through a floating column

  bool unique() const noexcept { return filled > 0 && distinct == filled; }
  /// Nearly unique: a key that a few repeated rows do not spoil.
  bool key_like() const noexcept { return filled > 0 && distinct * 20 >= filled * 19; }
  bool numeric() const { return guess.seen() > 0 && guess.number().has_value(); }
  bool mostly_numeric() const { return guess.seen() > 0 && guess.likely_number(.9).has_value(); }
  bool dated() const { return guess.seen() > 0 && guess.likely_date(.9).has_value(); }
};

/// The first rows of a table, trimmed; blank cells (also "NA", "NULL") are empty.
class Sample {
 public:
  explicit Sample(std::size_t columns = 0) : columns_(columns) {}
  std::size_t rows() const noexcept { return columns_ == 0 ? 0 : cells_.size() / columns_; }
  std::size_t columns() const noexcept { return columns_; }
  std::string_view cell(std::size_t row, std::size_t column) const noexcept { return cells_[row * columns_ + column]; }
  void add(const TableRow& row);
  /// Values of a column with how often each occurs, if there are at most `most`; empty otherwise.
  std::map<std::string_view, std::uint64_t> values(std::size_t column, std::size_t most) const;

 private:
  std::size_t columns_;
  std::vector<std::string_view> cells_;
  Arena text_;
};

struct TableProfile {
  TableSource* source = nullptr;
  std::string name;
  std::vector<ColumnProfile> columns;
  Sample sample;
  std::uint64_t rows = 0;  ///< read for the profile
  bool complete = false;   ///< that is all of them
};

/// Reads the table (all of it up to some size, else its beginning and, where the order of day and month is
/// open, all of that column) and goes back to its first row.
TableProfile profile_table(TableSource& source, const Progress& progress);

/// Of the keys with two rows or more: how many there are, and the share whose rows agree in another column
/// (1 where there is no such key).
struct Dependence {
  double share = 1;
  std::size_t keys = 0;
};
Dependence dependence(const Sample& sample, std::size_t key, std::size_t column);

/// The value of a cell as people mean it: trimmed, and empty where the cell says that there is none.
std::string_view clean(std::string_view cell) noexcept;

}  // namespace emptor::desk
