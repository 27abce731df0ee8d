// Compiled once a processor level; every level does the same operations in the same order, so the bits agree.
#include <cstddef>
#include <cstdint>

#include "mine/boosting_loss.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/logistic_gradients.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace emptor::mine {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// e^x for |x| <= 40, to a relative 1e-11.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V exp_of(D d, V x) {
  const hn::Rebind<std::int64_t, D> integers;
  const V shifter = hn::Set(d, 0x1.8p52);  // rounds to a whole number, and leaves it in the low bits
  const V shifted = hn::Add(hn::Mul(x, hn::Set(d, 0x1.71547652b82fep+0)), shifter);
  const V n = hn::Sub(shifted, shifter);
  V r = hn::Sub(x, hn::Mul(n, hn::Set(d, 0x1.62e42fee00000p-1)));
  r = hn::Sub(r, hn::Mul(n, hn::Set(d, 0x1.a39ef35793c76p-33)));
  V sum = hn::Set(d, 1.0 / 362'880);
  for (const double coefficient : {1.0 / 40'320, 1.0 / 5'040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1.0, 1.0})
    sum = hn::Add(hn::Mul(sum, r), hn::Set(d, coefficient));
  const auto exponent = hn::ShiftLeft<52>(hn::BitCast(integers, shifted));
  return hn::BitCast(d, hn::Add(hn::BitCast(integers, sum), exponent));
}

using Doubles = hn::CappedTag<double, 8>;

/// Calls take(first row, g, h) for each vector of rows.
template <class Take>
void each_gradient(const GradientBlock& block, Take&& take) {
  const Doubles d;
  const auto one = hn::Set(d, 1.0);
  for (std::size_t i = 0; i < block.rows; i += hn::Lanes(d)) {
    auto margin = hn::LoadU(d, block.margin + i);
    margin = hn::Min(hn::Max(margin, hn::Set(d, -40.0)), hn::Set(d, 40.0));
    const auto p = hn::Div(one, hn::Add(one, exp_of(d, hn::Neg(margin))));
    take(i, hn::Sub(hn::LoadU(d, block.y + i), p), hn::Mul(p, hn::Sub(one, p)));
  }
}

void Gradients(const GradientBlock& block) {
  const Doubles d;
  each_gradient(block, [&](std::size_t i, auto g, auto h) {
    hn::StoreU(g, d, block.g + i);
    hn::StoreU(h, d, block.h + i);
  });
}

void PackedGradients(const GradientBlock& block, double g_factor, double h_factor, std::uint64_t* packed) {
  const Doubles d;
  const hn::Rebind<std::int64_t, Doubles> integers;
  const auto shifter = hn::Set(d, 0x1.8p52);  // as above
  const auto whole = [&](auto value) {
    return hn::Sub(hn::BitCast(integers, hn::Add(value, shifter)), hn::BitCast(integers, shifter));
  };
  each_gradient(block, [&](std::size_t i, auto g, auto h) {
    const auto high = hn::ShiftLeft<32>(whole(hn::Mul(g, hn::Set(d, g_factor))));
    const auto low = hn::Max(whole(hn::Mul(h, hn::Set(d, h_factor))), hn::Set(integers, 1));
    hn::StoreU(hn::Add(high, low), integers, reinterpret_cast<std::int64_t*>(packed + i));
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace emptor::mine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace emptor::mine {

HWY_EXPORT(Gradients);
HWY_EXPORT(PackedGradients);

void logistic_gradients(const GradientBlock& block) { HWY_DYNAMIC_DISPATCH(Gradients)(block); }

void packed_logistic_gradients(const GradientBlock& block, double g_factor, double h_factor, std::uint64_t* packed) {
  HWY_DYNAMIC_DISPATCH(PackedGradients)(block, g_factor, h_factor, packed);
}

}  // namespace emptor::mine
#endif
