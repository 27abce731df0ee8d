/// Operations on rights: users, roles, permissions, and putting them in force.
#pragma once

#include <vector>

#include "operation_table.hpp"

namespace emptor::capi {

/// access, put_user, put_role, grant, revoke, enforce_rights.
std::vector<Operation> access_operations();

}  // namespace emptor::capi
