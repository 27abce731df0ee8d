/// What a host gives a session: its clock, randomness, threads, log and progress, as C++ sees them.
#pragma once

#include "emptor.h"
#include "emptor/mine/run.hpp"
#include "emptor/session/session.hpp"

namespace emptor::capi {

/// Nothing for NULL.
Progress progress_in(emptor_progress progress, void* context);
/// Nothing for NULL. Throws Code::invalid for a level that is none.
Log log_in(emptor_log log, void* context, emptor_log_level least);
/// NULL is nothing. Throws Code::misuse for a size that is not set.
mine::Run run_in(const emptor_host* host);
SessionOptions session_options(const emptor_session_options& from);

}  // namespace emptor::capi
