/// Operations on who looks after whom: transfers, the pool, what is known and blocked.
#pragma once

#include <vector>

#include "operation_table.hpp"

namespace emptor::capi {

/// assign, handover, owners, recycle, claim, stage, known, blocked.
std::vector<Operation> ownership_operations();

}  // namespace emptor::capi
