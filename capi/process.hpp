/// Tells a process from the one that it was forked from.
#pragma once

namespace emptor::capi {

/// True once in each child of a fork, at the first call there; false otherwise. Cheap: no system call.
bool newly_forked() noexcept;

}  // namespace emptor::capi
