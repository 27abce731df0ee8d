/// libpq, loaded when the first store on a server is opened: nothing is linked, and who opens none needs none.
#pragma once

#include <libpq-fe.h>

#include <memory>

namespace emptor::postgres {

/// Its calls, each by its own name.
struct Libpq {
#define CALL(name) decltype(&::name) name = nullptr;
#include "store/postgres/libpq_calls.inc"
#undef CALL
};

/// Loads it once, safely from several threads. Throws Code::unsupported where it is not installed or too old.
const Libpq& libpq();

struct ClearResult {
  void operator()(PGresult* result) const noexcept { libpq().PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

}  // namespace emptor::postgres
