// A clock that stands still until a test moves it.
#pragma once

#include <memory>

#include "emptor/core/time.hpp"

namespace emptor::test {

class ManualClock {
 public:
  /// Starts at 2024-01-01T00:00:00Z unless told otherwise.
  explicit ManualClock(Instant start = {1'704'067'200'000'000}) : now_(std::make_shared<Instant>(start)) {}

  Instant now() const noexcept { return *now_; }
  void set(Instant instant) noexcept { *now_ = instant; }
  void advance_seconds(std::int64_t seconds) noexcept { now_->micros += seconds * micros_per_second; }
  /// Shares the time of this object, and outlives it.
  Clock clock() const {
    return [now = now_] { return *now; };
  }

 private:
  std::shared_ptr<Instant> now_;
};

}  // namespace emptor::test
