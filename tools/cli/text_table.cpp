#include "cli/text_table.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "emptor/core/decimal.hpp"
#include "emptor/core/text.hpp"

namespace emptor::cli {
namespace {

namespace json = boost::json;

bool is_number(const std::string& cell) { return Decimal::parse_rounded(cell, Rounding::half_even).has_value(); }

/// Cells that a terminal uses: two for the wide scripts.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    const bool wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) ||
                      (c >= 0xf900 && c <= 0xfaff) || (c >= 0xff00 && c <= 0xff60);
    width += wide ? 2 : 1;
  }
  return width;
}

struct Layout {
  std::size_t width = 0;
  bool right = true;
};

std::vector<Layout> layout_of(const std::vector<std::string>& header,
                              const std::vector<std::vector<std::string>>& rows) {
  std::vector<Layout> columns(header.size());
  for (std::size_t c = 0; c < header.size(); ++c) {
    columns[c].width = width_of(header[c]);
    for (const auto& row : rows) {
      columns[c].width = std::max(columns[c].width, width_of(row[c]));
      if (!row[c].empty() && !is_number(row[c])) columns[c].right = false;
    }
  }
  return columns;
}

void append_line(std::string& text, const std::vector<std::string>& cells, const std::vector<Layout>& columns) {
  std::string line;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const std::string padding(columns[c].width - width_of(cells[c]), ' ');
    line += columns[c].right ? padding + cells[c] : cells[c] + padding;
    line += "  ";
  }
  line.erase(line.find_last_not_of(' ') + 1);
  text += line + '\n';
}

/// Six digits are enough for people; programs take the JSON.
std::string rounded(double number) {
  char buffer[32];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), number, std::chars_format::general, 6).ptr;
  return {buffer, end};
}

std::string plain(const json::value& value) {
  if (value.is_double()) return rounded(value.as_double());
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

bool is_table(const json::value& value) {
  return value.is_array() && !value.as_array().empty() &&
         std::ranges::all_of(value.as_array(), [](const json::value& row) { return row.is_object(); });
}

std::string table_of(const json::array& rows) {
  std::vector<std::string> header;
  for (const json::value& row : rows)
    for (const auto& member : row.as_object())
      if (std::ranges::find(header, std::string_view(member.key())) == header.end()) header.emplace_back(member.key());
  std::vector<std::vector<std::string>> cells;
  for (const json::value& row : rows) {
    auto& line = cells.emplace_back();
    for (const std::string& name : header) {
      const json::value* value = row.as_object().if_contains(name);
      line.push_back(value != nullptr ? plain(*value) : std::string());
    }
  }
  return text_table(header, cells);
}

/// An object of objects that have the same plain members: a table with the outer names in front.
bool is_named_table(const json::value& value) {
  if (!value.is_object() || value.as_object().size() < 2) return false;
  const auto plain_object = [](const auto& member) {
    return member.value().is_object() && std::ranges::all_of(member.value().as_object(), [](const auto& cell) {
             return cell.value().is_primitive();
           });
  };
  return std::ranges::all_of(value.as_object(), plain_object);
}

std::string named_table_of(const json::object& rows) {
  json::array flat;
  for (const auto& row : rows) {
    json::object cells;
    cells.emplace("", row.key());
    for (const auto& cell : row.value().as_object()) cells.emplace(cell.key(), cell.value());
    flat.emplace_back(std::move(cells));
  }
  return table_of(flat);
}

void append_document(std::string& text, const json::object& object, std::size_t depth) {
  const std::string indent(depth * 2, ' ');
  for (const auto& member : object) {
    text += indent + std::string(member.key()) + ":";
    if (is_table(member.value())) {
      text += '\n' + table_of(member.value().as_array());
    } else if (is_named_table(member.value())) {
      text += '\n' + named_table_of(member.value().as_object());
    } else if (member.value().is_object()) {
      text += '\n';
      append_document(text, member.value().as_object(), depth + 1);
    } else {
      text += ' ' + plain(member.value()) + '\n';
    }
  }
}

}  // namespace

std::string text_table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
  const auto columns = layout_of(header, rows);
  std::string text;
  append_line(text, header, columns);
  for (const auto& row : rows) append_line(text, row, columns);
  return text;
}

std::string text_of_json(std::string_view document) {
  json::error_code problem;
  const json::value value = json::parse(json::string_view(document.data(), document.size()), problem);
  if (problem) return std::string(document) + '\n';
  if (is_table(value)) return table_of(value.as_array());
  if (!value.is_object()) return std::string(document) + '\n';
  std::string text;
  append_document(text, value.as_object(), 0);
  return text;
}

}  // namespace emptor::cli
