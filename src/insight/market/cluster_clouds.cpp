#include "insight/market/cluster_clouds.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/long_call.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/kmeans_choice.hpp"

namespace emptor {
namespace {

constexpr std::size_t cloud_count = 39, cloud_rows = 1'000;

/// The lower triangle whose product with its transpose is the covariance of the rows; a column that others give wholly
/// has no spread of its own.
std::vector<double> root_of_covariance(const std::vector<double>& x, std::size_t columns) {
  const std::size_t rows = x.size() / columns;
  std::vector<double> mean(columns), covariance(columns * columns);
  for (std::size_t c = 0; c < columns; ++c) {
    DoubleSum sum;
    for (std::size_t r = 0; r < rows; ++r) sum.add(x[r * columns + c]);
    mean[c] = sum.value() / static_cast<double>(rows);
  }
  for (std::size_t a = 0; a < columns; ++a)
    for (std::size_t b = 0; b <= a; ++b) {
      DoubleSum sum;
      for (std::size_t r = 0; r < rows; ++r) sum.add((x[r * columns + a] - mean[a]) * (x[r * columns + b] - mean[b]));
      covariance[a * columns + b] = sum.value() / static_cast<double>(rows);
    }
  std::vector<double> root(columns * columns);
  for (std::size_t a = 0; a < columns; ++a)
    for (std::size_t b = 0; b <= a; ++b) {
      double left = covariance[a * columns + b];
      for (std::size_t k = 0; k < b; ++k) left -= root[a * columns + k] * root[b * columns + k];
      const double pivot = root[b * columns + b];
      root[a * columns + b] = a == b ? std::sqrt(std::max(left, 0.0)) : pivot > 1e-9 ? left / pivot : 0;
    }
  return root;
}

std::vector<double> cloud_of(const std::vector<double>& root, std::size_t columns, std::size_t rows, Random& random) {
  std::vector<double> x(rows * columns), z(columns);
  for (std::size_t r = 0; r < rows; ++r) {
    for (double& one : z) one = random.normal();
    for (std::size_t a = 0; a < columns; ++a)
      for (std::size_t b = 0; b <= a; ++b) x[r * columns + a] += root[a * columns + b] * z[b];
  }
  return x;
}

double silhouette_of(const std::vector<double>& x, std::size_t columns, std::size_t k, const mine::Run& run) {
  const mine::TrainingRows rows{
      .x = {x.data(), x.size() / columns, columns, columns, 1}, .y = {}, .weights = {}, .ids = {}};
  const mine::KmeansFit fit = mine::fit_kmeans(rows, {.k = k, .seed = 1, .restarts = 3}, run);
  return mine::mean_silhouette(rows, fit.labels, cloud_rows, 1, run);
}

/// Rows whose places are drawn by their numbers.
std::vector<double> sample_of(const std::vector<double>& x, std::size_t columns) {
  const std::size_t rows = x.size() / columns;
  if (rows <= cloud_rows) return x;
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [](std::size_t a, std::size_t b) { return hash_of(1, a) < hash_of(1, b); });
  std::vector<double> out;
  for (std::size_t i = 0; i < cloud_rows; ++i)
    for (std::size_t c = 0; c < columns; ++c) out.push_back(x[order[i] * columns + c]);
  return out;
}

}  // namespace

CloudComparison compare_with_clouds(const std::vector<double>& all, std::size_t columns, std::size_t k,
                                    const mine::Run& run) {
  const std::vector<double> x = sample_of(all, columns), root = root_of_covariance(x, columns);
  CloudComparison out{.clouds = cloud_count, .silhouette = silhouette_of(x, columns, k, run)};
  Random random(1);
  std::size_t as_clear = 0;
  double sum = 0;
  for (std::size_t i = 0; i < cloud_count; ++i) {
    beat("clouds", i, cloud_count);
    const double other = silhouette_of(cloud_of(root, columns, x.size() / columns, random), columns, k, run);
    as_clear += other >= out.silhouette ? 1U : 0U;
    sum += other;
  }
  out.cloud_silhouette = sum / cloud_count;
  out.p_value = static_cast<double>(as_clear + 1) / (cloud_count + 1);
  return out;
}

}  // namespace emptor
