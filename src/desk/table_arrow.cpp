#include "emptor/desk/table_arrow.hpp"

#include <algorithm>

#include "core/arrow_table.hpp"
#include "core/long_call.hpp"
#include "desk/csv_cell.hpp"
#include "desk/float_text.hpp"
#include "desk/table_columns.hpp"
#include "emptor/core/text.hpp"

namespace emptor {
namespace {

using Kind = ArrowCell::Kind;

/// number / 10^scale, in plain notation.
void append_decimal(std::string& text, Wide number, int scale) {
  char digits[160];
  char* const end = digits + sizeof digits;
  char* at = end;
  UnsignedWide left = number < 0 ? -static_cast<UnsignedWide>(number) : static_cast<UnsignedWide>(number);
  for (int written = 0; left != 0 || written <= scale; ++written) {
    if (written == scale && scale > 0) *--at = '.';
    *--at = static_cast<char>('0' + static_cast<int>(left % 10));
    left /= 10;
  }
  if (number < 0) *--at = '-';
  text.append(at, end);
  if (number != 0 && scale < 0) text.append(static_cast<std::size_t>(-scale), '0');
}

void append_two(std::string& text, std::int64_t number) {
  text += static_cast<char>('0' + number / 10);
  text += static_cast<char>('0' + number % 10);
}

void append_time(std::string& text, std::int64_t micros) {
  const std::int64_t seconds = micros / micros_per_second;
  append_two(text, seconds / 3600);
  text += ':';
  append_two(text, seconds / 60 % 60);
  text += ':';
  append_two(text, seconds % 60);
  if (const std::int64_t rest = micros % micros_per_second; rest != 0) {
    text += '.';
    for (std::int64_t digit = 100'000; digit > 0; digit /= 10) text += static_cast<char>('0' + rest / digit % 10);
  }
}

/// Days are told by one column after another, mostly the same as the row before.
class DayText {
 public:
  std::string_view of(std::int64_t days) {
    if (days != days_ || text_.empty()) text_ = to_string(Date{static_cast<std::int32_t>(days)});
    days_ = days;
    return text_;
  }

 private:
  std::int64_t days_ = 0;
  std::string text_;
};

class CellText {
 public:
  /// A view of the host's text, or of `buffer_`.
  std::string_view of(const ArrowCell& cell) {
    if (cell.kind == Kind::missing) return {};
    if (cell.kind == Kind::text) return cell.text;
    buffer_.clear();
    write(cell);
    return buffer_;
  }

 private:
  std::string buffer_;
  DayText days_;

  void write(const ArrowCell& cell) {
    switch (cell.kind) {
      case Kind::boolean:
        buffer_ = cell.number != 0 ? "true" : "false";
        return;
      case Kind::decimal:
        return append_decimal(buffer_, cell.number, cell.scale);
      case Kind::real:
        return write_real(shortest_decimal(cell.real));
      case Kind::single:
        return write_real(shortest_float(cell.real));
      case Kind::day:
        buffer_ = days_.of(static_cast<std::int64_t>(cell.number));
        return;
      case Kind::time:
        return append_time(buffer_, static_cast<std::int64_t>(cell.number));
      case Kind::local:
      case Kind::instant:
        write_moment(static_cast<std::int64_t>(cell.number));
        if (cell.kind == Kind::instant) buffer_ += 'Z';
        return;
      default:
        buffer_ = "(beyond)";  // counted as a value that cannot be read
    }
  }

  /// Frames make floats of whole numbers with gaps; files then show "17850.0", which the import knows.
  void write_real(std::string text) {
    buffer_ = std::move(text);
    if (buffer_.find_first_not_of("-0123456789") == std::string::npos) buffer_ += ".0";
  }

  void write_moment(std::int64_t micros) {
    std::int64_t day = micros / micros_per_day;
    if (micros % micros_per_day < 0) --day;
    buffer_ = days_.of(day);
    buffer_ += ' ';
    append_time(buffer_, micros - day * micros_per_day);
  }
};

class ArrowSourceTable final : public TableSource {
 public:
  ArrowSourceTable(std::string name, ArrowArrayStream* stream)
      : name_(std::move(name)), table_(stream), texts_(table_.columns().size()) {
    std::vector<std::string> names;
    for (const ArrowInput& column : table_.columns()) names.emplace_back(trim(column.name));
    columns_ = distinct_names(names, notes_);
  }

  const std::string& name() const noexcept override { return name_; }
  const std::string& path() const noexcept override { return name_; }
  const TableFormat& format() const noexcept override { return format_; }
  std::span<const std::string> columns() const noexcept override { return columns_; }
  std::size_t dropped_columns() const noexcept override { return 0; }
  std::vector<TableNote> notes() const override { return notes_; }
  std::uint64_t size() const noexcept override { return table_.bytes(); }
  std::uint64_t position() const noexcept override {
    return table_.rows() == 0 ? 0 : static_cast<std::uint64_t>(Wide{table_.bytes()} * line_ / table_.rows());
  }

  bool next(TableRow& row) override {
    while (batch_ < table_.batches() && row_ == table_.rows(batch_)) {
      ++batch_;
      row_ = 0;
    }
    if (batch_ == table_.batches()) return false;
    row.line = ++line_;
    row.ragged = false;
    row.cells.resize(columns_.size());
    original_.clear();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      row.cells[i] = texts_[i].of(table_.cell(batch_, i, row_));
      if (i > 0) original_ += ',';
      append_csv_cell(original_, row.cells[i]);
    }
    row.original = original_;
    ++row_;
    return true;
  }

  void rewind() override {
    batch_ = row_ = 0;
    line_ = 0;
  }

 private:
  std::string name_, original_;
  ArrowTable table_;
  TableFormat format_;
  std::vector<std::string> columns_;
  std::vector<TableNote> notes_;
  std::vector<CellText> texts_;
  std::size_t batch_ = 0, row_ = 0;
  std::uint64_t line_ = 0;
};

}  // namespace

std::unique_ptr<TableSource> open_arrow_table(std::string name, ArrowArrayStream* stream, const Progress& progress) {
  const LongCall call(progress);
  return std::make_unique<ArrowSourceTable>(std::move(name), stream);
}

}  // namespace emptor
