#include "cli/import_text.hpp"

#include <algorithm>

#include "cli/text_table.hpp"

namespace emptor::cli {
namespace {

std::string counts_text(const ImportReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [entity, counts] : report.entities)
    rows.push_back({entity, std::to_string(counts.read), std::to_string(counts.written),
                    std::to_string(counts.unchanged), std::to_string(counts.rejected)});
  std::string text = text_table({"entity", "read", "written", "unchanged", "rejected"}, rows);
  for (const auto& [currency, amount] : report.amount) text += "amount " + currency + " " + amount.to_string() + "\n";
  if (!report.rejects.empty()) text += "refused lines, with the reasons: " + report.rejects + "\n";
  return text;
}

std::string problems_text(const ImportReport& report) {
  if (report.problems.empty()) return "no problems found in the data\n";
  std::vector<std::vector<std::string>> rows;
  for (const DataProblem& problem : report.problems)
    rows.push_back({problem.code, problem.file, std::to_string(problem.rows),
                    problem.first_row == 0 ? "" : std::to_string(problem.first_row), problem.text});
  return "\nproblems in the data\n" + text_table({"code", "file", "rows", "first", "what"}, rows);
}

std::string mapping_text(const ImportReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const ColumnMapping& column : report.mapping)
    rows.push_back({column.file, column.column, column.entity, column.field, column.note});
  return "\nhow the columns are understood\n" + text_table({"file", "column", "entity", "field", "note"}, rows);
}

std::string preview_text(const ImportReport& report) {
  std::size_t columns = 0;
  for (const auto& row : report.preview) columns = std::max(columns, row.size());
  auto rows = report.preview;
  for (auto& row : rows) row.resize(columns);
  return "\nfirst rows\n" + text_table(std::vector<std::string>(columns), rows);
}

}  // namespace

std::string text_of(const ImportReport& report, bool dry_run) {
  std::string text = counts_text(report) + problems_text(report);
  if (dry_run) text += mapping_text(report) + preview_text(report) + "\nnothing was written (--dry-run)\n";
  return text;
}

bool has_rejects(const ImportReport& report) {
  return std::ranges::any_of(report.entities, [](const auto& entry) { return entry.second.rejected > 0; });
}

}  // namespace emptor::cli
