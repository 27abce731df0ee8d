/// Arrays of plain numbers that may be as large as a table: not set to zero before they are filled, and grown without a
/// copy where the system can move pages. What is never touched costs nothing; the first touch of memory costs more than
/// anything else that is done with a number once, so whoever is done with an array hands its memory on.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

namespace emptor {

/// Uninitialised bytes, aligned for any number.
class LargeMemory {
 public:
  LargeMemory() = default;
  /// Throws std::bad_alloc.
  explicit LargeMemory(std::size_t bytes) { resize(bytes); }
  LargeMemory(LargeMemory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  LargeMemory& operator=(LargeMemory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~LargeMemory();

  /// Keeps what fits. Throws std::bad_alloc, and is as it was then.
  void resize(std::size_t bytes);
  std::byte* data() const noexcept { return data_; }
  std::size_t bytes() const noexcept { return bytes_; }
  /// By all of them in this process, whether touched or not.
  static std::uint64_t held() noexcept;

 private:
  std::byte* data_ = nullptr;
  std::size_t bytes_ = 0;
};

template <class T>
class LargeArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  LargeArray() = default;
  explicit LargeArray(std::size_t size) : LargeArray(LargeMemory(), size) {}
  /// In memory that served before.
  LargeArray(LargeMemory memory, std::size_t size) : memory_(std::move(memory)), size_(size) {
    if (memory_.bytes() < size * sizeof(T)) memory_.resize(size * sizeof(T));
  }
  LargeArray(LargeArray&& other) noexcept : memory_(std::move(other.memory_)), size_(std::exchange(other.size_, 0)) {}
  LargeArray& operator=(LargeArray&& other) noexcept {
    memory_ = std::move(other.memory_);
    std::swap(size_, other.size_);
    return *this;
  }
  void push_back(T value) {
    if (size_ == memory_.bytes() / sizeof(T)) memory_.resize(std::max<std::size_t>(64, 2 * size_) * sizeof(T));
    data()[size_++] = value;
  }
  T& operator[](std::size_t i) noexcept { return data()[i]; }
  const T& operator[](std::size_t i) const noexcept { return data()[i]; }
  T* data() noexcept { return reinterpret_cast<T*>(memory_.data()); }
  const T* data() const noexcept { return reinterpret_cast<const T*>(memory_.data()); }
  std::size_t size() const noexcept { return size_; }
  std::span<const T> view() const noexcept { return {data(), size_}; }
  LargeMemory take_memory() noexcept {
    size_ = 0;
    return std::move(memory_);
  }

 private:
  LargeMemory memory_;
  std::size_t size_ = 0;
};

}  // namespace emptor
