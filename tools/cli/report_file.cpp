#include "cli/report_file.hpp"

#include "cli/output_file.hpp"

namespace emptor::cli {

std::vector<ReportProblem> report_problems(const std::vector<DataProblem>& problems) {
  std::vector<ReportProblem> told;
  for (const DataProblem& problem : problems)
    told.push_back({problem.code, problem.entity, problem.file, problem.rows, problem.first_row, problem.text});
  return told;
}

void write_report_file(Session& session, const ReportOptions& options, const std::string& path) {
  const std::string page = write_report(session, options);
  OutputFile file(path);
  file.write(page);
  file.finish();
}

}  // namespace emptor::cli
