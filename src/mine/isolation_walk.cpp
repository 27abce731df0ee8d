#include "mine/isolation_walk.hpp"

#include <algorithm>
#include <bit>

#include "mine/unroll.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/isolation_walk.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace emptor::mine::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

constexpr hn::CappedTag<float, 16> reals;
constexpr hn::RebindToSigned<decltype(reals)> places;
using Reals = hn::Vec<decltype(reals)>;
using Places = hn::Vec<decltype(places)>;
using Mask = hn::Mask<decltype(reals)>;

/// What is compared at a node: of the same node for all rows, or of one for each.
struct Comparison {
  Reals threshold, value;
  HWY_INLINE Mask right() const { return hn::Lt(threshold, value); }
};
HWY_INLINE Comparison at_node(const std::int32_t* nodes, std::size_t node, const float* rows) {
  return {hn::Set(reals, std::bit_cast<float>(nodes[2 * node])), hn::Load(reals, rows + nodes[2 * node + 1])};
}
HWY_INLINE Comparison pick(Mask right, Comparison yes, Comparison no) {
  return {hn::IfThenElse(right, yes.threshold, no.threshold), hn::IfThenElse(right, yes.value, no.value)};
}
HWY_INLINE Places bit_of(Mask mask, std::int32_t bit) {
  return hn::BitCast(places, hn::IfThenElseZero(mask, hn::BitCast(reals, hn::Set(places, bit))));
}

/// The node of the fifth level, counted within it: the fifteen nodes above are read for all rows, which is cheaper than
/// to look up for each row the one that matters.
HWY_INLINE Places fifth_level(const std::int32_t* nodes, const float* rows) {
  const auto node = [&](std::size_t i) HWY_ATTR { return at_node(nodes, i, rows); };
  const Mask first = node(0).right();
  const Mask second = pick(first, node(2), node(1)).right();
  const Mask third = pick(first, pick(second, node(6), node(5)), pick(second, node(4), node(3))).right();
  const Comparison low = pick(second, pick(third, node(10), node(9)), pick(third, node(8), node(7)));
  const Comparison high = pick(second, pick(third, node(14), node(13)), pick(third, node(12), node(11)));
  const Mask fourth = pick(first, high, low).right();
  return hn::Or(hn::Or(bit_of(first, 8), bit_of(second, 4)), hn::Or(bit_of(third, 2), bit_of(fourth, 1)));
}

#if HWY_MAX_BYTES == 64

/// Thresholds and columns of the nodes at `at`; one look-up of 64 bits brings both.
HWY_INLINE void look_up(const std::int32_t* nodes, Places at, Reals& threshold, Places& column) {
  const hn::RepartitionToWide<decltype(places)> wide;
  const hn::Half<decltype(places)> half;
  const auto* pairs = reinterpret_cast<const std::int64_t*>(nodes);
  const auto low = hn::GatherIndex(wide, pairs, hn::PromoteTo(wide, hn::LowerHalf(half, at)));
  const auto high = hn::GatherIndex(wide, pairs, hn::PromoteTo(wide, hn::UpperHalf(half, at)));
  threshold = hn::BitCast(reals, hn::ConcatEven(places, hn::BitCast(places, high), hn::BitCast(places, low)));
  column = hn::ConcatOdd(places, hn::BitCast(places, high), hn::BitCast(places, low));
}

/// From the nodes found to one of the next level.
HWY_INLINE Places next_of(Reals threshold, Places column, const float* rows, Places lane, Places at) {
  const Reals value = hn::GatherIndex(reals, rows, hn::Add(column, lane));
  const Places right = hn::BitCast(places, hn::VecFromMask(reals, hn::Lt(threshold, value)));
  return hn::Sub(hn::Add(at, at), right);  // a mask that is true is -1
}

/// From a node of one level, counted within it, to one of the next.
HWY_INLINE Places below(const std::int32_t* level, const float* rows, Places lane, Places at) {
  Reals threshold;
  Places column;
  look_up(level, at, threshold, column);
  return next_of(threshold, column, rows, lane, at);
}

/// The sixteen nodes of the fifth level, in two registers: nothing is looked up in memory.
class FifthLevel {
 public:
  explicit FifthLevel(const std::int32_t* nodes) {
    const Places low = hn::LoadU(places, nodes + 30), high = hn::LoadU(places, nodes + 46);
    thresholds_ = hn::BitCast(reals, hn::ConcatEven(places, high, low));
    columns_ = hn::ConcatOdd(places, high, low);
  }
  HWY_INLINE Places below(const float* rows, Places lane, Places at) const {
    const auto indices = hn::IndicesFromVec(places, at);
    const Reals threshold = hn::TableLookupLanes(thresholds_, hn::IndicesFromVec(reals, at));
    return next_of(threshold, hn::TableLookupLanes(columns_, indices), rows, lane, at);
  }

 private:
  Reals thresholds_;
  Places columns_;
};

void walk_tree(const std::int32_t* nodes, const std::int32_t* paths, std::size_t levels, const float* tile,
               std::int32_t* sums) {
  const std::size_t lanes = hn::Lanes(reals);
  const Places lane = hn::Iota(places, 0);
  const FifthLevel fifth(nodes);
  for (std::size_t r = 0; r < walk_rows; r += 4 * lanes) {
    const float *one = tile + r, *two = one + lanes, *three = two + lanes, *four = three + lanes;
    Places a = fifth_level(nodes, one), b = fifth_level(nodes, two);
    Places c = fifth_level(nodes, three), d = fifth_level(nodes, four);
    a = fifth.below(one, lane, a);
    b = fifth.below(two, lane, b);
    c = fifth.below(three, lane, c);
    d = fifth.below(four, lane, d);
    for (std::size_t k = least_levels; k < levels; ++k) {
      const std::int32_t* level = nodes + 2 * ((std::size_t{1} << k) - 1);
      a = below(level, one, lane, a);
      b = below(level, two, lane, b);
      c = below(level, three, lane, c);
      d = below(level, four, lane, d);
    }
    std::int32_t* to = sums + r;
    for (const Places at : {a, b, c, d}) {
      hn::Store(hn::Add(hn::Load(places, to), hn::GatherIndex(places, paths, at)), places, to);
      to += lanes;
    }
  }
}

#else

/// Smaller registers look up one number after another whatever the instruction is called, so from the fifth level on
/// each row goes by itself; so many side by side that the processor need not wait for any.
constexpr std::size_t side_by_side = 8;

void walk_tree(const std::int32_t* nodes, const std::int32_t* paths, std::size_t levels, const float* tile,
               std::int32_t* sums) {
  HWY_ALIGN std::uint32_t fifth[walk_rows];
  for (std::size_t r = 0; r < walk_rows; r += hn::Lanes(reals))
    hn::Store(hn::BitCast(hn::RebindToUnsigned<decltype(reals)>(), fifth_level(nodes, tile + r)),
              hn::RebindToUnsigned<decltype(reals)>(), fifth + r);
  for (std::size_t r = 0; r < walk_rows; r += side_by_side) {
    std::size_t at[side_by_side];
    EMPTOR_UNROLL
    for (std::size_t i = 0; i < side_by_side; ++i) at[i] = fifth[r + i];
    for (std::size_t k = least_levels - 1; k < levels; ++k) {
      const std::int32_t* level = nodes + 2 * ((std::size_t{1} << k) - 1);
      EMPTOR_UNROLL
      for (std::size_t i = 0; i < side_by_side; ++i) {
        const std::int32_t* node = level + 2 * at[i];
        const float value = tile[r + i + static_cast<std::uint32_t>(node[1])];
        at[i] = 2 * at[i] + (value > std::bit_cast<float>(node[0]) ? 1 : 0);
      }
    }
    EMPTOR_UNROLL
    for (std::size_t i = 0; i < side_by_side; ++i) sums[r + i] += paths[at[i]];
  }
}

#endif

void walk(const HeapForest& forest, const float* tile, std::uint64_t* sums) {
  constexpr std::size_t trees_a_sum = 32;  // a path is below 2^6
  HWY_ALIGN std::int32_t part[walk_rows];
  const std::size_t nodes = 2 * forest.nodes_a_tree(), paths = std::size_t{1} << forest.levels;
  for (std::size_t begin = 0; begin < forest.trees; begin += trees_a_sum) {
    std::fill(part, part + walk_rows, 0);
    const std::size_t end = std::min(begin + trees_a_sum, forest.trees);
    for (std::size_t t = begin; t < end; ++t) {
      walk_tree(forest.nodes.data() + t * nodes, forest.paths.data() + t * paths, forest.levels, tile, part);
    }
    for (std::size_t r = 0; r < walk_rows; ++r) sums[r] += static_cast<std::uint32_t>(part[r]);
  }
}

}  // namespace
}  // namespace emptor::mine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace emptor::mine {

HWY_EXPORT(walk);

void walk(const HeapForest& forest, const float* tile, std::uint64_t* sums) {
  HWY_DYNAMIC_DISPATCH(walk)(forest, tile, sums);
}

}  // namespace emptor::mine
#endif
