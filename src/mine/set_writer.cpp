#include "mine/set_writer.hpp"

#include <array>
#include <bit>

#ifndef EMPTOR_MINE_CHOSEN_FIRST  // once, whatever the instructions
#define EMPTOR_MINE_CHOSEN_FIRST
namespace emptor::mine {
namespace {

/// For each choice of eight lanes, their order with the chosen ones first. Its first half serves four lanes.
struct ChosenFirst {
  alignas(64) std::array<std::array<std::uint32_t, 8>, 256> lanes{};

  constexpr ChosenFirst() {
    for (std::uint32_t choice = 0; choice < 256; ++choice) {
      std::size_t next = 0;
      for (const std::uint32_t wanted : {1u, 0u})
        for (std::uint32_t lane = 0; lane < 8; ++lane)
          if ((choice >> lane & 1) == wanted) lanes[choice][next++] = lane;
    }
  }
};
constexpr ChosenFirst chosen_first;

}  // namespace
}  // namespace emptor::mine
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/set_writer.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace emptor::mine {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET <= HWY_AVX3
using Names = hn::CappedTag<std::uint32_t, 16>;

/// The chosen lanes first. AVX-512 does that by itself.
HWY_ATTR inline hn::Vec<Names> Together(Names d, hn::Vec<Names> names, std::uint64_t choice) {
  alignas(8) const std::uint64_t bits = choice;
  return hn::Compress(names, hn::LoadMaskBits(d, reinterpret_cast<const std::uint8_t*>(&bits)));
}
#else
using Names = hn::CappedTag<std::uint32_t, 8>;

/// The chosen lanes first, by a table: Highway's own Compress copies one of a kilobyte at each call for AVX2.
HWY_ATTR inline hn::Vec<Names> Together(Names d, hn::Vec<Names> names, std::uint64_t choice) {
  return hn::TableLookupLanes(names, hn::IndicesFromVec(d, hn::LoadU(d, chosen_first.lanes[choice].data())));
}
#endif

/// A register of names at a time, those that the set has moved together: no loop whose length nobody can foresee.
HWY_ATTR std::size_t WriteSets(const std::uint64_t* members, const std::uint32_t* supports, const std::uint64_t* chosen,
                               std::size_t cells, const std::uint32_t* names, std::uint32_t* items,
                               std::uint64_t* starts, std::uint32_t* set_supports) {
  const Names d;
  const std::size_t lanes = hn::Lanes(d);
  const std::uint64_t low = (std::uint64_t{1} << lanes) - 1;
  std::uint64_t end = starts[0];
  std::size_t sets = 0;
  for (std::size_t word = 0; word * 64 < cells; ++word) {
    for (std::uint64_t left = chosen[word]; left != 0; left &= left - 1) {
      const std::size_t cell = word * 64 + static_cast<std::size_t>(std::countr_zero(left));
      std::uint64_t set = members[cell];
      for (const std::uint32_t* name = names; set != 0; set >>= lanes, name += lanes) {
        hn::StoreU(Together(d, hn::LoadU(d, name), set & low), d, items + end);
        end += static_cast<std::size_t>(std::popcount(set & low));
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
