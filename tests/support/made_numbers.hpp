// Small tables that an independent tool can make too, by integer arithmetic.
#pragma once

#include <cstddef>
#include <vector>

namespace emptor::test {

/// 90 rows of three columns: ((7 i + 13 j + i^2 (j + 1)) mod 17) / 4; classes y (two) and y3 (three), weights
/// 1, 1.5, 2.
struct MadeNumbers {
  static constexpr std::size_t rows = 90, columns = 3;
  std::vector<double> x, y, y3, weights;

  MadeNumbers() {
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j) {
        x.push_back(static_cast<double>((i * 7 + j * 13 + i * i * (j + 1)) % 17) / 4);
      }
      y.push_back(static_cast<double>((i * 5 + i * i) % 7) + x[i * columns] > 4 ? 1 : 0);
      y3.push_back(static_cast<double>((i * i + 3 * i + static_cast<std::size_t>(2 * x[i * columns + 1])) % 3));
      weights.push_back(1 + static_cast<double>(i % 3) / 2);
    }
  }
};

}  // namespace emptor::test
