// Allocations of this thread that fail on request: the test program's own operator new.
#pragma once

#include <cstdint>

namespace emptor::test {

/// Counts this thread's allocations from construction on, and lets the n-th of them (from 1) throw
/// std::bad_alloc, once. With n = 0 they are only counted.
class FailingAllocations {
 public:
  explicit FailingAllocations(std::uint64_t nth = 0) noexcept;
  ~FailingAllocations();
  FailingAllocations(const FailingAllocations&) = delete;
  FailingAllocations& operator=(const FailingAllocations&) = delete;

  std::uint64_t seen() const noexcept;
  /// Whether the failure was reached.
  bool failed() const noexcept;
};

}  // namespace emptor::test
