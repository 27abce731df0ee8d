#include "mine/mid_ranks.hpp"

#include <algorithm>
#include <limits>

namespace emptor::mine {

std::vector<double> mid_ranks(std::span<const double> values) {
  std::vector<std::size_t> order;
  for (std::size_t r = 0; r < values.size(); ++r) {
    if (values[r] == values[r]) order.push_back(r);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    const double mean = (static_cast<double>(i + 1) + static_cast<double>(end)) / 2;
    for (; i < end; ++i) ranks[order[i]] = mean;
  }
  return ranks;
}

}  // namespace emptor::mine
