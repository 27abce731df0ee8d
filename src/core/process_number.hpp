/// Tells a process from the one that it was forked from.
#pragma once

#include <cstdint>

namespace emptor {

/// The calling process's number. Cheap: no system call, but for the first in each process.
std::int64_t process_number() noexcept;
/// Throws Code::misuse in any other process (a forked child) than the one that opened the store.
void require_process(std::int64_t opened);

}  // namespace emptor
