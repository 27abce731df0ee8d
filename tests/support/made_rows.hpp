// Tables of numbers made for the tests of miners.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "emptor/core/random.hpp"
#include "emptor/mine/numbers.hpp"

namespace emptor::test {

struct MadeTable {
  std::size_t columns = 1;
  std::vector<double> x;  ///< by row
  std::vector<double> y;
  std::vector<double> weights;
  std::vector<std::uint64_t> ids;

  double at(std::size_t row, std::size_t column) const { return x[row * columns + column]; }
  mine::NumberView view() const { return {x.data(), x.size() / columns, columns, columns, 1}; }
  mine::TrainingRows rows() const { return {view(), y, weights, ids}; }
};

/// Normal features, at least two; y from the first three of them with noise: 0 or 1, or a number.
inline MadeTable made_table(std::size_t rows, std::size_t columns, std::uint64_t seed, bool classes) {
  Random random(seed);
  MadeTable out{.columns = columns};
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t c = 0; c < columns; ++c) out.x.push_back(random.normal());
    const double* x = out.x.data() + row * columns;
    const double third = columns > 2 ? x[2] : 0;
    const double z = x[0] - 0.7 * x[1] + third * x[0] + 0.6 * random.normal();
    out.y.push_back(classes ? (z > 0 ? 1.0 : 0.0) : z);
    out.ids.push_back(row * 17 + 3);
  }
  return out;
}

/// The same rows, with their ids, in another order.
inline MadeTable shuffled(const MadeTable& table, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::size_t> order(table.y.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  MadeTable out{.columns = table.columns};
  for (const std::size_t row : order) {
    for (std::size_t c = 0; c < table.columns; ++c) out.x.push_back(table.at(row, c));
    out.y.push_back(table.y[row]);
    if (!table.weights.empty()) out.weights.push_back(table.weights[row]);
    if (!table.ids.empty()) out.ids.push_back(table.ids[row]);
  }
  return out;
}

}  // namespace emptor::test
