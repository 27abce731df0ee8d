/// What a host gives a session: its clock, randomness, threads, log and progress, as C++ sees them.
#pragma once

#include "emptor.h"
#include "emptor/session/session.hpp"

namespace emptor::capi {

/// Nothing for NULL.
Progress progress_in(emptor_progress progress, void* context);
/// Nothing for NULL. Throws Code::invalid for a level that is none.
Log log_in(emptor_log log, void* context, emptor_log_level least);
SessionOptions session_options(const emptor_session_options& from);

}  // namespace emptor::capi
