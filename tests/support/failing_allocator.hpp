// Allocations of this thread that fail on request, or whose peak is watched: the test program's own operator new.
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

/// The most that this thread holds at once beyond what it held at construction: by operator new, and in large arrays.
class PeakAllocations {
 public:
  PeakAllocations() noexcept;
  ~PeakAllocations();
  PeakAllocations(const PeakAllocations&) = delete;
  PeakAllocations& operator=(const PeakAllocations&) = delete;

  std::uint64_t bytes() const noexcept;
};

}  // namespace emptor::test
