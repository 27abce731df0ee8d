/// Lines for the host's log.
#pragma once

#include <string>

#include "emptor/session/session.hpp"

namespace emptor {

/// Nothing where the host does not listen. The line must not hold personal data.
inline void tell(const Session& session, LogLevel level, const std::string& line) {
  if (const Log& log = session.options().log) log(level, line);
}

}  // namespace emptor
