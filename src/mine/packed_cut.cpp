// Compiled once a processor level; every level does the same operations on each cut, so the bits agree.
#include "mine/packed_cut.hpp"

#include <array>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/packed_cut.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace emptor::mine::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

constexpr hn::CappedTag<double, 8> reals;
using Reals = hn::Vec<decltype(reals)>;
constexpr hn::RebindToUnsigned<decltype(reals)> whole;
using Whole = hn::Vec<decltype(whole)>;

/// Whole numbers below 2^32, less `shift`.
HWY_INLINE Reals real_of(Whole low, double shift) {
  const Whole exponent = hn::Set(whole, 0x4330'0000'0000'0000);  // 2^52
  return hn::Sub(hn::BitCast(reals, hn::Or(low, exponent)), hn::Set(reals, 0x1p52 + shift));
}

/// Gains of as many cuts as there are lanes, -1 where a side keeps too little.
HWY_INLINE Reals gains_of(Whole left, const CutNode& node) {
  const Whole sign = hn::Set(whole, 0x8000'0000'0000'0000), low = hn::Set(whole, 0xFFFF'FFFF);
  const Reals l2 = hn::Set(reals, node.l2);
  const Reals left_g = real_of(hn::ShiftRight<32>(hn::Xor(left, sign)), 0x1p31),
              left_h = real_of(hn::And(left, low), 0);
  const Reals right_g = hn::Sub(hn::Set(reals, static_cast<double>(node.g)), left_g);
  const Reals right_h = hn::Sub(hn::Set(reals, static_cast<double>(node.h)), left_h);
  const Reals least = hn::Set(reals, static_cast<double>(node.min_h));
  const auto allowed = hn::And(hn::Ge(left_h, least), hn::Ge(right_h, least));
  const Reals below_left = hn::Add(left_h, l2), below_right = hn::Add(right_h, l2);
  const Reals above =
      hn::Add(hn::Mul(hn::Mul(left_g, left_g), below_right), hn::Mul(hn::Mul(right_g, right_g), below_left));
  return hn::IfThenElse(allowed, hn::Div(above, hn::Mul(below_left, below_right)), hn::Set(reals, -1.0));
}

void best_cut(const std::uint64_t* left, std::size_t count, const CutNode& node, double* gains, std::size_t* places) {
  const std::size_t lanes = hn::Lanes(reals);
  Reals best = hn::Set(reals, -1.0), at = hn::Zero(reals), place = hn::Iota(reals, 0.0);
  for (std::size_t i = 0; i < count; i += lanes) {
    const Reals gain = gains_of(hn::LoadU(whole, left + i), node);
    const auto more = hn::Gt(gain, best);
    best = hn::IfThenElse(more, gain, best);
    at = hn::IfThenElse(more, place, at);
    place = hn::Add(place, hn::Set(reals, static_cast<double>(lanes)));
  }
  HWY_ALIGN double own[8], where[8];
  hn::Store(best, reals, own);
  hn::Store(at, reals, where);
  for (std::size_t i = 0; i < lanes; ++i) {
    const auto here = static_cast<std::size_t>(where[i]);
    if (own[i] < *gains || (own[i] == *gains && here >= *places)) continue;
    *gains = own[i];
    *places = here;
  }
}

}  // namespace
}  // namespace emptor::mine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace emptor::mine {

HWY_EXPORT(best_cut);

PackedCut best_packed_cut(std::span<const std::uint64_t> bins, const CutNode& node) noexcept {
  constexpr std::size_t most_lanes = 8;
  std::array<std::uint64_t, 256 + most_lanes> left;  // NOLINT: what is read is written below
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bins.size(); ++i) left[i] = sum += bins[i];
  for (std::size_t i = 0; i < most_lanes; ++i) left[bins.size() + i] = 0;  // too little is left of these
  PackedCut cut;
  cut.at = bins.size();
  HWY_DYNAMIC_DISPATCH(best_cut)(left.data(), bins.size(), node, &cut.gain, &cut.at);
  if (cut.gain >= 0) cut.left = left[cut.at];
  return cut;
}

}  // namespace emptor::mine
#endif
