/// e^x of many numbers at once: the bits of elementary::exp for |x| <= 700, on every processor. Beyond, the value at
/// the bound. Included once for each target, from files that use Highway's foreach_target.
#if defined(EMPTOR_VECTOR_EXP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef EMPTOR_VECTOR_EXP_INL
#undef EMPTOR_VECTOR_EXP_INL
#else
#define EMPTOR_VECTOR_EXP_INL
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace emptor::mine::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The sum of r^k / k! for k from 3 on, divided by r^3.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V exp_tail(D d, V r) {
  constexpr double reciprocals[] = {1.0 / 6,          1.0 / 24,          1.0 / 120,           1.0 / 720,
                                    1.0 / 5'040,      1.0 / 40'320,      1.0 / 362'880,       1.0 / 3'628'800,
                                    1.0 / 39'916'800, 1.0 / 479'001'600, 1.0 / 6'227'020'800, 1.0 / 87'178'291'200};
  V sum = hn::Set(d, reciprocals[11]);
  for (int k = 10; k >= 0; --k) sum = hn::Add(hn::Mul(sum, r), hn::Set(d, reciprocals[k]));
  return sum;
}

/// 2^n for whole n, |n| <= 1022: the low bits of n + 1.5 * 2^52 are those of n.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V power_of_two(D d, V n) {
  const hn::RebindToUnsigned<D> bits;
  const auto whole = hn::BitCast(bits, hn::Add(n, hn::Set(d, 0x1.8p52)));
  return hn::BitCast(d, hn::ShiftLeft<52>(hn::Add(whole, hn::Set(bits, 1023))));
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V bounded_exp(D d, V x) {
  x = hn::Max(hn::Min(x, hn::Set(d, 700.0)), hn::Set(d, -700.0));
  const V turns = hn::Mul(x, hn::Set(d, 0x1.71547652b82fep+0));
  const V n = hn::Trunc(hn::Add(turns, hn::CopySignToAbs(hn::Set(d, 0.5), turns)));
  const V high = hn::Sub(x, hn::Mul(n, hn::Set(d, 0x1.62e42fee00000p-1)));
  const V low = hn::Mul(n, hn::Set(d, 0x1.a39ef35793c76p-33));
  const V r = hn::Sub(high, low);
  const V lost = hn::Sub(hn::Sub(high, r), low);
  const V cubic = hn::Mul(hn::Mul(hn::Mul(r, r), r), exp_tail(d, r));
  const V square = hn::Mul(hn::Mul(hn::Set(d, 0.5), r), r);
  const V sum = hn::Add(hn::Set(d, 1.0), hn::Add(r, hn::Add(square, hn::Add(cubic, lost))));
  return hn::Mul(sum, power_of_two(d, n));
}

}  // namespace emptor::mine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
