#include "support/failing_allocator.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

#include "core/large_memory.hpp"

namespace emptor::test {
namespace {

struct Watch {
  bool on = false;
  std::uint64_t seen = 0;
  std::uint64_t fails_at = 0;
};

constinit thread_local Watch watch;

struct Peak {
  bool on = false;
  std::int64_t held = 0, highest = 0, large_before = 0;

  void take(void* memory) {
    held += static_cast<std::int64_t>(malloc_usable_size(memory));
    look();
  }
  /// Large arrays do not come by operator new, so they are looked at whenever something else does.
  void look() { highest = std::max(highest, held + static_cast<std::int64_t>(LargeMemory::held()) - large_before); }
  void give_back(void* memory) {
    look();
    held -= static_cast<std::int64_t>(malloc_usable_size(memory));
  }
};

constinit thread_local Peak peak;

void release(void* memory) noexcept {
  if (peak.on && memory != nullptr) peak.give_back(memory);
  std::free(memory);
}

void* allocate(std::size_t size, std::size_t alignment) {
  if (watch.on && ++watch.seen == watch.fails_at) throw std::bad_alloc();
  void* memory = alignment <= alignof(std::max_align_t)
                     ? std::malloc(size == 0 ? 1 : size)
                     : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  if (peak.on) peak.take(memory);
  return memory;
}

void* allocate_or_null(std::size_t size, std::size_t alignment) noexcept {
  try {
    return allocate(size, alignment);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

}  // namespace

FailingAllocations::FailingAllocations(std::uint64_t nth) noexcept { watch = {true, 0, nth}; }
FailingAllocations::~FailingAllocations() { watch = {}; }
std::uint64_t FailingAllocations::seen() const noexcept { return watch.seen; }
bool FailingAllocations::failed() const noexcept { return watch.fails_at != 0 && watch.seen >= watch.fails_at; }

PeakAllocations::PeakAllocations() noexcept {
  peak = {.on = true, .large_before = static_cast<std::int64_t>(LargeMemory::held())};
}
PeakAllocations::~PeakAllocations() { peak = {}; }
std::uint64_t PeakAllocations::bytes() const noexcept { return static_cast<std::uint64_t>(peak.highest); }

}  // namespace emptor::test

void* operator new(std::size_t size) { return emptor::test::allocate(size, 1); }
void* operator new[](std::size_t size) { return emptor::test::allocate(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return emptor::test::allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return emptor::test::allocate(size, static_cast<std::size_t>(alignment));
}
// The sanitizers have their own of these, whose memory could not be freed below.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return emptor::test::allocate_or_null(size, 1); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return emptor::test::allocate_or_null(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return emptor::test::allocate_or_null(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return emptor::test::allocate_or_null(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { emptor::test::release(memory); }
void operator delete[](void* memory) noexcept { emptor::test::release(memory); }
void operator delete(void* memory, std::size_t) noexcept { emptor::test::release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { emptor::test::release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { emptor::test::release(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { emptor::test::release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { emptor::test::release(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { emptor::test::release(memory); }
