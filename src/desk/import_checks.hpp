// What can be said about the data before a row of it is written.
#pragma once

#include "desk/problem_log.hpp"
#include "desk/record_plan.hpp"

namespace emptor::desk {

/// Formats, doubtful dates, misspelt names, columns that know the future, custom fields, files not read.
void check_tables(std::vector<TableUnderstanding>& tables, ProblemLog& log);
/// What tables told of themselves while they were read.
void tell_notes(const std::vector<TableUnderstanding>& tables, ProblemLog& log);
/// Says in the mapping how dates, discounts and prices were read.
void annotate(std::vector<TableUnderstanding>& tables, const ImportPlan& plan);

}  // namespace emptor::desk
