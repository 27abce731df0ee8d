/// Splits delimited text into rows and cells: large buffers, cells as views into them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "desk/csv_marks.hpp"
#include "desk/table_input.hpp"

namespace emptor {

struct CsvDialect {
  char separator = ',';            ///< ' ' for runs of blanks and tabs; quotes mean nothing then
  bool backslash_escapes = false;  ///< \" and \\ inside quotes, besides ""
  /// A CR without an LF ends a row only if the row has this many cells by then; 0: it always does.
  std::size_t lone_cr_needs = 0;
};

enum class LineEnd : std::uint8_t { lf, crlf, cr, none };

/// What a row is besides its cells.
struct CsvRow {
  std::size_t cells = 0;      ///< how many of the vector's cells are this row's
  std::uint64_t line = 0;     ///< where it begins
  std::string_view original;  ///< without its line end
  LineEnd end = LineEnd::none;
  bool stray_quotes = false;  ///< text behind a closing quote, kept as it stands
};

/// One pass over a text. Throws Code::budget for a cell above 16 MiB, a row above 256 MiB or of more than
/// 65,536 cells.
class CsvReader {
 public:
  CsvReader(std::unique_ptr<ByteInput> input, CsvDialect dialect, std::string name);

  /// False at the end. The vector grows as needed and never shrinks; views are valid until the next call.
  /// Empty lines are passed over.
  bool next(std::vector<std::string_view>& cells, CsvRow& row);
  /// The line of a quote that the end of the text left open; 0 if none. `next` has returned false then.
  std::uint64_t open_quote() const noexcept { return open_quote_; }
  void rewind();
  const ByteInput& input() const noexcept { return *input_; }
  const CsvDialect& dialect() const noexcept { return dialect_; }
  void set_dialect(CsvDialect dialect);

 private:
  enum class Parsed { row, cut, open };  // cut: the buffer ends before the row does
  /// A cell whose text differs from its bytes.
  struct Escaped {
    std::size_t cell;
    std::string_view quoted, tail;  // between the quotes, and behind them
  };
  /// Where a row or a cell stands while it is parsed.
  struct Place {
    const char* end;          // of the buffer
    const char* cell;         // first byte of the current cell
    std::size_t cells = 0;    // finished ones
    std::uint64_t lines = 0;  // line ends inside the row
  };

  std::unique_ptr<ByteInput> input_;
  CsvDialect dialect_;
  std::string name_;
  MarkFinder marks_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // what is not parsed yet
  std::uint64_t line_ = 1;
  std::uint64_t open_quote_ = 0;
  bool input_ended_ = false, fresh_ = true;
  bool marks_stand_ = false;  // marks_ stands at begin_
  std::vector<Escaped> escaped_;
  std::string unescaped_;

  void refill();
  Parsed parse_row(std::vector<std::string_view>& cells, CsvRow& row);
  const char* end_of_cell(Place& place, std::string_view& value, CsvRow& row);
  const char* end_of_word(Place& place, std::string_view& value);
  const char* end_of_quoted(Place& place, const char* open, std::string_view& value, CsvRow& row);
  const char* closing_quote(Place& place, bool& escaped);
  bool skip_escape(Place& place, const char* mark);
  bool ends_row(const char* mark, const Place& place) const noexcept;
  void finish_row(const char* start, const char* mark, const Place& place, CsvRow& row);
  void unescape(std::vector<std::string_view>& cells);
  void append_unescaped(std::string_view quoted);
  void check_size(const Place& place) const;
  void check_row(const std::vector<std::string_view>& cells, const CsvRow& row) const;
  [[noreturn]] void too_large(const char* what) const;
};

}  // namespace emptor
