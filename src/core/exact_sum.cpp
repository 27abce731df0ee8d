#include "emptor/core/exact_sum.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

constexpr int limb_bits = 32;
constexpr std::int64_t limb_mask = 0xFFFF'FFFF;
constexpr int lowest_exponent = -1074;  // the weight of bit 0 of limb 0
/// Terms that a limb can take in before it could leave 63 bits: each adds less than 2^32.
constexpr std::int64_t terms_between_carries = std::int64_t{1} << 30;

/// Bits [from, from + 64) of a non-negative number of 32-bit limbs.
template <class Limbs>
std::uint64_t bits_from(const Limbs& limbs, int from) {
  UnsignedWide bits = 0;
  const auto first = static_cast<std::size_t>(from / limb_bits);
  for (std::size_t at = std::min(first + 3, limbs.size()); at-- > first;) {
    bits = (bits << limb_bits) | static_cast<std::uint64_t>(limbs[at]);
  }
  return static_cast<std::uint64_t>(bits >> (from % limb_bits));
}

template <class Limbs>
bool any_below(const Limbs& limbs, int bit) {
  for (int at = 0; at < bit / limb_bits; ++at) {
    if (limbs[static_cast<std::size_t>(at)] != 0) return true;
  }
  const int rest = bit % limb_bits;
  return rest != 0 && (limbs[static_cast<std::size_t>(bit / limb_bits)] & ((std::int64_t{1} << rest) - 1)) != 0;
}

/// Index of the highest bit set; -1 for zero.
template <class Limbs>
int highest_bit(const Limbs& limbs) {
  for (int at = static_cast<int>(limbs.size()) - 1; at >= 0; --at) {
    const auto limb = static_cast<std::uint64_t>(limbs[static_cast<std::size_t>(at)]);
    if (limb != 0) return at * limb_bits + std::bit_width(limb) - 1;
  }
  return -1;
}

/// The double nearest to a non-negative number of 32-bit limbs, ties to even.
template <class Limbs>
double nearest(const Limbs& limbs) {
  const int top = highest_bit(limbs);
  const int lowest_kept = std::max(top - 52, 0);  // subnormal results keep fewer bits, all of them
  std::uint64_t mantissa = bits_from(limbs, lowest_kept) & ((std::uint64_t{1} << 53) - 1);
  if (lowest_kept > 0) {
    const bool half = (bits_from(limbs, lowest_kept - 1) & 1) != 0;
    const bool more = any_below(limbs, lowest_kept - 1);
    if (half && (more || (mantissa & 1) != 0)) ++mantissa;
  }
  return std::ldexp(static_cast<double>(mantissa), lowest_kept + lowest_exponent);
}

}  // namespace

Decimal IntegerSum::micros_to_decimal() const {
  Wide units = sum_;
  int scale = Decimal::max_scale;
  while (scale > 0 && units % 10 == 0) {
    units /= 10;
    --scale;
  }
  if (units > std::numeric_limits<std::int64_t>::max() || units < std::numeric_limits<std::int64_t>::min()) {
    throw Error(Code::invalid, "a sum of decimals is out of range");
  }
  return Decimal::of(static_cast<std::int64_t>(units), scale);
}

void DoubleSum::add(double value) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto biased = static_cast<int>((bits >> 52) & 0x7FF);
  if (biased == 0x7FF) {
    nan_ = nan_ || std::isnan(value);
    (value > 0 ? positive_infinity_ : negative_infinity_) |= std::isinf(value);
    return;
  }
  std::uint64_t mantissa = bits & ((std::uint64_t{1} << 52) - 1);
  if (biased != 0) mantissa |= std::uint64_t{1} << 52;
  const int shift = biased == 0 ? 0 : biased - 1;
  const auto wide = static_cast<UnsignedWide>(mantissa) << (shift % limb_bits);
  std::int64_t* const limb = &limbs_[static_cast<std::size_t>(shift / limb_bits)];
  const std::int64_t sign = (bits >> 63) != 0 ? -1 : 1;
  limb[0] += sign * (static_cast<std::int64_t>(wide) & limb_mask);
  limb[1] += sign * (static_cast<std::int64_t>(wide >> 32) & limb_mask);
  limb[2] += sign * static_cast<std::int64_t>(wide >> 64);
  if (++pending_ >= terms_between_carries) carry();
}

void DoubleSum::add(const DoubleSum& other) noexcept {
  DoubleSum carried = other;
  carried.carry();
  carry();
  for (std::size_t i = 0; i < limbs_.size(); ++i) limbs_[i] += carried.limbs_[i];
  pending_ = 2;
  nan_ = nan_ || other.nan_;
  positive_infinity_ = positive_infinity_ || other.positive_infinity_;
  negative_infinity_ = negative_infinity_ || other.negative_infinity_;
}

/// Makes every limb but the highest one of 0 ... 2^32 - 1; the highest keeps the sign.
void DoubleSum::carry() noexcept {
  std::int64_t over = 0;
  for (std::size_t i = 0; i + 1 < limbs_.size(); ++i) {
    const std::int64_t sum = limbs_[i] + over;
    limbs_[i] = sum & limb_mask;
    over = sum >> limb_bits;
  }
  limbs_.back() += over;
  pending_ = 1;
}

double DoubleSum::value() const noexcept {
  if (nan_ || (positive_infinity_ && negative_infinity_)) return std::numeric_limits<double>::quiet_NaN();
  if (positive_infinity_) return std::numeric_limits<double>::infinity();
  if (negative_infinity_) return -std::numeric_limits<double>::infinity();
  DoubleSum size = *this;
  size.carry();
  const bool negative = size.limbs_.back() < 0;
  if (negative) {
    for (std::int64_t& limb : size.limbs_) limb = -limb;
    size.carry();
  }
  const double result = nearest(size.limbs_);
  return negative ? -result : result;
}

}  // namespace emptor
