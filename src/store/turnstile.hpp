/// Lets one writer of this process through at a time, in the order of arrival.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

namespace emptor {

class Turnstile {
 public:
  /// Inside from construction to destruction.
  class Turn {
   public:
    Turn(Turnstile& turnstile, std::chrono::milliseconds wait) : turnstile_(turnstile) { turnstile_.enter(wait); }
    ~Turn() { turnstile_.leave(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Turnstile& turnstile_;
  };

  /// Waits for one's turn. Throws Code::busy after `wait`.
  std::unique_ptr<Turn> take_turn(std::chrono::milliseconds wait) { return std::make_unique<Turn>(*this, wait); }

 private:
  void enter(std::chrono::milliseconds wait);
  void leave() noexcept;

  std::mutex mutex_;
  std::condition_variable moved_;
  std::deque<std::uint64_t> queue_;  // tickets; the front one is inside
  std::uint64_t last_ticket_ = 0;
};

}  // namespace emptor
