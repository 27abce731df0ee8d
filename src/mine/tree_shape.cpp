#include "mine/tree_shape.hpp"

#include <algorithm>
#include <cmath>

#include "mine/fixed_point.hpp"

namespace emptor::mine {

NumberSums number_sums(const TreeRows& rows, std::uint64_t times) {
  NumberSums out;
  if (rows.classes == 0) out.centre = exact_weighted_sum(rows, rows.y) / exact_weight(rows);
  double most = 0, most_weight = 0;
  for_active(rows, [&](std::size_t row) {
    most = std::max(most, std::abs(rows.weight(row) * (rows.y[row] - out.centre)));
    most_weight = std::max(most_weight, rows.weight(row));
  });
  const FixedScale weights = FixedScale::of(most_weight, rows.rows * times, 62);
  // Of two classes g is a part of h, so that a pure node is pure to the last bit.
  const FixedScale scale = rows.classes == 0 ? FixedScale::of(most, rows.rows * times, 62) : weights;
  out.g.resize(rows.rows);
  out.h.resize(rows.rows);
  out.g_unit = 1 / scale.factor();
  out.h_unit = rows.weights.empty() && rows.classes == 0 ? 1 : 1 / weights.factor();
  for_active(rows, [&](std::size_t row) {
    out.g[row] = scale.round(rows.weight(row) * (rows.y[row] - out.centre));
    out.h[row] = out.h_unit == 1 ? 1 : std::max<std::int64_t>(1, weights.round(rows.weight(row)));
    if (rows.classes != 0) out.g[row] = rows.y[row] == 1 ? out.h[row] : 0;
  });
  return out;
}

void give_both_shares(Tree& tree) {
  std::vector<double> both;
  both.reserve(2 * tree.values.size());
  for (const double share : tree.values) {
    both.push_back(1 - share);
    both.push_back(share);
  }
  tree.values = std::move(both);
  tree.outputs = 2;
}

double loss_of_prediction(std::span<const double> prediction, std::size_t classes, double y) {
  if (classes == 0) return (prediction[0] - y) * (prediction[0] - y);
  const auto best = std::max_element(prediction.begin(), prediction.end()) - prediction.begin();
  return static_cast<double>(best) == y ? 0 : 1;
}

}  // namespace emptor::mine
