#include "desk/csv_dialect.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "emptor/core/text.hpp"
#include "emptor/desk/locale_values.hpp"

namespace emptor {
namespace {

using Cells = std::vector<std::string>;

constexpr std::size_t sample_rows = 1000;
constexpr std::size_t max_preamble = 10;

/// The beginning of the text, read in one dialect.
struct Sample {
  CsvDialect dialect;
  std::vector<Cells> rows;
  std::size_t faults = 0;   // rows with stray quotes; a quote left open counts as many
  std::size_t width = 0;    // most frequent number of cells
  std::size_t fitting = 0;  // rows of that width

  double share() const noexcept {
    return rows.empty() ? 0 : static_cast<double>(fitting) / static_cast<double>(rows.size());
  }
};

bool has_row_names(const Sample& sample) noexcept {
  const std::size_t first = sample.rows.empty() ? 0 : sample.rows.front().size();
  return first >= 2 && first + 1 == sample.width;
}

void find_width(Sample& sample) {
  std::map<std::size_t, std::size_t> widths;
  for (const Cells& row : sample.rows) ++widths[row.size()];
  sample.fitting = 0;
  for (const auto& [width, count] : widths) {
    if (count >= sample.fitting) sample.width = width, sample.fitting = count;
  }
  // A header may leave out the name of a first column of row names.
  sample.fitting += has_row_names(sample);
}

Sample read_sample(std::string_view text, bool whole, CsvDialect dialect) {
  Sample sample{dialect};
  CsvReader reader(open_memory(text), dialect, "");
  std::vector<std::string_view> cells;
  CsvRow row;
  while (sample.rows.size() <= sample_rows && reader.next(cells, row)) {
    sample.rows.emplace_back(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(row.cells));
    sample.faults += row.stray_quotes;
  }
  if (reader.open_quote() != 0 && whole) sample.faults += sample.rows.size() + 1;
  const bool cut = !whole && sample.rows.size() <= sample_rows && reader.open_quote() == 0;
  if (cut && !sample.rows.empty()) sample.rows.pop_back();
  find_width(sample);
  return sample;
}

bool is_number(const ColumnGuess& column) { return column.likely_number(0.8).has_value(); }
bool is_date(const ColumnGuess& column) { return column.likely_date(0.8).has_value(); }

ColumnGuess guess_column(const Sample& sample, std::size_t column, std::size_t first_row) {
  ColumnGuess guess;
  for (std::size_t i = first_row; i < sample.rows.size(); ++i) {
    if (column < sample.rows[i].size()) guess.see(sample.rows[i][column]);
  }
  return guess;
}

bool is_typed(const ColumnGuess& column) { return column.seen() > 0 && (is_number(column) || is_date(column)); }

/// How many columns hold numbers or dates, blank ones not counted.
double typed_share(const Sample& sample) {
  std::size_t typed = 0, filled = 0;
  for (std::size_t column = 0; column < sample.width; ++column) {
    const ColumnGuess guess = guess_column(sample, column, 1);
    filled += guess.seen() > 0;
    typed += is_typed(guess);
  }
  return filled == 0 ? 0 : static_cast<double>(typed) / static_cast<double>(filled);
}

/// Rows of one width say most; a first row of that width (or one less: row names), many columns, and
/// columns of one type say more.
double score(const Sample& sample) {
  if (sample.width < 2) return 0;
  const std::size_t first = sample.rows.front().size();
  const double beginning = first == sample.width || has_row_names(sample) ? 1 : 0.6;
  const auto width = static_cast<double>(sample.width);
  const double clean = 1 - std::min(1.0, static_cast<double>(sample.faults) / static_cast<double>(sample.rows.size()));
  return sample.share() * beginning * width / (width + 0.5) * (0.7 + 0.3 * typed_share(sample)) * (0.2 + 0.8 * clean);
}

/// Excel's first line "sep=;".
std::optional<char> declared_separator(std::string_view text) {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  if (line.size() != 5 || !line.starts_with("sep=")) return std::nullopt;
  return line[4];
}

void drop_preamble(Sample& sample, CsvGuess& guess, std::size_t from) {
  const auto titles = [](const Cells& row) {
    return std::count_if(row.begin(), row.end(), [](const std::string& cell) { return !trim(cell).empty(); }) <= 1;
  };
  std::size_t count = from;
  while (count < std::min(max_preamble, sample.rows.size()) && sample.rows[count].size() < sample.width &&
         titles(sample.rows[count])) {
    ++count;
  }
  sample.rows.erase(sample.rows.begin(), sample.rows.begin() + static_cast<std::ptrdiff_t>(count));
  guess.preamble = count;
  find_width(sample);
}

/// Whether the first row's value comes again in its own column.
bool recurs(const Sample& sample, std::size_t column) {
  const std::string& first = sample.rows.front()[column];
  return std::any_of(sample.rows.begin() + 1, sample.rows.end(),
                     [&](const Cells& row) { return column < row.size() && row[column] == first; });
}

/// The first row names the columns if it is text where the others are numbers or dates; where all is
/// text, if none of its values comes again.
bool has_header(const Sample& sample) {
  std::size_t differing = 0, alike = 0;
  bool recurring = false;
  const Cells& first = sample.rows.front();
  const std::size_t shift = has_row_names(sample) ? 1 : 0;
  for (std::size_t column = 0; column < first.size(); ++column) {
    if (is_blank(first[column])) continue;
    ColumnGuess name;
    name.see(first[column]);
    const bool number_above = is_typed(name);
    const bool number_below = is_typed(guess_column(sample, column + shift, 1));
    differing += number_below && !number_above;
    alike += number_above;
    recurring = recurring || (shift == 0 && recurs(sample, column));
  }
  if (differing + alike > 0) return differing > alike;
  return !recurring;
}

void name_columns(const Sample& sample, CsvGuess& guess) {
  if (guess.header) {
    for (const std::string& cell : sample.rows.front()) guess.names.emplace_back(trim(cell));
    guess.row_names = has_row_names(sample) && guess_column(sample, sample.width - 1, 1).seen() > 0;
    if (guess.row_names) guess.names.insert(guess.names.begin(), std::string());
  }
  guess.names.resize(std::max(guess.names.size(), sample.width));
}

bool is_short_list(const Sample& sample) {
  return std::all_of(sample.rows.begin(), sample.rows.end(),
                     [](const Cells& row) { return row.size() == 1 && row[0].size() <= 100; });
}

bool is_words(const Sample& sample) {
  return std::none_of(sample.rows.begin() + 1, sample.rows.end(),
                      [](const Cells& row) { return row[0].find(' ') != std::string::npos; });
}

/// One column can be a list with a title, or prose; it is a list if its values are typed, or single words in a
/// file that says it is a table.
CsvGuess guess_single_column(const Sample& sample, bool delimited) {
  CsvGuess guess;
  const bool list = sample.rows.size() > 1 && is_short_list(sample) &&
                    (is_typed(guess_column(sample, 0, 1)) || (delimited && is_words(sample)));
  if (!list) {
    const bool varying = sample.share() < 0.9 || sample.width > 1;
    guess.not_table = !varying    ? "not a table: one column only"
                      : delimited ? "not a table: rows of varying width (baskets?)"
                                  : "not a table: prose, or rows of varying width";
    return guess;
  }
  guess.header = has_header(sample);
  name_columns(sample, guess);
  return guess;
}

std::string why_not(const Sample& sample, bool delimited) {
  if (sample.faults > sample.rows.size()) return "";  // reading it will say where the quote opens
  if (sample.share() < (delimited ? 0.7 : 0.95)) return "not a table: rows of varying width (baskets?)";
  if (delimited) return "";
  if (sample.rows.size() < 3 || typed_share(sample) == 0) return "not a table: prose";
  return "";
}

/// Text without separators, in columns set apart by blanks: taken for a table only if it is very regular.
std::optional<Sample> blank_separated(std::string_view text, bool whole) {
  Sample sample = read_sample(text, whole, {' '});
  if (sample.width < 2 || sample.rows.size() < 3 || sample.share() < 0.99 || typed_share(sample) < 0.5) {
    return std::nullopt;
  }
  return sample;
}

}  // namespace

CsvGuess guess_csv(std::string_view beginning, bool whole, bool delimited) {
  const std::optional<char> declared = declared_separator(beginning);
  Sample best;
  double best_score = 0;
  // Of equal ones the first is taken: a comma is the likeliest to stand inside of cells.
  for (const char separator : declared ? std::string(1, *declared) : std::string("\t;|,")) {
    for (const bool backslash : {false, true}) {
      if (backslash && beginning.find("\\\"") == std::string_view::npos) continue;
      Sample sample = read_sample(beginning, whole, {separator, backslash});
      const double points = score(sample);
      if (points > best_score) best_score = points, best = std::move(sample);
    }
  }
  CsvGuess guess;
  if (best_score < 0.3 && !declared) {
    if (auto words = blank_separated(beginning, whole)) {
      best = std::move(*words);
    } else if (best_score == 0) {
      return guess_single_column(read_sample(beginning, whole, {}), delimited);
    }
  }
  if (best.rows.empty()) {
    guess.not_table = "not a table: no rows";
    return guess;
  }
  guess.dialect = best.dialect;
  drop_preamble(best, guess, declared ? 1 : 0);
  guess.not_table = best.rows.empty() ? "not a table: no rows" : why_not(best, delimited);
  if (!guess.not_table.empty()) return guess;
  guess.header = has_header(best);
  name_columns(best, guess);
  return guess;
}

}  // namespace emptor
