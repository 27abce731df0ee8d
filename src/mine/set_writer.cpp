#include "mine/set_writer.hpp"

#include <bit>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/set_writer.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace emptor::mine {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// A register of names at a time, those that the set has moved together: no loop whose length nobody can foresee.
HWY_ATTR std::size_t WriteSets(const std::uint64_t* members, const std::uint32_t* supports, const std::uint64_t* chosen,
                               std::size_t cells, const std::uint32_t* names, std::uint32_t* items,
                               std::uint64_t* starts, std::uint32_t* set_supports) {
  const hn::CappedTag<std::uint32_t, 16> d;
  const std::size_t lanes = hn::Lanes(d);
  const std::uint64_t low = (std::uint64_t{1} << lanes) - 1;
  std::uint64_t end = starts[0];
  std::size_t sets = 0;
  for (std::size_t word = 0; word * 64 < cells; ++word) {
    for (std::uint64_t left = chosen[word]; left != 0; left &= left - 1) {
      const std::size_t cell = word * 64 + static_cast<std::size_t>(std::countr_zero(left));
      std::uint64_t set = members[cell];
      for (const std::uint32_t* name = names; set != 0; set >>= lanes, name += lanes) {
        alignas(8) const std::uint64_t here = set & low;
        const auto mask = hn::LoadMaskBits(d, reinterpret_cast<const std::uint8_t*>(&here));
        hn::StoreU(hn::Compress(hn::LoadU(d, name), mask), d, items + end);
        end += hn::CountTrue(d, mask);
      }
      set_supports[sets++] = supports[cell];
      starts[sets] = end;
    }
  }
  return sets;
}

}  // namespace HWY_NAMESPACE
}  // namespace emptor::mine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace emptor::mine {
namespace {

HWY_EXPORT(WriteSets);

}  // namespace

std::size_t write_sets(const std::uint64_t* members, const std::uint32_t* supports, const std::uint64_t* chosen,
                       std::size_t cells, const std::uint32_t* names, std::uint32_t* items, std::uint64_t* starts,
                       std::uint32_t* set_supports) {
  return HWY_DYNAMIC_DISPATCH(WriteSets)(members, supports, chosen, cells, names, items, starts, set_supports);
}

}  // namespace emptor::mine
#endif
