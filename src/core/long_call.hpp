/// How long calls ask their host whether to go on, from however deep inside.
///
/// The call opens a LongCall with the host's progress; loops below it beat. The question goes to the thread's
/// own call only, so work that an executor runs elsewhere asks nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "emptor/core/progress.hpp"

namespace emptor {

/// The long call that this thread is in, until the end of the scope. Without a progress it is none, and one
/// that is around it stays. The progress must outlive it.
class LongCall {
 public:
  explicit LongCall(const Progress& progress) noexcept;
  ~LongCall();
  LongCall(const LongCall&) = delete;
  LongCall& operator=(const LongCall&) = delete;

 private:
  friend class Asking;
  const Progress* progress_;
  LongCall* around_;
  std::chrono::steady_clock::time_point next_{};  ///< the first beat asks at once
  bool asking_ = false;                           ///< what the host does meanwhile asks nothing
  bool stopped_ = false;
};

/// While it lives, nothing is asked: what is being finished cannot be stopped any more.
class Unstoppable {
 public:
  Unstoppable() noexcept;
  ~Unstoppable();
  Unstoppable(const Unstoppable&) = delete;
  Unstoppable& operator=(const Unstoppable&) = delete;

 private:
  LongCall* around_;
};

/// Asks, if the last answer is 25 ms old; throws Code::cancelled where the host asks to stop. Costs about as
/// much as a look at the clock.
void beat(std::string_view stage, std::uint64_t done = 0, std::uint64_t total = 0);
/// The same for code that exceptions may not pass through: whether to stop.
bool stop_wanted(std::string_view stage) noexcept;

}  // namespace emptor
