/// Tells a process from the one that it was forked from.
#pragma once

#include <cstdint>

namespace emptor {

/// The number of this process, which changes in a forked child.
std::int64_t process_number() noexcept;

}  // namespace emptor
