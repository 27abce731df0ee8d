/// The rows of a foreign table, read one after another; whoever reads them says what is wrong in which row.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/arrow_table.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"

namespace emptor {

/// Requires a row counted from 1.
[[noreturn]] inline void refuse_cell(const ArrowTable& table, std::size_t column, std::uint64_t row,
                                     std::string_view what) {
  const std::string& name = table.columns()[column].name;
  throw Error(Problem{.code = Code::invalid,
                      .message = "the column '" + name + "' holds what is no " + std::string(what),
                      .field = name,
                      .row = static_cast<std::int64_t>(row)});
}

class PlainRows {
 public:
  explicit PlainRows(const ArrowTable& table) : table_(table) {}

  /// Calls `read` for each row, which is the one that cells are of meanwhile.
  template <class Read>
  void each(const Read& read) {
    constexpr std::uint64_t rows_a_beat = 1024;
    for (batch_ = 0; batch_ < table_.batches(); ++batch_)
      for (row_ = 0; row_ < table_.rows(batch_); ++row_) {
        if (done_ % rows_a_beat == 0) beat("read", done_, table_.rows());
        read();
        ++done_;
      }
  }
  std::size_t rows() const noexcept { return table_.rows(); }
  ArrowCell cell(std::size_t column) const { return table_.cell(batch_, column, row_); }
  std::optional<std::vector<ArrowCell>> list(std::size_t column) const { return table_.list(batch_, column, row_); }
  std::uint64_t done() const noexcept { return done_; }  ///< rows before this one

  [[noreturn]] void refuse(std::size_t column, std::string_view what) const {
    refuse_cell(table_, column, done_ + 1, what);
  }

 private:
  const ArrowTable& table_;
  std::size_t batch_ = 0, row_ = 0;
  std::uint64_t done_ = 0;
};

}  // namespace emptor
