#include "mine/boosting_loss.hpp"

#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"

namespace emptor::mine {
namespace {

constexpr double most_log_rate = 30;  // e^30 is enough for any rate; more would overflow integers

double softplus(double x) { return (x > 0 ? x : 0) + elementary::log(1 + elementary::exp(-std::abs(x))); }

std::vector<double> class_logs(const TreeRows& rows) {
  std::vector<double> out(rows.classes);
  std::vector<double> in_class(rows.rows);
  const double all = exact_weight(rows);
  for (std::size_t k = 0; k < rows.classes; ++k) {
    for (std::size_t row = 0; row < rows.rows; ++row) in_class[row] = rows.y[row] == static_cast<double>(k) ? 1 : 0;
    // A class without rows keeps a finite, tiny share.
    out[k] = elementary::log(std::max(exact_weighted_sum(rows, in_class), all * 1e-12) / all);
  }
  return out;
}

double start_quantile(const TreeRows& rows, double share) {
  std::vector<std::pair<double, double>> values;
  for_active(rows, [&](std::size_t row) { values.emplace_back(rows.y[row], rows.weight(row)); });
  return weighted_quantile(values, share);
}

}  // namespace

void squared_gradients(const GradientBlock& block) {
  for (std::size_t i = 0; i < block.rows; ++i) {
    block.g[i] = block.y[i] - block.margin[i];
    block.h[i] = 1;
  }
}

void poisson_gradients(const GradientBlock& block) {
  for (std::size_t i = 0; i < block.rows; ++i) {
    const double rate = elementary::exp(std::min(block.margin[i], most_log_rate));
    block.g[i] = block.y[i] - rate;
    block.h[i] = rate;
  }
}

void quantile_gradients(const GradientBlock& block, double quantile) {
  for (std::size_t i = 0; i < block.rows; ++i) {
    block.g[i] = block.y[i] >= block.margin[i] ? quantile : quantile - 1;
    block.h[i] = 1;
  }
}

double loss_of(BoostingLoss loss, double y, double margin, double quantile) {
  switch (loss) {
    case BoostingLoss::squared:
      return (y - margin) * (y - margin);
    case BoostingLoss::logistic:
    case BoostingLoss::softmax:
      return y > 0.5 ? softplus(-margin) : softplus(margin);
    case BoostingLoss::poisson:
      return elementary::exp(std::min(margin, most_log_rate)) - y * margin;
    case BoostingLoss::quantile:
      return y >= margin ? quantile * (y - margin) : (1 - quantile) * (margin - y);
  }
  return 0;
}

double softmax_loss(std::span<const double> margins, std::size_t y) {
  const double most = *std::max_element(margins.begin(), margins.end());
  double sum = 0;
  for (const double margin : margins) sum += elementary::exp(margin - most);
  return elementary::log(sum) - (margins[y] - most);
}

double weighted_quantile(std::vector<std::pair<double, double>>& values_and_weights, double share) {
  std::sort(values_and_weights.begin(), values_and_weights.end());
  double all = 0;
  for (const auto& [value, weight] : values_and_weights) all += weight;
  double sum = 0;
  for (const auto& [value, weight] : values_and_weights) {
    sum += weight;
    if (sum >= share * all) return value;
  }
  return values_and_weights.back().first;
}

std::vector<double> base_scores(const TreeRows& rows, const GradientBoostingOptions& options) {
  switch (options.loss) {
    case BoostingLoss::squared:
      return {exact_weighted_sum(rows, rows.y) / exact_weight(rows)};
    case BoostingLoss::logistic: {
      const std::vector<double> logs = class_logs(rows);
      return {logs[1] - logs[0]};
    }
    case BoostingLoss::softmax:
      return class_logs(rows);
    case BoostingLoss::poisson:
      return {elementary::log(std::max(exact_weighted_sum(rows, rows.y) / exact_weight(rows), 1e-12))};
    case BoostingLoss::quantile:
      return {start_quantile(rows, options.quantile)};
  }
  return {};
}

}  // namespace emptor::mine
