#include "mine/mask_columns.hpp"

#include <algorithm>
#include <bit>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/mask_columns.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace emptor::mine {
namespace HWY_NAMESPACE {

/// Compiled for each processor, as only newer ones count bits in one step.
HWY_ATTR std::uint64_t Frequent(const std::uint64_t* rows, const std::uint64_t* holders, std::size_t words,
                                std::uint64_t tail, std::uint32_t min_support, std::uint32_t* supports) {
  std::uint64_t frequent = 0;
  for (; tail != 0; tail &= tail - 1) {
    const int item = std::countr_zero(tail);
    const std::uint64_t* const own = holders + static_cast<std::size_t>(item) * words;
    int count = 0;
    for (std::size_t word = 0; word < words; ++word) count += __builtin_popcountll(rows[word] & own[word]);
    supports[item] = static_cast<std::uint32_t>(count);
    frequent |= std::uint64_t{supports[item] >= min_support} << item;
  }
  return frequent;
}

}  // namespace HWY_NAMESPACE
}  // namespace emptor::mine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace emptor::mine {

HWY_EXPORT(Frequent);

void MaskColumns::fill(std::span<const std::uint64_t> masks) {
  rows_ = masks.size();
  words_ = (rows_ + 63) / 64;
  holders_.assign(64 * words_, 0);
  for (std::size_t row = 0; row < rows_; ++row) {
    std::uint64_t* const word = holders_.data() + row / 64;
    for (std::uint64_t left = masks[row]; left != 0; left &= left - 1)
      word[static_cast<std::size_t>(std::countr_zero(left)) * words_] |= std::uint64_t{1} << (row % 64);
  }
}

MaskColumns::Rows MaskColumns::all() const noexcept {
  Rows rows{};
  std::fill_n(rows.begin(), rows_ / 64, UINT64_MAX);
  if (rows_ % 64 != 0) rows[rows_ / 64] = (std::uint64_t{1} << (rows_ % 64)) - 1;
  return rows;
}

MaskColumns::Rows MaskColumns::cut(const Rows& rows, int item) const noexcept {
  Rows some;
  const std::uint64_t* const own = holders_.data() + static_cast<std::size_t>(item) * words_;
  for (std::size_t word = 0; word < words_; ++word) some[word] = rows[word] & own[word];
  return some;
}

std::uint64_t MaskColumns::frequent(const Rows& rows, std::uint64_t tail, std::uint32_t min_support,
                                    std::array<std::uint32_t, 64>& supports) const noexcept {
  return HWY_DYNAMIC_DISPATCH(Frequent)(rows.data(), holders_.data(), words_, tail, min_support, supports.data());
}

}  // namespace emptor::mine
#endif
