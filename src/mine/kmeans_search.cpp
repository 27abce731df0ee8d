#include "mine/kmeans_search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "mine/kmeans_row_search.hpp"

namespace emptor::mine {

KmeansFrame frame_for(const KmeansRange& range, const PaddedCentres& centres, bool single) {
  KmeansFrame frame;
  double greatest = 0;
  for (std::size_t column = 0; column < centres.columns; ++column) {
    double sum = 0;
    for (std::size_t cluster = 0; cluster < centres.k; ++cluster) {
      sum += centres.row(cluster)[column] / static_cast<double>(centres.k);
    }
    const double least = range.least[column], most = range.greatest[column];
    const double middle = std::clamp(sum, least, most);
    // A number that both precisions hold; where there is none, rows of 64 bits have any.
    const bool fits = std::abs(middle) < std::numeric_limits<float>::max();
    frame.shift.push_back(fits ? static_cast<double>(static_cast<float>(middle)) : middle);
    greatest = std::max(greatest, most - least);
  }
  int exponent = 0;
  if (greatest > 0) std::frexp(greatest, &exponent);
  const int limit = single ? 120 : 1000;
  frame.factor = std::ldexp(1.0, std::clamp(-exponent, -limit, limit));
  return frame;
}

KmeansTargets::KmeansTargets(const PaddedCentres& centres, const KmeansFrame& frame)
    : exact(centres), image(frame, centres) {
  for (std::size_t cluster = 0; cluster < centres.k; ++cluster) rows.push_back(centres.row(cluster));
}

void KmeansTargets::use_shells(CentreShells& of, const Run& run) {
  constexpr std::size_t centres_at_once = 16;
  shells = &of;
  for_chunks(run, "bounds", image.k, centres_at_once,
             [&](std::size_t, std::size_t first, std::size_t count) { of.refresh(image, first, first + count); });
}

}  // namespace emptor::mine
