/// The functions of a host's own store, as C++ sees them.
#pragma once

#include "emptor.h"
#include "emptor/store/host.hpp"

namespace emptor::capi {

/// Throws Code::misuse for NULL, for a size that is not set and for a function that is NULL.
HostCalls host_calls_in(const emptor_host_calls* calls);

}  // namespace emptor::capi
