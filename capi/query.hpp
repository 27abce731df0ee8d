/// Questions as they come from C.
#pragma once

#include "emptor.h"
#include "emptor/session/session.hpp"

namespace emptor::capi {

/// The query, whose values view the caller's text; its limit is that of emptor_select.
Query query_in(const Schema& schema, const char* entity, const emptor_query* from);
/// The same without an upper bound: `limit` 0 means all.
Query unlimited_query_in(const Schema& schema, const char* entity, const emptor_query& from);

}  // namespace emptor::capi
