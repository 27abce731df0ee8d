/// The one guard between C++ and C: exceptions become a status and a filled-in emptor_error.
#pragma once

#include <cxxabi.h>

#include <new>

#include "emptor.h"
#include "emptor/core/error.hpp"

namespace emptor::capi {

/// False where the caller's error has no valid size: the call is then refused unseen.
bool usable(const emptor_error* error) noexcept;
void clear(emptor_error* error) noexcept;
emptor_status tell(emptor_error* error, const Error& problem) noexcept;
emptor_status tell(emptor_error* error, Code code, const char* message) noexcept;

/// Runs the body of a function of the C API. A thread that is cancelled or exits inside a callback
/// unwinds through it untouched; everything else ends here.
template <class Body>
emptor_status guarded(emptor_error* error, Body&& body) {
  if (!usable(error)) return EMPTOR_MISUSE;
  clear(error);
  try {
    body();
    return EMPTOR_OK;
  } catch (const abi::__forced_unwind&) {
    throw;
  } catch (const Error& problem) {
    return tell(error, problem);
  } catch (const std::bad_alloc&) {
    return tell(error, Code::memory, "an allocation failed");
  } catch (const std::exception& problem) {
    return tell(error, Code::internal, problem.what());
  } catch (...) {
    return tell(error, Code::internal, "an unknown exception");
  }
}

}  // namespace emptor::capi
