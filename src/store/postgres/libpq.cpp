#include "store/postgres/libpq.hpp"

#include <dlfcn.h>

#include "emptor/core/error.hpp"

namespace emptor::postgres {
namespace {

[[noreturn]] void fail_absent() {
  throw Error(Code::unsupported, "PostgreSQL's client library (libpq 14 or newer) is not installed",
              "install libpq5 (Debian, Ubuntu) or libpq (Fedora, Alpine)");
}

Libpq load() {
  void* const library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) fail_absent();
  Libpq calls;
#define CALL(name)                                                            \
  calls.name = reinterpret_cast<decltype(calls.name)>(dlsym(library, #name)); \
  if (calls.name == nullptr) fail_absent();
#include "store/postgres/libpq_calls.inc"
#undef CALL
  return calls;
}

}  // namespace

const Libpq& libpq() {
  static const Libpq calls = load();
  return calls;
}

}  // namespace emptor::postgres
