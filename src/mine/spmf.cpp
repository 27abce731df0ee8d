#include <algorithm>

#include "emptor/mine/sequences.hpp"

#include "emptor/core/error.hpp"
#include "mine/line_source.hpp"

namespace emptor::mine {
namespace {

[[noreturn]] void refuse(std::uint64_t line) {
  throw Error(Problem{.code = Code::invalid,
                      .message = "a history holds something else than item numbers, -1 and -2",
                      .entity = "history",
                      .field = "item",
                      .row = static_cast<std::int64_t>(line),
                      .hint = "-1 ends an element, -2 the history; a plain list of items is one item an element"});
}

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }

/// Reads whole lines of histories.
class SpmfParser {
 public:
  explicit SpmfParser(SequenceTable& table) : table_(table) {}

  void read(std::string_view lines) {
    while (!lines.empty()) {
      const std::size_t end = std::min(lines.find('\n'), lines.size());
      read_line(lines.substr(0, end));
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
  }

 private:
  static constexpr std::int64_t end_of_element = -1, end_of_history = -2;

  void read_line(std::string_view line) {
    ++line_;
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    if (line.empty() || line.front() == '#' || line.front() == '%' || line.front() == '@') return;
    const std::size_t first = table_.items.size();
    bool marked = false, ended = false;
    while (!line.empty()) {
      const std::int64_t number = read_number(line);
      if (ended) refuse(line_);
      if (number >= 0) {
        table_.items.push_back(static_cast<std::uint32_t>(number));
      } else if (number == end_of_element) {
        marked = true;
        end_element();
      } else {
        ended = true;
      }
    }
    if (!marked) {
      for (std::size_t at = first; at < table_.items.size(); ++at) table_.element_starts.push_back(at + 1);
    } else if (table_.element_starts.back() != table_.items.size()) {
      end_element();
    }
    table_.starts.push_back(table_.element_starts.size() - 1);
  }

  void end_element() { table_.element_starts.push_back(table_.items.size()); }

  std::int64_t read_number(std::string_view& line) {
    const bool negative = line.front() == '-';
    if (negative) line.remove_prefix(1);
    std::int64_t number = 0;
    std::size_t digits = 0;
    for (; digits < line.size() && line[digits] >= '0' && line[digits] <= '9'; ++digits) {
      number = number * 10 + (line[digits] - '0');
      if (number > std::int64_t{UINT32_MAX}) refuse(line_);
    }
    if (digits == 0 || (digits < line.size() && !is_blank(line[digits]))) refuse(line_);
    if (negative && (number < 1 || number > 2)) refuse(line_);
    line.remove_prefix(digits);
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    return negative ? -number : number;
  }

  SequenceTable& table_;
  std::uint64_t line_ = 0;
};

}  // namespace

SequenceTable read_spmf(std::string_view text) {
  SequenceTable table;
  SpmfParser(table).read(text);
  return table;
}

SequenceTable read_spmf_file(const std::string& path) {
  SequenceTable table;
  SpmfParser parser(table);
  LineSource file(path);
  while (const auto lines = file.next()) parser.read(*lines);
  return table;
}

}  // namespace emptor::mine
