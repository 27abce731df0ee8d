// The rows of a batch as they were read, with what follows from a row by itself: kept until the batch is written, so
// that what it needs of the store can be looked up at once, and so that it can be gone through again by halves where
// the session refuses it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desk/fingerprint.hpp"
#include "desk/table_profile.hpp"
#include "emptor/desk/table.hpp"
#include "emptor/model/record.hpp"

namespace emptor::desk {

/// What a line of an order says, in micros.
struct LineValues {
  std::optional<std::int64_t> quantity, price, amount, discount, cost, profit;
  std::string currency;  ///< empty: that of the run
};

struct StagedRow {
  std::uint64_t line = 0;            ///< of the file
  std::string_view original;         ///< the line as it stands there
  std::vector<std::string> reasons;  ///< why it is refused; empty while it is not
  LineValues values;                 ///< of a line of an order, as are the next two
  Fingerprint document;
  std::int64_t key = 0;  ///< its content and occurrence: what it is known by within its document
};

class StagedRows {
 public:
  /// Starts a table.
  void begin(std::size_t columns) {
    columns_ = columns;
    clear();
  }
  /// Keeps a row, its cells trimmed.
  StagedRow& add(const TableRow& row) {
    for (const std::string_view cell : row.cells) cells_.push_back(text_.keep(clean(cell)));
    StagedRow& staged = rows_.emplace_back();
    staged.line = row.line;
    staged.original = text_.keep(row.original);
    return staged;
  }
  std::size_t size() const noexcept { return rows_.size(); }
  StagedRow& operator[](std::size_t row) noexcept { return rows_[row]; }
  std::span<const std::string_view> cells(std::size_t row) const noexcept {
    return std::span(cells_).subspan(row * columns_, columns_);
  }
  void clear() {
    rows_.clear();
    cells_.clear();
    text_.clear();
  }

 private:
  std::size_t columns_ = 0;
  std::vector<StagedRow> rows_;
  std::vector<std::string_view> cells_;
  Arena text_;
};

}  // namespace emptor::desk
