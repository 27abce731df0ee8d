// Made points, plain k-means to compare with, and one digest of all that a fit gives.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "core/digest.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/kmeans.hpp"

namespace emptor::test {

using namespace emptor::mine;

/// Rows of numbers that own themselves.
struct Points {
  std::size_t columns = 0;
  std::vector<double> values;
  std::vector<double> weights;
  std::vector<std::uint64_t> ids;

  std::size_t rows() const { return values.size() / columns; }
  NumberView view() const { return {values.data(), rows(), columns, columns, 1}; }
  TrainingRows training() const { return {.x = view(), .weights = weights, .ids = ids}; }
};

/// Blobs of deviation 1 around centres of deviation 3, as single precision holds them.
inline Points blobs(std::size_t rows, std::size_t columns, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> centres(count * columns);
  for (double& value : centres) value = 3 * random.normal();
  Points points{columns, std::vector<double>(rows * columns), {}, {}};
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t blob = random.below(count);
    for (std::size_t i = 0; i < columns; ++i) {
      points.values[row * columns + i] = static_cast<float>(centres[blob * columns + i] + random.normal());
    }
  }
  points.ids.resize(rows);
  std::iota(points.ids.begin(), points.ids.end(), std::uint64_t{0});
  return points;
}

inline std::vector<float> singles(const Points& points) { return {points.values.begin(), points.values.end()}; }

/// The same rows in another order, their ids and weights going with them.
inline Points permuted(const Points& points, const std::vector<std::size_t>& order) {
  Points out{points.columns, {}, {}, {}};
  for (const std::size_t row : order) {
    const auto begin = points.values.begin() + static_cast<std::ptrdiff_t>(row * points.columns);
    out.values.insert(out.values.end(), begin, begin + static_cast<std::ptrdiff_t>(points.columns));
    out.ids.push_back(points.ids[row]);
    if (!points.weights.empty()) out.weights.push_back(points.weights[row]);
  }
  return out;
}

inline std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [seed](std::size_t a, std::size_t b) { return hash_of(seed, a) < hash_of(seed, b); });
  return order;
}

inline std::string hex(const Hash& hash) {
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    constexpr const char* digits = "0123456789abcdef";
    out += digits[static_cast<unsigned>(hash[i]) >> 4];
    out += digits[static_cast<unsigned>(hash[i]) & 15];
  }
  return out;
}

/// Model and labels in the order of ids.
inline std::string digest_of(const KmeansFit& fit, std::span<const std::uint64_t> ids) {
  std::vector<std::size_t> order(fit.labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
  std::string text = save(fit.model);
  for (const std::size_t row : order) text += std::to_string(fit.labels[row]) + ",";
  return hex(blake2b(text));
}

/// The squared distance as the library promises to compute it: eight sums of every eighth column.
inline double square_distance(std::span<const double> a, std::span<const double> b) {
  double lane[8] = {};
  for (std::size_t i = 0; i < a.size(); ++i) lane[i % 8] += (a[i] - b[i]) * (a[i] - b[i]);
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

inline std::uint32_t nearest(std::span<const double> row, std::span<const double> centres) {
  const std::size_t columns = row.size();
  std::uint32_t best = 0;
  for (std::uint32_t c = 1; c < centres.size() / columns; ++c) {
    if (square_distance(row, centres.subspan(c * columns, columns)) <
        square_distance(row, centres.subspan(best * columns, columns))) {
      best = c;
    }
  }
  return best;
}

}  // namespace emptor::test
