#include "process.hpp"

#include <atomic>

#include "core/process_number.hpp"

namespace emptor::capi {

bool newly_forked() noexcept {
  static std::atomic<std::int64_t> known{process_number()};
  const std::int64_t now = process_number();
  return known.load(std::memory_order_relaxed) != now && known.exchange(now) != now;
}

}  // namespace emptor::capi
