// Rows for the benchmarks of trees: 20 normal features, classes by a logistic of ten of them with interactions.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "emptor/core/random.hpp"
#include "emptor/mine/numbers.hpp"

namespace emptor::bench {

struct MadeRows {
  std::size_t columns = 20;
  std::vector<float> x;
  std::vector<double> y;
  mine::NumberView view() const { return {x.data(), y.size(), columns, columns, 1}; }
};

inline MadeRows made_rows(std::size_t rows, std::uint64_t seed) {
  Random random(seed);
  MadeRows out;
  out.x.resize(rows * out.columns);
  out.y.resize(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    float* x = out.x.data() + r * out.columns;
    for (std::size_t c = 0; c < out.columns; ++c) x[c] = static_cast<float>(random.normal());
    const double z = 1.2 * x[0] - .8 * x[1] + x[2] * x[3] + std::sin(2 * x[4]) + .5 * std::abs(x[5]) -
                     (x[6] > .5 ? .7 : 0) + .4 * x[7] * x[8] * x[9] - .3;
    out.y[r] = random.uniform() < 1 / (1 + std::exp(-z)) ? 1 : 0;
  }
  return out;
}

/// The same to a file, for other libraries to read: numbers by row, then targets.
inline bool write_rows(const MadeRows& rows, const char* path) {
  std::FILE* file = std::fopen(path, "wb");
  if (file == nullptr) return false;
  bool good = std::fwrite(rows.x.data(), sizeof(float), rows.x.size(), file) == rows.x.size();
  good = std::fwrite(rows.y.data(), sizeof(double), rows.y.size(), file) == rows.y.size() && good;
  return std::fclose(file) == 0 && good;
}

}  // namespace emptor::bench
