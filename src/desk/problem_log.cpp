#include "desk/problem_log.hpp"

namespace emptor::desk {

DataProblem& ProblemLog::at(std::string_view code, std::string_view entity, std::string_view file,
                            std::string_view subject, std::string_view text) {
  auto& known = known_[{std::string(code), std::string(entity), std::string(file), std::string(subject)}];
  if (known == nullptr)
    known = &problems_.emplace_back(
        DataProblem{std::string(code), std::string(entity), std::string(file), 0, 0, std::string(text)});
  return *known;
}

ProblemLog::Counts ProblemLog::counts() const {
  Counts counts;
  for (const DataProblem& problem : problems_) counts.emplace_back(problem.rows, problem.first_row);
  return counts;
}

void ProblemLog::back_to(const Counts& counts) {
  for (std::size_t i = 0; i < problems_.size(); ++i) {
    const auto& [rows, first] = i < counts.size() ? counts[i] : Counts::value_type{};
    problems_[i].rows = rows;
    problems_[i].first_row = first;
  }
}

void ProblemLog::add(std::string_view code, std::string_view entity, std::string_view file, std::uint64_t rows,
                     std::uint64_t first_row, std::string_view text) {
  DataProblem& problem = problems_.emplace_back(
      DataProblem{std::string(code), std::string(entity), std::string(file), rows, first_row, std::string(text)});
  whole_file_[&problem] = true;
}

std::vector<DataProblem> ProblemLog::list() const {
  std::vector<DataProblem> list;
  for (const DataProblem& problem : problems_)
    if (problem.rows > 0 || whole_file_.count(&problem) > 0) list.push_back(problem);
  return list;
}

}  // namespace emptor::desk
