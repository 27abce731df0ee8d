/// Operations on what was: the journal as it is told, the past, and who saw whom.
#pragma once

#include <vector>

#include "operation_table.hpp"

namespace emptor::capi {

/// audit, export_journal, trim_journal, log_reads, who_saw, get_as_of, list_as_of, profile_as_of.
std::vector<Operation> audit_operations();

}  // namespace emptor::capi
