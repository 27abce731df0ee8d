#include "store/turnstile.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"

namespace emptor {

void Turnstile::enter(std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  const std::uint64_t ticket = ++last_ticket_;
  queue_.push_back(ticket);
  if (moved_.wait_for(lock, wait, [&] { return queue_.front() == ticket; })) return;
  queue_.erase(std::find(queue_.begin(), queue_.end(), ticket));
  throw Error(Code::busy, "another writer held the store longer than was allowed to wait",
              "wait longer, or end the other writer first");
}

void Turnstile::leave() noexcept {
  {
    const std::lock_guard lock(mutex_);
    queue_.pop_front();
  }
  moved_.notify_all();
}

}  // namespace emptor
