// The problems of an import, gathered: one a code, entity, file and subject, with how often and where first.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "emptor/desk/import.hpp"

namespace emptor::desk {

class ProblemLog {
 public:
  /// The problem of this code at this place, to be counted on. `subject` tells problems of one code apart.
  DataProblem& at(std::string_view code, std::string_view entity, std::string_view file, std::string_view subject,
                  std::string_view text);
  /// Counts a row.
  static void count(DataProblem& problem, std::uint64_t line) {
    if (problem.rows++ == 0) problem.first_row = line;
  }
  /// How often each problem was counted until now, and where first: to come back to.
  using Counts = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
  Counts counts() const;
  void back_to(const Counts& counts);
  void add(std::string_view code, std::string_view entity, std::string_view file, std::uint64_t rows,
           std::uint64_t first_row, std::string_view text);
  /// Those that concern at least one row or a whole file, in the order in which they came up.
  std::vector<DataProblem> list() const;

 private:
  std::deque<DataProblem> problems_;
  std::map<std::tuple<std::string, std::string, std::string, std::string>, DataProblem*> known_;
  std::map<const DataProblem*, bool> whole_file_;
};

}  // namespace emptor::desk
