// The columns of a CSV file (quotes, commas within them, CRLF) by name, as texts, numbers or codes.
#pragma once

#include <cstddef>
#include <fstream>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/data.hpp"

namespace emptor::test {

class CsvColumns {
 public:
  explicit CsvColumns(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    for (std::string line; std::getline(file, line);) rows_.push_back(cells_of(line));
  }
  std::size_t rows() const noexcept { return rows_.size() - 1; }
  std::vector<std::string> texts(const std::string& name) const {
    std::vector<std::string> out;
    const std::size_t column = number_of(name);
    for (std::size_t r = 1; r < rows_.size(); ++r) out.push_back(rows_[r].at(column));
    return out;
  }
  /// Blank cells are NaN.
  std::vector<double> numbers(const std::string& name) const {
    std::vector<double> out;
    for (const std::string& text : texts(name))
      out.push_back(text.find_first_not_of(' ') == std::string::npos ? std::numeric_limits<double>::quiet_NaN()
                                                                     : std::stod(text));
    return out;
  }
  /// Different texts as 0, 1, 2 ... in the order of the alphabet.
  std::vector<double> codes(const std::string& name) const {
    std::map<std::string, double> numbers;
    for (const std::string& text : texts(name)) numbers[text] = 0;
    double next = 0;
    for (auto& [text, number] : numbers) number = next++;
    std::vector<double> out;
    for (const std::string& text : texts(name)) out.push_back(numbers[text]);
    return out;
  }

 private:
  static std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.emplace_back();
      } else if (c != '\r') {
        cells.back() += c;
      }
    }
    return cells;
  }
  std::size_t number_of(const std::string& name) const {
    for (std::size_t c = 0; c < rows_.at(0).size(); ++c)
      if (rows_[0][c] == name) return c;
    throw std::out_of_range("no column " + name);
  }
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace emptor::test
