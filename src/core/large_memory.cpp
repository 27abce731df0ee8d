#include "core/large_memory.hpp"

#include <cstdlib>
#include <new>

namespace emptor {

LargeMemory::~LargeMemory() { std::free(data_); }

void LargeMemory::resize(std::size_t bytes) {
  if (bytes == bytes_) return;
  void* const moved = std::realloc(data_, std::max<std::size_t>(bytes, 1));
  if (moved == nullptr) throw std::bad_alloc();
  data_ = static_cast<std::byte*>(moved);
  bytes_ = bytes;
}

}  // namespace emptor
