/// Baskets as bits of at most 64 items, each row with how many baskets it stands for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "mine/memory_meter.hpp"

namespace emptor::mine {

class MaskRows {
 public:
  explicit MaskRows(MemoryMeter& meter) noexcept : meter_(&meter) {}
  ~MaskRows() { meter_->give_back(held_); }
  MaskRows(const MaskRows&) = delete;
  MaskRows& operator=(const MaskRows&) = delete;

  std::vector<std::uint64_t> masks;
  std::vector<std::uint64_t> closures;  ///< for closed sets: what all the baskets of a row hold
  std::vector<std::uint32_t> weights;
  // The vectors are longer than the rows: whole registers are written past the last.

  std::size_t size() const noexcept { return size_; }
  bool closes() const noexcept { return closes_; }
  void clear() noexcept {
    size_ = 0;
    closes_ = false;
  }
  void add(std::uint64_t mask, std::uint32_t weight) {
    if (size_ + padding > masks.size()) make_room(2 * size_ + padding, false);
    masks[size_] = mask;
    weights[size_++] = weight;
  }
  void close() {
    make_room(size_, true);
    std::copy_n(masks.begin(), size_, closures.begin());
    closes_ = true;
  }
  void make_room(std::size_t rows, bool closes) {
    if (masks.size() < rows + padding) {
      hold((rows + padding - masks.size()) * (sizeof(std::uint64_t) + sizeof(std::uint32_t)));
      masks.resize(rows + padding);
      weights.resize(rows + padding);
    }
    if (!closes || closures.size() >= masks.size()) return;
    hold((masks.size() - closures.size()) * sizeof(std::uint64_t));
    closures.resize(masks.size());
  }
  void shrink(std::size_t rows, bool closes) noexcept {
    size_ = rows;
    closes_ = closes;
  }

 private:
  static constexpr std::size_t padding = 16;
  void hold(std::uint64_t bytes) {
    meter_->take(bytes);
    held_ += bytes;
  }

  MemoryMeter* meter_;
  std::uint64_t held_ = 0;
  std::size_t size_ = 0;
  bool closes_ = false;
};

/// The rows that hold an item, cut to the items that may follow it.
struct MaskChild {
  std::uint32_t support = 0;
  std::uint64_t frequent = 0;  ///< items that may follow, but for those in every row
  std::uint64_t perfect = 0;   ///< items that are in every row
  std::uint64_t closure = UINT64_MAX;
};

/// Puts the rows with the item into `into`, cut to the lower items of `tail`.
MaskChild select_rows(const MaskRows& rows, std::uint64_t tail, int item, std::uint32_t min_support, MaskRows& into);

/// Merges rows that hold the same items of `kept`, and cuts them to those; closures meet, if there are any.
void merge_rows(MaskRows& rows, std::uint64_t kept, std::vector<std::uint32_t>& slots);

}  // namespace emptor::mine
