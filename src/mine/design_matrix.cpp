#include "emptor/mine/design_matrix.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "design_matrix";
constexpr std::uint64_t payload_version = 1;
constexpr double missing_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t nowhere = ~std::size_t{0};

std::string_view trimmed(std::string_view cell) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = cell.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return cell.substr(first, cell.find_last_not_of(blanks) - first + 1);
}

/// Whether a trimmed cell is a number, and which.
bool read_number(std::string_view cell, double& value) {
  if (cell.starts_with('+')) cell.remove_prefix(1);
  // from_chars knows "inf" and "nan" too; numbers of ours begin with a digit or a point.
  const std::size_t first = cell.starts_with('-') ? 1 : 0;
  if (first >= cell.size() || !((cell[first] >= '0' && cell[first] <= '9') || cell[first] == '.')) return false;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return error == std::errc() && end == cell.data() + cell.size() && std::isfinite(value);
}

bool read_numbers(std::span<const std::string_view> cells, std::vector<double>& numbers) {
  bool any = false;
  for (const std::string_view cell : cells) {
    const std::string_view text = trimmed(cell);
    double value = missing_number;
    if (!text.empty() && !read_number(text, value)) return false;
    any = any || !text.empty();
    numbers.push_back(value);
  }
  return any;
}

std::vector<std::size_t> all_rows(std::span<const std::size_t> rows, std::size_t count) {
  std::vector<std::size_t> chosen(rows.begin(), rows.end());
  if (rows.empty()) {
    chosen.resize(count);
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  }
  for (const std::size_t row : chosen) {
    if (row >= count) refuse_input("a row is not in the table", "rows");
  }
  return chosen;
}

double median_of(std::vector<double>& values) {
  const std::size_t half = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half), values.end());
  const double high = values[half];
  if (values.size() % 2 == 1) return high;
  const double low = *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half));
  return low + (high - low) / 2;
}

DesignPart learn_numbers(const TableColumn& column, const std::vector<std::size_t>& rows,
                         const DesignOptions& options) {
  DesignPart part{.name = column.name};
  std::vector<double> values;
  for (const std::size_t row : rows) {
    if (column.numbers[row] == column.numbers[row]) values.push_back(column.numbers[row]);
  }
  if (values.empty()) refuse_input("no training row has a number in this column", column.name, "drop the column");
  part.fill = options.missing == MissingNumber::median ? median_of(values) : missing_number;
  if (!options.standardise) return part;
  DoubleSum sum, squares;
  const double extra = options.missing == MissingNumber::median ? static_cast<double>(rows.size() - values.size()) : 0;
  const double count = static_cast<double>(values.size()) + extra;
  for (const double value : values) sum.add(value);
  if (extra > 0) sum.add(extra * part.fill);
  part.centre = sum.value() / count;
  for (const double value : values) squares.add((value - part.centre) * (value - part.centre));
  if (extra > 0) squares.add(extra * ((part.fill - part.centre) * (part.fill - part.centre)));
  const double spread = std::sqrt(squares.value() / count);
  part.spread = spread > 0 ? spread : 1;
  return part;
}

DesignPart learn_words(const TableColumn& column, const std::vector<std::size_t>& rows, const DesignOptions& options) {
  DesignPart part{.name = column.name, .is_number = false};
  std::vector<std::uint64_t> counts(column.words.size());
  for (const std::size_t row : rows) {
    if (column.codes[row] < 0) {
      part.has_missing = true;
    } else {
      ++counts[static_cast<std::size_t>(column.codes[row])];
    }
  }
  for (std::size_t code = 0; code < counts.size(); ++code) {
    if (counts[code] == 0) continue;
    (counts[code] >= options.least_rows ? part.words : part.rare).push_back(column.words[code]);
  }
  return part;
}

std::size_t categories(const DesignPart& part) {
  return part.words.size() + (part.rare.empty() ? 0 : 1) + (part.has_missing ? 1 : 0);
}
std::size_t first_place(const DesignMatrix& design) { return design.options.drop_first ? 1 : 0; }

std::size_t width_of(const DesignMatrix& design, const DesignPart& part) {
  if (part.is_number || !design.options.one_hot) return 1;
  return std::max(categories(part), first_place(design)) - first_place(design);
}

void name_columns(DesignMatrix& design) {
  for (const DesignPart& part : design.parts) {
    if (part.is_number || !design.options.one_hot) {
      design.names.push_back(part.name);
      continue;
    }
    std::vector<std::string> names;
    for (const std::string& word : part.words) names.push_back(part.name + "=" + word);
    if (!part.rare.empty()) names.push_back(part.name + "=(rare)");
    if (part.has_missing) names.push_back(part.name + "=(missing)");
    for (std::size_t i = first_place(design); i < names.size(); ++i) design.names.push_back(names[i]);
  }
}

/// The place of each of a column's words among the part's categories.
std::vector<std::size_t> places_of(const DesignPart& part, const TableColumn& column) {
  std::vector<std::size_t> places;
  for (const std::string& word : column.words) {
    const auto at = std::lower_bound(part.words.begin(), part.words.end(), word);
    if (at != part.words.end() && *at == word) {
      places.push_back(static_cast<std::size_t>(at - part.words.begin()));
    } else if (std::binary_search(part.rare.begin(), part.rare.end(), word)) {
      places.push_back(part.words.size());
    } else {
      places.push_back(nowhere);
    }
  }
  return places;
}

void apply_numbers(const DesignPart& part, const TableColumn& column, const std::vector<std::size_t>& rows, double* out,
                   std::size_t width) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double value = column.numbers[rows[i]];
    out[i * width] = ((value == value ? value : part.fill) - part.centre) / part.spread;
  }
}

void apply_words(const DesignMatrix& design, const DesignPart& part, const TableColumn& column,
                 const std::vector<std::size_t>& rows, double* out, std::size_t width) {
  const std::vector<std::size_t> places = places_of(part, column);
  const std::size_t dropped = first_place(design);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int32_t code = column.codes[rows[i]];
    std::size_t place = code < 0 ? nowhere : places[static_cast<std::size_t>(code)];
    if (code < 0 && part.has_missing) place = categories(part) - 1;
    if (!design.options.one_hot) {
      out[i * width] = place == nowhere ? missing_number : static_cast<double>(place);
    } else if (place != nowhere && place >= dropped) {
      out[i * width + place - dropped] = 1;
    }
  }
}

const TableColumn& column_named(std::span<const TableColumn> columns, const DesignPart& part) {
  for (const TableColumn& column : columns) {
    if (column.name != part.name) continue;
    if (column.is_number() != part.is_number) {
      refuse_input(part.is_number ? "the column held numbers and now holds words"
                                  : "the column held words and now "
                                    "holds numbers",
                   part.name);
    }
    return column;
  }
  refuse_input("the table lacks this column", part.name);
}

}  // namespace

TableColumn column_of(std::string name, std::span<const std::string_view> cells) {
  TableColumn column{.name = std::move(name)};
  if (read_numbers(cells, column.numbers) || cells.empty()) return column;
  column.numbers.clear();
  std::map<std::string_view, std::int32_t> codes;
  for (const std::string_view cell : cells) codes[trimmed(cell)] = 0;
  codes.erase(std::string_view());
  for (auto& [word, code] : codes) {
    code = static_cast<std::int32_t>(column.words.size());
    column.words.emplace_back(word);
  }
  for (const std::string_view cell : cells) {
    const auto at = codes.find(trimmed(cell));
    column.codes.push_back(at == codes.end() ? -1 : at->second);
  }
  return column;
}

std::vector<double> target_of(std::string_view name, std::span<const std::string_view> cells,
                              std::string_view positive) {
  std::vector<double> y;
  std::size_t ones = 0;
  for (const std::string_view cell : cells) {
    const std::string_view text = trimmed(cell);
    if (text.empty()) {
      throw Error(Problem{.code = Code::invalid,
                          .message = "the target is empty",
                          .field = std::string(name),
                          .row = static_cast<std::int64_t>(y.size()),
                          .hint = "leave out rows whose outcome is not known"});
    }
    y.push_back(text == trimmed(positive) ? 1 : 0);
    ones += y.back() == 1 ? 1 : 0;
  }
  if (ones == 0 || ones == y.size()) {
    refuse_input("every row or none has the positive value", std::string(name), "name a value that some rows have");
  }
  return y;
}

DesignMatrix fit_design_matrix(std::span<const TableColumn> columns, std::span<const std::size_t> rows,
                               const DesignOptions& options) {
  if (columns.empty()) refuse_input("there are no columns", "columns");
  for (const TableColumn& column : columns) {
    if (column.rows() != columns.front().rows()) refuse_input("columns differ in length", column.name);
  }
  const std::vector<std::size_t> chosen = all_rows(rows, columns.front().rows());
  if (chosen.empty()) refuse_input("there are no rows to learn from", "rows");
  DesignMatrix design;
  design.options = options;
  for (const TableColumn& column : columns) {
    design.parts.push_back(column.is_number() ? learn_numbers(column, chosen, options)
                                              : learn_words(column, chosen, options));
  }
  name_columns(design);
  return design;
}

std::vector<double> matrix_of(const DesignMatrix& design, std::span<const TableColumn> columns,
                              std::span<const std::size_t> rows) {
  if (columns.empty()) refuse_input("there are no columns", "columns");
  const std::vector<std::size_t> chosen = all_rows(rows, columns.front().rows());
  const std::size_t width = design.names.size();
  std::vector<double> out(chosen.size() * width, 0.0);
  std::size_t first = 0;
  for (const DesignPart& part : design.parts) {
    const TableColumn& column = column_named(columns, part);
    if (column.rows() != columns.front().rows()) refuse_input("columns differ in length", column.name);
    if (width == 0) break;
    if (part.is_number) {
      apply_numbers(part, column, chosen, out.data() + first, width);
    } else if (width_of(design, part) > 0) {
      apply_words(design, part, column, chosen, out.data() + first, width);
    }
    first += width_of(design, part);
  }
  return out;
}

std::string save(const DesignMatrix& design) {
  const DesignOptions& options = design.options;
  ModelFrame frame{std::string(algorithm), payload_version, {}, design.data_version, {}};
  frame.options = OptionsText()
                      .word("missing", options.missing == MissingNumber::median ? "median" : "keep")
                      .flag("one_hot", options.one_hot)
                      .flag("drop_first", options.drop_first)
                      .whole("least_rows", options.least_rows)
                      .flag("standardise", options.standardise)
                      .text();
  std::string& out = frame.payload;
  append_varint(out, (options.missing == MissingNumber::keep ? 1 : 0) + (options.one_hot ? 2 : 0) +
                         (options.drop_first ? 4 : 0) + (options.standardise ? 8 : 0));
  append_varint(out, options.least_rows);
  append_varint(out, design.parts.size());
  for (const DesignPart& part : design.parts) {
    append_sized(out, part.name);
    append_varint(out, (part.is_number ? 1 : 0) + (part.has_missing ? 2 : 0));
    append_double(out, part.fill);
    append_double(out, part.centre);
    append_double(out, part.spread);
    append_texts(out, part.words);
    append_texts(out, part.rare);
  }
  return to_bytes(frame);
}

DesignMatrix load_design_matrix(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  DesignMatrix design;
  design.data_version = frame.data_version;
  const std::uint64_t flags = reader.varint();
  design.options.missing = (flags & 1) != 0 ? MissingNumber::keep : MissingNumber::median;
  design.options.one_hot = (flags & 2) != 0;
  design.options.drop_first = (flags & 4) != 0;
  design.options.standardise = (flags & 8) != 0;
  design.options.least_rows = reader.varint();
  const std::uint64_t count = reader.varint();
  expect(count <= reader.left());
  for (std::uint64_t i = 0; i < count; ++i) {
    DesignPart part;
    part.name = reader.sized();
    const std::uint64_t kinds = reader.varint();
    part.is_number = (kinds & 1) != 0;
    part.has_missing = (kinds & 2) != 0;
    part.fill = read_double(reader);
    part.centre = read_double(reader);
    part.spread = read_double(reader);
    part.words = read_texts(reader);
    part.rare = read_texts(reader);
    expect(std::is_sorted(part.words.begin(), part.words.end()) && std::is_sorted(part.rare.begin(), part.rare.end()));
    design.parts.push_back(std::move(part));
  }
  expect(reader.done());
  name_columns(design);
  return design;
}

}  // namespace emptor::mine
