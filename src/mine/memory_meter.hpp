/// What a call holds, against its budget.
#pragma once

#include <atomic>
#include <cstdint>

#include "emptor/core/error.hpp"

namespace emptor::mine {

class MemoryMeter {
 public:
  explicit MemoryMeter(std::uint64_t budget) noexcept : budget_(budget) {}  ///< 0: no limit

  /// Throws Code::budget, and takes nothing, where it does not fit.
  void take(std::uint64_t bytes) {
    if (fits(bytes)) return;
    throw Error(Problem{.code = Code::budget,
                        .message = "the search needs more memory than its budget",
                        .field = "memory_bytes",
                        .hint = "allow more memory, or ask for a higher support"});
  }
  /// The same as an answer.
  bool fits(std::uint64_t bytes) noexcept {
    const std::uint64_t held = held_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    if (budget_ == 0 || held <= budget_) return true;
    give_back(bytes);
    return false;
  }
  void give_back(std::uint64_t bytes) noexcept { held_.fetch_sub(bytes, std::memory_order_relaxed); }
  std::uint64_t held() const noexcept { return held_.load(std::memory_order_relaxed); }
  std::uint64_t budget() const noexcept { return budget_; }

 private:
  std::uint64_t budget_;
  std::atomic<std::uint64_t> held_ = 0;
};

/// Memory of a scope.
class Held {
 public:
  Held(MemoryMeter& meter, std::uint64_t bytes) : meter_(meter), bytes_(bytes) { meter_.take(bytes); }
  ~Held() { meter_.give_back(bytes_); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  MemoryMeter& meter_;
  std::uint64_t bytes_;
};

}  // namespace emptor::mine
