// The calls of C++ that write: what each did is told, and held to what the plan allows.
#pragma once

#include "support/world_calls.hpp"

namespace emptor::test {

std::vector<WorldCall<CppAsker>> cpp_writes();

/// Files of two customers and of their orders, for imports.
const std::string& import_file();
const std::string& orders_file();

}  // namespace emptor::test
