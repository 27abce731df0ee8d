/// The least value of a function of a few numbers, without its derivatives. Source: Nelder and Mead, Computer Journal 7
/// (1965), 308.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace emptor::mine {

template <std::size_t N>
using SimplexPoint = std::array<double, N>;

/// Starts with steps of 1/2 from `start`; ends when the corners' values are as near to each other as `tolerance`, or
/// after `most` values. Deterministic.
template <std::size_t N, class Function>
SimplexPoint<N> simplex_minimum(const SimplexPoint<N>& start, Function&& function, double tolerance = 1e-9,
                                std::size_t most = 600) {
  struct Corner {
    SimplexPoint<N> at;
    double value;
  };
  std::size_t values = 0;
  const auto corner = [&](const SimplexPoint<N>& at) {
    ++values;
    return Corner{at, function(at)};
  };
  std::array<Corner, N + 1> corners;
  corners[0] = corner(start);
  for (std::size_t i = 0; i < N; ++i) {
    SimplexPoint<N> at = start;
    at[i] += 0.5;
    corners[i + 1] = corner(at);
  }
  const auto lower = [](const Corner& a, const Corner& b) { return a.value < b.value; };
  while (values < most) {
    std::stable_sort(corners.begin(), corners.end(), lower);
    if (corners[N].value - corners[0].value <= tolerance * (std::abs(corners[0].value) + 1)) break;
    SimplexPoint<N> middle{};
    for (std::size_t c = 0; c < N; ++c) {
      for (std::size_t i = 0; i < N; ++i) middle[i] += corners[c].at[i] / N;
    }
    const auto along = [&](double factor) {
      SimplexPoint<N> at;
      for (std::size_t i = 0; i < N; ++i) at[i] = middle[i] + factor * (corners[N].at[i] - middle[i]);
      return corner(at);
    };
    const Corner mirrored = along(-1);
    if (mirrored.value < corners[0].value) {
      const Corner further = along(-2);
      corners[N] = lower(further, mirrored) ? further : mirrored;
    } else if (mirrored.value < corners[N - 1].value) {
      corners[N] = mirrored;
    } else {
      const Corner nearer = mirrored.value < corners[N].value ? along(-0.5) : along(0.5);
      if (nearer.value < std::min(mirrored.value, corners[N].value)) {
        corners[N] = nearer;
      } else {
        for (std::size_t c = 1; c <= N; ++c) {
          for (std::size_t i = 0; i < N; ++i) corners[c].at[i] = (corners[c].at[i] + corners[0].at[i]) / 2;
          corners[c] = corner(corners[c].at);
        }
      }
    }
  }
  return std::min_element(corners.begin(), corners.end(), lower)->at;
}

}  // namespace emptor::mine
