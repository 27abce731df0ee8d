/// The report of a store, as a file.
#pragma once

#include <string>
#include <vector>

#include "emptor/desk/import.hpp"
#include "emptor/insight/report.hpp"

namespace emptor::cli {

/// What an import found wrong, as a report tells it.
std::vector<ReportProblem> report_problems(const std::vector<DataProblem>& problems);
void write_report_file(Session& session, const ReportOptions& options, const std::string& path);

}  // namespace emptor::cli
