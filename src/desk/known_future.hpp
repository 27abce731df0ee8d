// Columns that know the future: they tell the outcome that a model is to predict, because they were filled
// in after it.
#pragma once

#include <string>
#include <vector>

#include "desk/table_profile.hpp"

namespace emptor::desk {

struct FutureColumn {
  std::size_t column = 0;
  std::string text;
};

/// Empty for tables without an outcome.
std::vector<FutureColumn> columns_that_know_the_future(const TableProfile& table);

/// Area under the ROC curve of a score for a yes or no: ties count half. Requires both to occur.
double area_under_curve(std::vector<std::pair<double, bool>> scored);

}  // namespace emptor::desk
