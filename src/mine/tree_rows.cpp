#include "mine/tree_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "emptor/core/error.hpp"
#include "mine/fixed_point.hpp"

namespace emptor::mine {
namespace {

constexpr double most_classes = 4'096;

void check_sizes(std::size_t rows, std::span<const double> y, std::span<const double> weights,
                 std::span<const std::uint64_t> ids) {
  if (rows == 0) refuse_field("there are no rows", "x");
  if (rows > std::numeric_limits<std::uint32_t>::max() / 2) refuse_field("more than 2^31 rows", "x");
  if (y.size() != rows) refuse_field("a target a row is needed", "y");
  if (!weights.empty() && weights.size() != rows) refuse_field("a weight a row is needed", "weights");
  if (!ids.empty() && ids.size() != rows) refuse_field("an id a row is needed", "ids");
}

void check_targets(std::span<const double> y, bool classify) {
  for (const double value : y) {
    if (!std::isfinite(value)) refuse_field("a target is missing or infinite", "y", "leave such rows out");
    if (classify && !(value >= 0 && value < most_classes && value == std::floor(value)))
      refuse_field("classes are the integers 0 to 4095", "y", "encode them as 0, 1, 2 ...");
  }
}

void check_weights(std::span<const double> weights) {
  bool any = weights.empty();
  for (const double weight : weights) {
    if (!(weight >= 0 && std::isfinite(weight))) refuse_field("weights are finite and not negative", "weights");
    any = any || weight > 0;
  }
  if (!any) refuse_field("all weights are 0", "weights");
}

/// What each class's rows are to weigh, apart from their own weights.
std::vector<double> class_factors(const TreeRows& rows, const ClassWeights& given) {
  std::vector<double> factors(rows.classes, 1.0);
  if (!given.of_class.empty()) {
    if (given.of_class.size() != rows.classes) refuse_field("a weight a class is needed", "class_weights");
    check_weights(given.of_class);
    factors.assign(given.of_class.begin(), given.of_class.end());
  }
  if (!given.balanced) return factors;
  std::size_t met = 0;
  for (std::size_t k = 0; k < rows.classes; ++k) {
    std::vector<double> in_class(rows.rows);
    for (std::size_t row = 0; row < rows.rows; ++row) in_class[row] = rows.y[row] == static_cast<double>(k) ? 1 : 0;
    const double sum = exact_weighted_sum(rows, in_class);
    met += sum > 0;
    factors[k] = sum > 0 ? factors[k] / sum : 0;
  }
  const double all = exact_weight(rows) / static_cast<double>(met);
  for (double& factor : factors) factor *= all;
  return factors;
}

void list_active(TreeRows& rows) {
  if (rows.weights.empty() || std::all_of(rows.weights.begin(), rows.weights.end(), [](double w) { return w > 0; }))
    return;
  for (std::size_t row = 0; row < rows.rows; ++row)
    if (rows.weights[row] > 0) rows.active.push_back(static_cast<std::uint32_t>(row));
  if (rows.active.empty()) refuse_field("all weights are 0", "weights");
}

}  // namespace

void refuse_field(std::string message, std::string field, std::string hint) {
  throw Error(Problem{
      .code = Code::invalid, .message = std::move(message), .field = std::move(field), .hint = std::move(hint)});
}

TreeRows checked_rows(std::size_t rows, std::span<const double> y, std::span<const double> weights,
                      std::span<const std::uint64_t> ids, bool classify, const ClassWeights& class_weights) {
  check_sizes(rows, y, weights, ids);
  check_targets(y, classify);
  check_weights(weights);
  TreeRows out{.rows = rows, .y = y, .weights = {weights.begin(), weights.end()}, .ids = ids};
  if (classify) {
    out.classes = std::max<std::size_t>(2, static_cast<std::size_t>(*std::max_element(y.begin(), y.end())) + 1);
    if (class_weights.balanced || !class_weights.of_class.empty()) {
      const std::vector<double> factors = class_factors(out, class_weights);
      out.weights.resize(rows, 1.0);
      for (std::size_t row = 0; row < rows; ++row) out.weights[row] *= factors[static_cast<std::size_t>(y[row])];
    }
  }
  if (std::all_of(out.weights.begin(), out.weights.end(), [](double w) { return w == 1; })) out.weights.clear();
  list_active(out);
  return out;
}

void check_monotone(std::span<const int> monotone, const std::vector<FeatureBins>& features) {
  if (monotone.empty()) return;
  if (monotone.size() != features.size()) refuse_field("a direction a feature is needed", "monotone");
  for (std::size_t f = 0; f < features.size(); ++f) {
    if (monotone[f] < -1 || monotone[f] > 1) refuse_field("directions are -1, 0 and 1", "monotone");
    if (monotone[f] != 0 && features[f].categorical)
      refuse_field("a categorical feature cannot rise or fall", "monotone");
  }
}

double exact_weighted_sum(const TreeRows& rows, std::span<const double> values) {
  double most = 0;
  for_active(rows, [&](std::size_t row) { most = std::max(most, std::abs(rows.weight(row) * values[row])); });
  const FixedScale scale = FixedScale::of(most, rows.rows);
  std::int64_t sum = 0;
  for_active(rows, [&](std::size_t row) { sum += scale.round(rows.weight(row) * values[row]); });
  return scale.value(sum);
}

double greatest_weight(const TreeRows& rows) {
  return rows.weights.empty() ? 1.0 : *std::max_element(rows.weights.begin(), rows.weights.end());
}

double exact_weight(const TreeRows& rows) {
  if (rows.weights.empty()) return static_cast<double>(rows.rows);
  const std::vector<double> ones(rows.rows, 1.0);
  return exact_weighted_sum(rows, ones);
}

}  // namespace emptor::mine
