/// Questions as they come from C.
#pragma once

#include <memory>

#include "emptor.h"
#include "emptor/session/rule.hpp"
#include "emptor/session/session.hpp"

namespace emptor::capi {

/// A query, whose values view the caller's text and the rule's.
struct Asked {
  Query query;
  std::shared_ptr<const Rule> rule;  ///< null where none was given
};

/// Its limit is that of emptor_select.
Asked query_in(const Session& session, const Schema& schema, const char* entity, const emptor_query* from);
/// The same without an upper bound: `limit` 0 means all.
Asked unlimited_query_in(const Session& session, const Schema& schema, const char* entity, const emptor_query& from);

}  // namespace emptor::capi
