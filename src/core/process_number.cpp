#include "core/process_number.hpp"

#include <unistd.h>

namespace emptor {

std::int64_t process_number() noexcept { return getpid(); }

}  // namespace emptor
