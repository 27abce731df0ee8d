/// Names of columns, made distinct.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "emptor/desk/table.hpp"

namespace emptor {

/// Gives nameless columns the name "columnN" and repeated names a number; each such change is noted.
std::vector<std::string> distinct_names(std::span<const std::string> names, std::vector<TableNote>& notes);

}  // namespace emptor
