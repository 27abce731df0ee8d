/// Operations on the tags of customers.
#pragma once

#include <vector>

#include "operation_table.hpp"

namespace emptor::capi {

/// put_tag, remove_tag, tags.
std::vector<Operation> tag_operations();

}  // namespace emptor::capi
