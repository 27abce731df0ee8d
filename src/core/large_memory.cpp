#include "core/large_memory.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace emptor {
namespace {

constinit std::atomic<std::uint64_t> held_by_all = 0;

}  // namespace

std::uint64_t LargeMemory::held() noexcept { return held_by_all.load(std::memory_order_relaxed); }

LargeMemory::~LargeMemory() {
  held_by_all.fetch_sub(bytes_, std::memory_order_relaxed);
  std::free(data_);
}

void LargeMemory::resize(std::size_t bytes) {
  if (bytes == bytes_) return;
  void* const moved = std::realloc(data_, std::max<std::size_t>(bytes, 1));
  if (moved == nullptr) throw std::bad_alloc();
  held_by_all.fetch_add(bytes - bytes_, std::memory_order_relaxed);  // modulo 2^64, where it shrinks
  data_ = static_cast<std::byte*>(moved);
  bytes_ = bytes;
}

}  // namespace emptor
