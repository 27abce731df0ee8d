/// Operations that forget customers by law, and that carry one customer's data elsewhere.
#pragma once

#include <vector>

#include "operation_table.hpp"

namespace emptor::capi {

/// forget_customer, finish_forgetting, erasure_receipts, forget_again, due_to_forget, forget_due, export_customer,
/// export_customer_csv, import_customer.
std::vector<Operation> forget_operations();

}  // namespace emptor::capi
