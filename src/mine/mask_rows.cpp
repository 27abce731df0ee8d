#include "mine/mask_rows.hpp"

#include <bit>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/mask_rows.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace emptor::mine {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Bits = hn::CappedTag<std::uint64_t, 8>;
using Weights = hn::Rebind<std::uint32_t, Bits>;
using Sums = hn::CappedTag<std::uint32_t, 16>;

/// Keeps the row if it has the item. Without a jump: half of them do.
template <bool closes>
HWY_INLINE std::size_t take_row(const MaskRows& rows, std::uint64_t within, int item, MaskRows& into, std::size_t row,
                                std::size_t count) {
  into.masks[count] = rows.masks[row] & within;
  into.weights[count] = rows.weights[row];
  if constexpr (closes) into.closures[count] = rows.closures[row];
  return count + (rows.masks[row] >> item & 1);
}

/// Keeps those rows of a register that have the item. Only AVX-512 compresses by itself: for the others Highway copies
/// a table at each call, and rows one by one are quicker.
template <bool closes>
HWY_INLINE std::size_t take_register(const MaskRows& rows, std::uint64_t within, int item, MaskRows& into,
                                     std::size_t row, std::size_t count) {
#if HWY_TARGET <= HWY_AVX3
  const Bits d;
  const Weights dw;
  const auto mask = hn::LoadU(d, rows.masks.data() + row);
  const auto has = hn::TestBit(mask, hn::Set(d, std::uint64_t{1} << item));
  alignas(8) std::uint8_t bits[8] = {};
  hn::StoreMaskBits(d, has, bits);
  hn::CompressStore(hn::And(mask, hn::Set(d, within)), has, d, into.masks.data() + count);
  hn::CompressStore(hn::LoadU(dw, rows.weights.data() + row), hn::LoadMaskBits(dw, bits), dw,
                    into.weights.data() + count);
  if constexpr (closes)
    hn::CompressStore(hn::LoadU(d, rows.closures.data() + row), has, d, into.closures.data() + count);
  return count + static_cast<std::size_t>(std::popcount(bits[0]));
#else
  for (const std::size_t end = row + hn::Lanes(Bits()); row < end; ++row)
    count = take_row<closes>(rows, within, item, into, row, count);
  return count;
#endif
}

template <bool closes>
HWY_ATTR std::size_t take_rows(const MaskRows& rows, std::uint64_t within, int item, MaskRows& into) {
  const Bits d;
  const std::size_t lanes = hn::Lanes(d);
  const auto asked = hn::Set(d, std::uint64_t{1} << item);
  const bool many = rows.size() > 64;  // then most registers have nothing of the item; else it is anyone's guess
  std::size_t count = 0, row = 0;
  for (; row + lanes <= rows.size(); row += lanes) {
    if (many && hn::AllFalse(d, hn::TestBit(hn::LoadU(d, rows.masks.data() + row), asked))) continue;
    count = take_register<closes>(rows, within, item, into, row, count);
  }
  for (; row < rows.size(); ++row) count = take_row<closes>(rows, within, item, into, row, count);
  return count;
}

/// The lanes of a register of sums that a row's bits from `first` on belong to.
template <class D>
HWY_ATTR inline auto lanes_of(D d, std::uint64_t mask, std::size_t first) {
  alignas(8) const std::uint64_t bits = mask >> first;
  return hn::LoadMaskBits(d, reinterpret_cast<const std::uint8_t*>(&bits));
}

template <class D, class M>
HWY_ATTR inline std::uint64_t bits_of(D d, M mask) {
  alignas(8) std::uint64_t bits = 0;
  hn::StoreMaskBits(d, mask, reinterpret_cast<std::uint8_t*>(&bits));
  return bits & ((std::uint64_t{1} << hn::Lanes(d)) - 1);
}

/// How often each item of `within` occurs, a register of items at a time.
HWY_ATTR void sum_items(const MaskRows& rows, std::uint64_t within, std::uint32_t min_support, MaskChild& child) {
  const Sums d;
  const std::size_t lanes = hn::Lanes(d);
  const auto below = hn::Set(d, min_support - 1);
  const auto all = hn::Set(d, child.support);
  const std::size_t top = within == 0 ? 0 : static_cast<std::size_t>(std::bit_width(within));
  for (std::size_t first = 0; first < top; first += lanes) {
    auto sum = hn::Zero(d), other = hn::Zero(d);
    std::size_t row = 0;
    for (; row + 2 <= rows.size(); row += 2) {
      const auto here = lanes_of(d, rows.masks[row], first), there = lanes_of(d, rows.masks[row + 1], first);
      sum = hn::Add(sum, hn::IfThenElseZero(here, hn::Set(d, rows.weights[row])));
      other = hn::Add(other, hn::IfThenElseZero(there, hn::Set(d, rows.weights[row + 1])));
    }
    if (row < rows.size()) {
      const auto here = lanes_of(d, rows.masks[row], first);
      sum = hn::Add(sum, hn::IfThenElseZero(here, hn::Set(d, rows.weights[row])));
    }
    sum = hn::Add(sum, other);
    const std::uint64_t perfect = bits_of(d, hn::Eq(sum, all)) << first;
    child.frequent |= (bits_of(d, hn::Gt(sum, below)) << first) & within & ~perfect;
    child.perfect |= perfect & within;
  }
}

HWY_ATTR MaskChild SelectRows(const MaskRows& rows, std::uint64_t within, int item, std::uint32_t min_support,
                              MaskRows& into) {
  const std::size_t count =
      rows.closes() ? take_rows<true>(rows, within, item, into) : take_rows<false>(rows, within, item, into);
  into.shrink(count, rows.closes());
  MaskChild child;
  for (std::size_t row = 0; row < count; ++row) child.support += into.weights[row];
  if (rows.closes()) {
    for (std::size_t row = 0; row < count; ++row) child.closure &= into.closures[row];
  }
  sum_items(into, within, min_support, child);
  return child;
}

}  // namespace HWY_NAMESPACE
}  // namespace emptor::mine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace emptor::mine {
namespace {

HWY_EXPORT(SelectRows);

constexpr std::uint64_t spread(std::uint64_t key) noexcept {
  key *= 0x9E3779B97F4A7C15;
  return key ^ (key >> 32);
}

}  // namespace

MaskChild select_rows(const MaskRows& rows, std::uint64_t tail, int item, std::uint32_t min_support, MaskRows& into) {
  into.make_room(rows.size(), rows.closes());
  const std::uint64_t within = tail & ((std::uint64_t{1} << item) - 1);
  return HWY_DYNAMIC_DISPATCH(SelectRows)(rows, within, item, min_support, into);
}

void merge_rows(MaskRows& rows, std::uint64_t kept, std::vector<std::uint32_t>& slots) {
  const std::size_t room = std::bit_ceil(rows.size() * 2 + 2);
  slots.assign(room, 0);
  std::uint32_t count = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::uint64_t mask = rows.masks[row] & kept;
    std::size_t at = spread(mask) & (room - 1);
    while (slots[at] != 0 && rows.masks[slots[at] - 1] != mask) at = (at + 1) & (room - 1);
    if (slots[at] != 0) {
      rows.weights[slots[at] - 1] += rows.weights[row];
      if (rows.closes()) rows.closures[slots[at] - 1] &= rows.closures[row];
      continue;
    }
    rows.masks[count] = mask;
    rows.weights[count] = rows.weights[row];
    if (rows.closes()) rows.closures[count] = rows.closures[row];
    slots[at] = ++count;
  }
  rows.shrink(count, rows.closes());
}

}  // namespace emptor::mine
#endif
