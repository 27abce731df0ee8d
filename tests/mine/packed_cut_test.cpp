#include "mine/packed_cut.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "emptor/core/random.hpp"
#include "mine/histogram.hpp"

using namespace emptor;
using namespace emptor::mine;

TEST_CASE("packed cut: the first of the best cuts, by one after the other") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    std::vector<std::uint64_t> bins;
    CutNode node{.min_h = 1 + static_cast<std::int64_t>(random.below(200'000)), .l2 = random.uniform() * 1e5};
    for (std::size_t b = 0; b < seed % 256 + 1; ++b) {
      const auto rows = static_cast<std::int64_t>(random.below(40));
      // Many bins alike, so that equal gains are met.
      const std::int64_t g =
          seed % 3 == 0 ? rows * 100 : rows * (static_cast<std::int64_t>(random.below(131'073)) - 65'536);
      const std::int64_t h = rows * (1 + static_cast<std::int64_t>(random.below(131'072)));
      bins.push_back(pack(g, h));
      node.g += g;
      node.h += h;
    }
    PackedCut expected;
    std::int64_t g = 0, h = 0;
    for (std::size_t b = 0; b < bins.size(); ++b) {
      g += packed_g(bins[b]);
      h += packed_h(bins[b]);
      if (h < node.min_h || node.h - h < node.min_h) continue;
      const auto left = static_cast<double>(g), right = static_cast<double>(node.g - g);
      const double below_left = static_cast<double>(h) + node.l2,
                   below_right = static_cast<double>(node.h - h) + node.l2;
      const double gain = (left * left * below_right + right * right * below_left) / (below_left * below_right);
      if (gain > expected.gain) expected = {gain, b, pack(g, h)};
    }
    const PackedCut found = best_packed_cut(bins, node);
    CHECK(found.gain == expected.gain);
    if (expected.gain < 0) continue;
    CHECK(found.at == expected.at);
    CHECK(found.left == expected.left);
  }
}
