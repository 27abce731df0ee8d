// The public functions of C++ that work on a store, as the headers declare them.
#pragma once

#include <set>
#include <string>

namespace emptor::test {

/// Free functions of include/emptor/{session,desk,insight} by name, members of View and Session as "View::get".
std::set<std::string> calls_of_headers();

}  // namespace emptor::test
