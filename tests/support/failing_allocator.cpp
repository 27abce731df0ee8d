#include "support/failing_allocator.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace emptor::test {
namespace {

struct Watch {
  bool on = false;
  std::uint64_t seen = 0;
  std::uint64_t fails_at = 0;
};

constinit thread_local Watch watch;

void* allocate(std::size_t size, std::size_t alignment) {
  if (watch.on && ++watch.seen == watch.fails_at) throw std::bad_alloc();
  void* memory = alignment <= alignof(std::max_align_t)
                     ? std::malloc(size == 0 ? 1 : size)
                     : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
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
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
