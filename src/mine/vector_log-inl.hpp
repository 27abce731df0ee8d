/// log of many numbers at once: the bits of elementary::log for normal numbers above 0, on every processor. 0 and
/// subnormal numbers give about -709. Included once for each target, from files that use Highway's foreach_target.
#if defined(EMPTOR_VECTOR_LOG_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef EMPTOR_VECTOR_LOG_INL
#undef EMPTOR_VECTOR_LOG_INL
#else
#define EMPTOR_VECTOR_LOG_INL
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace emptor::mine::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// atanh(s) / s - 1, divided by s^2.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V atanh_tail(D d, V z) {
  constexpr double reciprocals[] = {1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11, 1.0 / 13,
                                    1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23};
  V sum = hn::Set(d, reciprocals[10]);
  for (int k = 9; k >= 0; --k) sum = hn::Add(hn::Mul(sum, z), hn::Set(d, reciprocals[k]));
  return sum;
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V positive_log(D d, V x) {
  const hn::RebindToUnsigned<D> whole;
  const auto bits = hn::BitCast(whole, x);
  const V one = hn::Set(d, 1.0), half = hn::Set(d, 0.5);
  V m = hn::BitCast(d, hn::Or(hn::And(bits, hn::Set(whole, 0x000F'FFFF'FFFF'FFFF)), hn::BitCast(whole, one)));
  // The exponent as a number: its bits below those of 2^52.
  V n = hn::BitCast(d, hn::Or(hn::ShiftRight<52>(bits), hn::BitCast(whole, hn::Set(d, 0x1p52))));
  n = hn::Sub(n, hn::Set(d, 0x1p52 + 1023));
  const auto high = hn::Gt(m, hn::Set(d, 1.4142135623730951));
  m = hn::IfThenElse(high, hn::Mul(m, half), m);
  n = hn::IfThenElse(high, hn::Add(n, one), n);
  const V f = hn::Sub(m, one);
  const V s = hn::Div(f, hn::Add(hn::Set(d, 2.0), f));
  const V z = hn::Mul(s, s);
  const V half_square = hn::Mul(hn::Mul(half, f), f);
  const V rest = hn::Mul(s, hn::Add(half_square, hn::Mul(hn::Mul(hn::Set(d, 2.0), z), atanh_tail(d, z))));
  // With n = 0 the products vanish, and what is left is elementary::log's own case for it.
  const V low = hn::Sub(hn::Sub(half_square, hn::Add(rest, hn::Mul(n, hn::Set(d, 0x1.a39ef35793c76p-33)))), f);
  return hn::Sub(hn::Mul(n, hn::Set(d, 0x1.62e42fee00000p-1)), low);
}

/// log(1 + x) for x >= 0, as special::log1p has it.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V positive_log1p(D d, V x) {
  const V one = hn::Set(d, 1.0);
  const V u = hn::Add(one, x), less = hn::Sub(u, one);
  const V value = hn::Mul(positive_log(d, u), hn::Div(x, less));
  return hn::IfThenElse(hn::Eq(less, hn::Zero(d)), x, value);
}

}  // namespace emptor::mine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
