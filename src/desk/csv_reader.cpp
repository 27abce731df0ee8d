#include "desk/csv_reader.hpp"

#include <algorithm>
#include <cstring>

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

constexpr std::size_t piece = 1024 * 1024;
constexpr std::size_t max_cell = 16 * 1024 * 1024;
constexpr std::size_t max_row = 256 * 1024 * 1024;
constexpr std::size_t max_cells = 65'536;

MarkFinder marks_of(const CsvDialect& dialect) {
  if (dialect.separator == ' ') return {' ', '\t', '\t'};
  return {dialect.separator, '"', dialect.backslash_escapes ? '\\' : '"'};
}

bool is_blank_byte(char c) noexcept { return c == ' ' || c == '\t'; }

bool all_blank(const char* from, const char* to) noexcept { return std::all_of(from, to, is_blank_byte); }

/// A quote opens a cell at its beginning or behind a few blanks; anywhere else it is text.
bool opens_cell(const char* cell, const char* quote) noexcept { return quote - cell <= 8 && all_blank(cell, quote); }

std::string_view between(const char* from, const char* to) noexcept {
  return {from, static_cast<std::size_t>(to - from)};
}

}  // namespace

CsvReader::CsvReader(std::unique_ptr<ByteInput> input, CsvDialect dialect, std::string name)
    : input_(std::move(input)), dialect_(dialect), name_(std::move(name)), marks_(marks_of(dialect)) {}

void CsvReader::set_dialect(CsvDialect dialect) {
  dialect_ = dialect;
  marks_ = marks_of(dialect);
  rewind();
}

void CsvReader::rewind() {
  input_->rewind();
  begin_ = end_ = 0;
  line_ = 1;
  open_quote_ = 0;
  input_ended_ = marks_stand_ = false;
  fresh_ = true;
}

bool CsvReader::next(std::vector<std::string_view>& cells, CsvRow& row) {
  for (;;) {
    if (begin_ == end_ && !input_ended_) refill();
    if (begin_ == end_) return false;
    const Parsed parsed = parse_row(cells, row);
    if (parsed == Parsed::open) return false;
    if (parsed == Parsed::cut) {
      refill();
      continue;
    }
    const bool empty =
        row.cells == 0 || (row.cells == 1 && all_blank(cells[0].data(), cells[0].data() + cells[0].size()));
    if (!empty) return true;
  }
}

/// Moves what is left to the front and reads more behind it. The buffer doubles while a row fills half of
/// it, so that reading a long row again costs no more than twice its length.
void CsvReader::refill() {
  const std::size_t left = end_ - begin_;
  if (left > max_row) too_large("a row is longer than 256 MiB");
  const std::size_t wanted = std::max(buffer_size(*input_, piece), 2 * left) + mark_padding;
  if (buffer_.size() < wanted) {
    std::vector<char> larger(wanted);
    if (left > 0) std::memcpy(larger.data(), buffer_.data() + begin_, left);
    buffer_.swap(larger);
  } else if (left > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, left);
  }
  const std::size_t room = buffer_.size() - mark_padding - left;
  const std::size_t got = input_->read(buffer_.data() + left, room);
  input_ended_ = got < room;
  begin_ = 0;
  end_ = left + got;
  marks_stand_ = false;
  if (!fresh_) return;
  fresh_ = false;
  if (between(buffer_.data(), buffer_.data() + end_).starts_with("\xEF\xBB\xBF")) begin_ = 3;
}

CsvReader::Parsed CsvReader::parse_row(std::vector<std::string_view>& cells, CsvRow& row) {
  const char* const start = buffer_.data() + begin_;
  Place place{buffer_.data() + end_, start};
  if (!marks_stand_) marks_.start(start, place.end);
  marks_stand_ = false;
  row.stray_quotes = false;
  escaped_.clear();
  const char separator = dialect_.separator;
  const bool words = separator == ' ';
  for (;;) {
    std::string_view value;
    const char* mark = words ? end_of_word(place, value) : end_of_cell(place, value, row);
    if (mark == nullptr) {
      check_size(place);
      if (!input_ended_) return Parsed::cut;
      open_quote_ = line_;
      return Parsed::open;
    }
    if (!words || !value.empty()) {
      if (place.cells == cells.size()) {
        if (place.cells == max_cells) too_large("a row has more than 65,536 cells");
        cells.emplace_back();
      }
      cells[place.cells++] = value;
    }
    if (mark == place.end || *mark == '\n' || *mark == '\r') {
      finish_row(start, mark, place, row);
      if (!escaped_.empty()) unescape(cells);
      if (row.original.size() > max_cell) check_row(cells, row);
      return Parsed::row;
    }
    place.cell = mark + 1;
  }
}

/// The mark that ends the cell at place.cell, which becomes `value`; null where the buffer ends before.
inline const char* CsvReader::end_of_cell(Place& place, std::string_view& value, CsvRow& row) {
  for (;;) {
    const char* mark = marks_.next();
    if (mark == place.end && !input_ended_) return nullptr;
    const char c = mark == place.end ? '\n' : *mark;
    if (c == dialect_.separator || c == '\n') return value = between(place.cell, mark), mark;
    if (c == '"' && opens_cell(place.cell, mark)) return end_of_quoted(place, mark, value, row);
    if (c != '\r') continue;
    if (mark + 1 == place.end && !input_ended_) return nullptr;
    if (ends_row(mark, place)) return value = between(place.cell, mark), mark;
    ++place.lines;
  }
}

const char* CsvReader::end_of_word(Place& place, std::string_view& value) {
  const char* mark = marks_.next();
  if (mark == place.end && !input_ended_) return nullptr;
  if (mark != place.end && *mark == '\r' && mark + 1 == place.end && !input_ended_) return nullptr;
  value = between(place.cell, mark);
  return mark;
}

bool CsvReader::ends_row(const char* mark, const Place& place) const noexcept {
  const bool lone = mark + 1 == place.end || mark[1] != '\n';
  return !lone || place.cells + 1 >= dialect_.lone_cr_needs;
}

const char* CsvReader::end_of_quoted(Place& place, const char* open, std::string_view& value, CsvRow& row) {
  bool escaped = false;
  const char* const close = closing_quote(place, escaped);
  if (close == nullptr) return nullptr;
  const char* mark = marks_.next();
  while (mark != place.end && (*mark == '"' || (*mark == '\\' && dialect_.separator != '\\'))) mark = marks_.next();
  if (mark == place.end && !input_ended_) return nullptr;
  if (mark != place.end && *mark == '\r' && mark + 1 == place.end && !input_ended_) return nullptr;
  value = between(open + 1, close);
  const bool stray = !all_blank(close + 1, mark);
  row.stray_quotes = row.stray_quotes || stray;
  if (escaped || stray) {
    escaped_.push_back({place.cells, value, stray ? between(close + 1, mark) : std::string_view()});
  }
  return mark;
}

/// Null where the buffer ends before the quote does.
const char* CsvReader::closing_quote(Place& place, bool& escaped) {
  for (;;) {
    const char* mark = marks_.next();
    if (mark == place.end) return nullptr;
    const bool last = mark + 1 == place.end;
    if (last && !input_ended_) return nullptr;
    if (*mark == '"') {
      if (last || mark[1] != '"') return mark;
      escaped = true;
      marks_.next();
    } else if (*mark == '\n' || (*mark == '\r' && (last || mark[1] != '\n'))) {
      ++place.lines;
    } else if (*mark == '\\' && dialect_.backslash_escapes && skip_escape(place, mark)) {
      escaped = true;
    }
  }
}

/// Steps over a quote or backslash that a backslash protects.
bool CsvReader::skip_escape(Place& place, const char* mark) {
  if (mark + 1 == place.end || (mark[1] != '"' && mark[1] != '\\')) return false;
  marks_.next();
  return true;
}

void CsvReader::finish_row(const char* start, const char* mark, const Place& place, CsvRow& row) {
  row.cells = place.cells;
  row.line = line_;
  row.original = between(start, mark);
  row.end = LineEnd::none;
  if (mark != place.end) {
    row.end = *mark == '\n' ? LineEnd::lf : LineEnd::cr;
    if (*mark == '\r' && mark + 1 != place.end && mark[1] == '\n') {
      row.end = LineEnd::crlf;
      mark = marks_.next();
    }
    ++mark;
  }
  line_ += place.lines + 1;
  begin_ = static_cast<std::size_t>(mark - buffer_.data());
  marks_stand_ = true;
}

void CsvReader::unescape(std::vector<std::string_view>& cells) {
  std::size_t size = 0;
  for (const Escaped& escaped : escaped_) size += escaped.quoted.size() + escaped.tail.size();
  unescaped_.clear();
  unescaped_.reserve(size);  // so that the views stay valid
  for (const Escaped& escaped : escaped_) {
    const std::size_t begin = unescaped_.size();
    append_unescaped(escaped.quoted);
    unescaped_.append(escaped.tail);
    cells[escaped.cell] = std::string_view(unescaped_).substr(begin);
  }
}

void CsvReader::append_unescaped(std::string_view quoted) {
  for (std::size_t at = 0; at < quoted.size(); ++at) {
    const char c = quoted[at];
    const char after = at + 1 < quoted.size() ? quoted[at + 1] : '\0';
    const bool doubled = c == '"' && after == '"';
    const bool protects = c == '\\' && dialect_.backslash_escapes && (after == '"' || after == '\\');
    if (doubled || protects) ++at;
    unescaped_ += quoted[at];
  }
}

void CsvReader::check_size(const Place& place) const {
  if (static_cast<std::size_t>(place.end - place.cell) > max_cell) too_large("a cell is longer than 16 MiB");
}

void CsvReader::check_row(const std::vector<std::string_view>& cells, const CsvRow& row) const {
  for (std::size_t i = 0; i < row.cells; ++i) {
    if (cells[i].size() > max_cell) too_large("a cell is longer than 16 MiB");
  }
}

void CsvReader::too_large(const char* what) const {
  throw Error(Code::budget, name_ + ": " + what + ", in the row of line " + std::to_string(line_),
              "a quote that is never closed swallows what follows it");
}

}  // namespace emptor
