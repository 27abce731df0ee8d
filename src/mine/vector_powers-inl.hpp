/// exp and log of many numbers at once, the same bits on every processor, in an order of operations that keeps several
/// of them on their way (Estrin, 1960); within 2 units in the last place, so not always the bits of core's. Included
/// once for each target, from files that use Highway's foreach_target.
#if defined(EMPTOR_VECTOR_POWERS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef EMPTOR_VECTOR_POWERS_INL
#undef EMPTOR_VECTOR_POWERS_INL
#else
#define EMPTOR_VECTOR_POWERS_INL
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace emptor::mine::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// c[0] + c[1] z + ... + c[9] z^9.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ten_terms(D d, const double (&c)[10], V z) {
  const auto pair = [&](int k) { return hn::Add(hn::Set(d, c[k]), hn::Mul(hn::Set(d, c[k + 1]), z)); };
  const V z2 = hn::Mul(z, z), z4 = hn::Mul(z2, z2);
  const V low = hn::Add(pair(0), hn::Mul(pair(2), z2)), high = hn::Add(pair(4), hn::Mul(pair(6), z2));
  return hn::Add(hn::Add(low, hn::Mul(high, z4)), hn::Mul(pair(8), hn::Mul(z4, z4)));
}

/// e^x for |x| <= 700; beyond, the value at the bound.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V quick_exp(D d, V x) {
  constexpr double reciprocals[10] = {1.0 / 6,          1.0 / 24,         1.0 / 120,     1.0 / 720,
                                      1.0 / 5'040,      1.0 / 40'320,     1.0 / 362'880, 1.0 / 3'628'800,
                                      1.0 / 39'916'800, 1.0 / 479'001'600};
  const hn::RebindToUnsigned<D> whole;
  x = hn::Max(hn::Min(x, hn::Set(d, 700.0)), hn::Set(d, -700.0));
  // Adding 1.5 * 2^52 leaves the nearest whole number in the low bits.
  const V magic = hn::Set(d, 0x1.8p52);
  const V shifted = hn::Add(hn::Mul(x, hn::Set(d, 0x1.71547652b82fep+0)), magic), n = hn::Sub(shifted, magic);
  const V high = hn::Sub(x, hn::Mul(n, hn::Set(d, 0x1.62e42fee00000p-1)));
  const V r = hn::Sub(high, hn::Mul(n, hn::Set(d, 0x1.a39ef35793c76p-33)));
  const V square = hn::Mul(r, r);
  const V tail = hn::Mul(hn::Mul(square, r), ten_terms(d, reciprocals, r));
  const V sum = hn::Add(hn::Set(d, 1.0), hn::Add(r, hn::Add(hn::Mul(hn::Set(d, 0.5), square), tail)));
  const auto power = hn::ShiftLeft<52>(hn::Add(hn::BitCast(whole, shifted), hn::Set(whole, 1023)));
  return hn::Mul(sum, hn::BitCast(d, power));
}

/// log x of normal numbers above 0; 0 and subnormal numbers give about -709.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V quick_log(D d, V x) {
  constexpr double reciprocals[10] = {1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11,
                                      1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21};
  const hn::RebindToUnsigned<D> whole;
  const V one = hn::Set(d, 1.0), half = hn::Set(d, 0.5);
  const auto bits = hn::BitCast(whole, x);
  V m = hn::BitCast(d, hn::Or(hn::And(bits, hn::Set(whole, 0x000F'FFFF'FFFF'FFFF)), hn::BitCast(whole, one)));
  // The exponent as a number: its bits below those of 2^52.
  V n = hn::BitCast(d, hn::Or(hn::ShiftRight<52>(bits), hn::BitCast(whole, hn::Set(d, 0x1p52))));
  n = hn::Sub(n, hn::Set(d, 0x1p52 + 1023));
  const auto high = hn::Gt(m, hn::Set(d, 1.4142135623730951));
  m = hn::IfThenElse(high, hn::Mul(m, half), m);
  n = hn::IfThenElse(high, hn::Add(n, one), n);
  // As core's: log(m) = f - (f^2 / 2 - s (f^2 / 2 + 2 z T(z))), f = m - 1, s = f / (2 + f), z = s^2.
  const V f = hn::Sub(m, one), s = hn::Div(f, hn::Add(hn::Set(d, 2.0), f));
  const V z = hn::Mul(s, s), half_square = hn::Mul(hn::Mul(half, f), f);
  const V tail = hn::Mul(hn::Add(z, z), ten_terms(d, reciprocals, z));
  const V rest = hn::Add(hn::Mul(s, hn::Add(half_square, tail)), hn::Mul(n, hn::Set(d, 0x1.a39ef35793c76p-33)));
  return hn::Sub(hn::Mul(n, hn::Set(d, 0x1.62e42fee00000p-1)), hn::Sub(hn::Sub(half_square, rest), f));
}

/// log(1 + x) for x >= 0, of all digits also near 0.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V quick_log1p(D d, V x) {
  const V u = hn::Add(hn::Set(d, 1.0), x), less = hn::Sub(u, hn::Set(d, 1.0));
  const V value = hn::Mul(quick_log(d, u), hn::Div(x, less));
  return hn::IfThenElse(hn::Eq(less, hn::Zero(d)), x, value);
}

}  // namespace emptor::mine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
