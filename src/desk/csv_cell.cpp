#include "desk/csv_cell.hpp"

#include "emptor/desk/export.hpp"

namespace emptor {
namespace {

bool starts_formula(char c) noexcept { return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r'; }

/// Any number of apostrophes and then the beginning of a formula.
bool is_guarded_or_formula(std::string_view text) noexcept {
  const std::size_t at = text.find_first_not_of('\'');
  return at != std::string_view::npos && starts_formula(text[at]);
}

bool needs_quotes(std::string_view text) noexcept {
  return text.find_first_of(",\"\r\n") != std::string_view::npos || text.front() == ' ' || text.back() == ' ';
}

void append(std::string& line, std::string_view guard, std::string_view cell) {
  if (cell.empty()) return;
  if (!needs_quotes(cell)) {
    line.append(guard).append(cell);
    return;
  }
  line += '"';
  line += guard;
  for (const char c : cell) line.append(c == '"' ? 2 : 1, c);
  line += '"';
}

}  // namespace

void append_csv_cell(std::string& line, std::string_view cell) { append(line, "", cell); }

void append_guarded_csv_cell(std::string& line, std::string_view cell) {
  append(line, is_guarded_or_formula(cell) ? "'" : "", cell);
}

std::string_view without_guard(std::string_view cell) noexcept {
  if (cell.size() > 1 && cell.front() == '\'' && is_guarded_or_formula(cell)) cell.remove_prefix(1);
  return cell;
}

}  // namespace emptor
