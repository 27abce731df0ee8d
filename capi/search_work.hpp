/// The operation that searches.
#pragma once

#include <vector>

#include "operation_table.hpp"

namespace emptor::capi {

/// search.
std::vector<Operation> search_operations();

}  // namespace emptor::capi
