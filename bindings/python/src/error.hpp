/// Statuses of the C API as Python exceptions.
#pragma once

#include <utility>

#include "emptor.h"

namespace emptor::python {

/// Raises the exception of emptor.errors that belongs to the error's code.
[[noreturn]] void raise(const emptor_error& error);
/// The same for what the binding itself refuses.
[[noreturn]] void raise(emptor_status code, const char* message, const char* hint = "");

inline void check(emptor_status status, const emptor_error& error) {
  if (status != EMPTOR_OK) raise(error);
}

/// Runs one call of the C API, which gets the error to fill.
template <class Call>
void check_call(Call&& call) {
  emptor_error error = EMPTOR_ERROR_INIT;
  check(std::forward<Call>(call)(&error), error);
}

}  // namespace emptor::python
