#include "desk/table_text.hpp"

#include <algorithm>
#include <utility>

#include "desk/csv_dialect.hpp"
#include "desk/csv_inspection.hpp"
#include "desk/csv_reader.hpp"
#include "desk/table_columns.hpp"
#include "desk/table_survey.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

/// So much of a text is looked at to guess how it is written.
constexpr std::size_t sample_bytes = 256 * 1024;

/// Rows of one kind, counted while they are read.
struct Count {
  std::uint64_t rows = 0, first = 0;
  void add(std::uint64_t line) noexcept {
    if (rows++ == 0) first = line;
  }
};

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + (count == 1 ? one : many);
}

struct TextTableParts {
  std::string name, path;
  TableFormat format;
  std::vector<std::string> columns;
  std::size_t dropped = 0;
  std::size_t skip = 0;  // rows before the first of data
  std::vector<TableNote> notes;
};

class TextTable final : public TableSource {
 public:
  TextTable(TextTableParts parts, std::unique_ptr<CsvReader> reader)
      : parts_(std::move(parts)), reader_(std::move(reader)) {
    skip_header();
  }

  const std::string& name() const noexcept override { return parts_.name; }
  const std::string& path() const noexcept override { return parts_.path; }
  const TableFormat& format() const noexcept override { return parts_.format; }
  std::span<const std::string> columns() const noexcept override { return parts_.columns; }
  std::size_t dropped_columns() const noexcept override { return parts_.dropped; }
  std::uint64_t position() const noexcept override { return reader_->input().position(); }
  std::uint64_t size() const noexcept override { return reader_->input().size(); }

  bool next(TableRow& row) override {
    CsvRow csv;
    if (!read(row.cells, csv)) return false;
    row.line = csv.line;
    row.original = csv.original;
    row.ragged = csv.cells != parts_.columns.size() && fit(row.cells, csv.cells);
    row.cells.resize(parts_.columns.size());
    if (row.ragged) ragged_.add(csv.line);
    if (csv.stray_quotes) stray_quotes_.add(csv.line);
    return true;
  }

  void rewind() override {
    reader_->rewind();
    ragged_ = stray_quotes_ = {};
    skip_header();
  }

  std::vector<TableNote> notes() const override {
    std::vector<TableNote> notes = parts_.notes;
    if (ragged_.rows > 0) {
      notes.push_back({"ragged_rows", "", ragged_.rows, ragged_.first,
                       counted(ragged_.rows, " row has", " rows have") + " more or fewer cells than the header."});
    }
    if (stray_quotes_.rows > 0) {
      notes.push_back({"stray_quotes", "", stray_quotes_.rows, stray_quotes_.first,
                       counted(stray_quotes_.rows, " row has", " rows have") + " text behind a closing quote."});
    }
    if (const std::uint64_t malformed = reader_->input().malformed(); malformed > 0) {
      notes.push_back({"malformed_bytes", "", malformed, 0,
                       counted(malformed, " byte means", " bytes mean") + " nothing in " +
                           std::string(name_of(parts_.format.encoding)) + " and became U+FFFD."});
    }
    return notes;
  }

 private:
  TextTableParts parts_;
  std::unique_ptr<CsvReader> reader_;
  Count ragged_, stray_quotes_;

  bool read(std::vector<std::string_view>& cells, CsvRow& row) {
    if (reader_->next(cells, row)) return true;
    if (reader_->open_quote() == 0) return false;
    throw Error(Code::corrupt,
                parts_.name + ": the row of line " + std::to_string(reader_->open_quote()) +
                    " opens a quote that is never closed",
                "close the quote, or double it if it is part of the text");
  }

  void skip_header() {
    std::vector<std::string_view> cells;
    CsvRow row;
    for (std::size_t i = 0; i < parts_.skip; ++i) read(cells, row);
  }

  /// Empties the cells that the row lacks. True if it lacks any, or has further ones that are not empty.
  bool fit(std::vector<std::string_view>& cells, std::size_t count) const {
    const std::size_t width = parts_.columns.size();
    if (count < width) {
      if (cells.size() < width) cells.resize(width);
      std::fill(cells.begin() + static_cast<std::ptrdiff_t>(count), cells.end(), std::string_view());
      return true;
    }
    return std::any_of(cells.begin() + static_cast<std::ptrdiff_t>(width),
                       cells.begin() + static_cast<std::ptrdiff_t>(count),
                       [](std::string_view cell) { return !cell.empty(); });
  }
};

std::string_view line_end_name(LineEnd end) noexcept {
  constexpr std::string_view names[] = {"LF", "CRLF", "CR", "LF"};
  return names[static_cast<std::size_t>(end)];
}

/// Brings together what the survey, the sample and, where they leave doubt, a whole pass say of a text.
class TextOpener {
 public:
  explicit TextOpener(TextFile file) : file_(std::move(file)) {}

  OpenedText open() {
    if (file_.bytes->size() == 0) return {nullptr, "empty"};
    decompress();
    SurveyedText text = survey_text(std::move(file_.bytes));
    survey_ = std::move(text.survey);
    if (!text.text) return {nullptr, survey_.not_text};
    guess_ = guess_from(*text.text);
    if (!guess_.not_table.empty()) return {nullptr, guess_.not_table};
    return {build(std::move(text.text)), ""};
  }

 private:
  TextFile file_;
  TextSurvey survey_;
  CsvGuess guess_;
  TextTableParts parts_;

  void decompress() {
    char first[3] = {};
    file_.bytes->read(first, sizeof first);
    file_.bytes->rewind();
    if (!is_gzip({first, sizeof first})) return;
    parts_.format.compressed = true;
    file_.bytes = open_gzip(std::move(file_.bytes), file_.name);
  }

  CsvGuess guess_from(ByteInput& text) const {
    // A byte becomes at most three in UTF-8; one more shows that the text has ended.
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(3 * survey_.bytes + 4, sample_bytes));
    std::string sample(wanted, '\0');
    sample.resize(text.read(sample.data(), wanted));
    text.rewind();
    const bool whole = sample.size() < wanted;
    std::string_view view = sample;
    if (view.starts_with("\xEF\xBB\xBF")) view.remove_prefix(3);
    try {
      return guess_csv(view, whole, file_.delimited);
    } catch (const Error& error) {  // so many separators that it is no table, rather than one that is too large
      if (error.code() != Code::budget) throw;
      CsvGuess none;
      none.not_table = "not a table: a row has more than 65,536 cells";
      return none;
    }
  }

  std::unique_ptr<TableSource> build(std::unique_ptr<ByteInput> text) {
    const std::size_t width = guess_.names.size();
    CsvDialect dialect = guess_.dialect;
    // CRs that are rare beside other line ends are more likely part of a cell than the end of a row.
    if (survey_.cr > 0 && survey_.cr * 10 < survey_.lf + survey_.crlf) dialect.lone_cr_needs = width;
    auto reader = std::make_unique<CsvReader>(std::move(text), dialect, file_.name);
    parts_.name = file_.name;
    parts_.path = file_.path;
    parts_.skip = guess_.preamble + (guess_.header ? 1 : 0);
    describe_format(*reader);
    note_encoding();
    name_columns();
    return std::make_unique<TextTable>(std::move(parts_), std::move(reader));
  }

  /// A whole pass is needed only for mixed line ends (some may stand inside of quotes), for \" (of which the
  /// sample may have had none) and for nameless columns at the end.
  void describe_format(CsvReader& reader) {
    const std::size_t width = guess_.names.size();
    const bool one_line_end = (survey_.lf > 0) + (survey_.crlf > 0) + (survey_.cr > 0) <= 1;
    if (survey_.escaped_quotes > 0) choose_escapes(reader);
    LineEnd end = survey_.crlf > 0 ? LineEnd::crlf : survey_.cr > 0 ? LineEnd::cr : LineEnd::lf;
    bool mixed = false;
    if (!one_line_end || guess_.names.back().empty()) {
      const CsvInspection found = inspect_csv(reader, width, parts_.skip);
      if (!one_line_end) end = found.main_line_end(), mixed = found.mixed_line_ends();
      if (mixed) note_line_ends(found);
      drop_columns(found);
    }
    parts_.format.encoding = survey_.encoding;
    parts_.format.separator = reader.dialect().separator;
    parts_.format.backslash_escapes = reader.dialect().backslash_escapes;
    parts_.format.header = guess_.header;
    parts_.format.line_end = mixed ? "mixed" : line_end_name(end);
  }

  void choose_escapes(CsvReader& reader) const {
    const CsvInspection now = inspect_csv(reader, guess_.names.size(), parts_.skip);
    CsvDialect other = reader.dialect();
    other.backslash_escapes = !other.backslash_escapes;
    const CsvDialect current = reader.dialect();
    reader.set_dialect(other);
    const CsvInspection then = inspect_csv(reader, guess_.names.size(), parts_.skip);
    const auto faults = [](const CsvInspection& found) { return std::pair(found.quote_left_open, found.irregular); };
    if (faults(then) >= faults(now)) reader.set_dialect(current);
  }

  void note_line_ends(const CsvInspection& found) {
    const auto main = static_cast<std::size_t>(found.main_line_end());
    std::uint64_t others = 0, first = 0;
    for (std::size_t i = 0; i < found.line_ends.size(); ++i) {
      if (i == main || found.line_ends[i] == 0) continue;
      others += found.line_ends[i];
      first = first == 0 ? found.first_line[i] : std::min(first, found.first_line[i]);
    }
    parts_.notes.push_back({"mixed_line_ends", "", others, first,
                            counted(others, " row ends", " rows end") + " otherwise than with " +
                                std::string(line_end_name(found.main_line_end())) + ", as most do."});
  }

  void drop_columns(const CsvInspection& found) {
    std::vector<std::string>& names = guess_.names;
    while (guess_.header && names.size() > 1 && names.back().empty() && !found.has_value[names.size() - 1]) {
      names.pop_back();
      ++parts_.dropped;
    }
    if (parts_.dropped == 0) return;
    parts_.notes.push_back(
        {"dropped_columns", "", 0, 0,
         counted(parts_.dropped, " trailing column has", " trailing columns have") + " neither a name nor a value."});
  }

  void note_encoding() {
    if (survey_.mojibake > 0) {
      parts_.notes.push_back({"mojibake", "", survey_.mojibake, survey_.first_mojibake_line,
                              counted(survey_.mojibake, " place looks", " places look") +
                                  " like UTF-8 that was read as cp1252 and encoded again."});
    }
    if (guess_.preamble > 0) {
      parts_.notes.push_back({"skipped_preamble", "", guess_.preamble, 1,
                              counted(guess_.preamble, " line", " lines") + " before the header were passed over."});
    }
  }

  void name_columns() {
    if (guess_.header) {
      if (guess_.row_names) {
        parts_.notes.push_back(
            {"row_names", "column1", 0, 0, "The first column has values but no name in the header."});
      }
      parts_.columns = distinct_names(guess_.names, parts_.notes);
      return;
    }
    for (std::size_t i = 1; i <= guess_.names.size(); ++i) parts_.columns.push_back("column" + std::to_string(i));
    parts_.notes.push_back({"no_header", "", 0, 0, "The first row is data; columns are called by their place."});
  }
};

}  // namespace

OpenedText open_text(TextFile file) { return TextOpener(std::move(file)).open(); }

std::unique_ptr<TableSource> open_text_table(std::string name, std::string_view bytes) {
  OpenedText opened = open_text({name, name, open_memory(bytes), true});
  if (!opened.table) throw Error(Code::unsupported, name + ": " + opened.not_table);
  return std::move(opened.table);
}

}  // namespace emptor
