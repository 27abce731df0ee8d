#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/long_call.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/random_forest.hpp"
#include "mine/shares.hpp"
#include "mine/tree_rows.hpp"
#include "mine/tree_shape.hpp"

namespace emptor::mine {
namespace {

/// The numbers as rows of doubles, of which one column at a time is exchanged.
struct Copy {
  std::vector<double> numbers;
  std::size_t columns;
  NumberView view(std::size_t rows) const { return {numbers.data(), rows, columns, columns, 1}; }
};

double mean_loss(const TreeEnsemble& ensemble, std::size_t classes, const TreeRows& rows, NumberView x) {
  const std::vector<double> found = predict(ensemble, x);
  const std::size_t outputs = found.size() / x.rows();
  DoubleSum loss, weight;
  for_active(rows, [&](std::size_t row) {
    loss.add(rows.weight(row) * loss_of_prediction({found.data() + row * outputs, outputs}, classes, rows.y[row]));
    weight.add(rows.weight(row));
  });
  return loss.value() / weight.value();
}

/// Who takes whose value: rows in the order of their hashes take from the next one in the order of other hashes.
std::vector<std::uint32_t> takes_from(const TreeRows& rows, std::uint64_t seed) {
  const auto order_by = [&](std::uint64_t salt) {
    std::vector<std::uint32_t> order(rows.rows);
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::pair(hash_of(seed + salt, rows.id(a)), rows.id(a)) <
             std::pair(hash_of(seed + salt, rows.id(b)), rows.id(b));
    });
    return order;
  };
  const std::vector<std::uint32_t> takers = order_by(0), givers = order_by(1);
  std::vector<std::uint32_t> out(rows.rows);
  for (std::size_t i = 0; i < out.size(); ++i) out[takers[i]] = givers[i];
  return out;
}

}  // namespace

PermutedImportance permutation_importance(const TreeEnsemble& ensemble, TreeTask task, const TrainingRows& rows,
                                          std::size_t repetitions, std::uint64_t seed, const Run& run) {
  const LongCall call(run.progress);
  if (repetitions == 0) refuse_field("at least one repetition is needed", "repetitions");
  if (rows.x.columns() != ensemble.features) refuse_field("the model was fitted on other columns", "x");
  const TreeRows checked = checked_rows(rows.x.rows(), rows.y, rows.weights, rows.ids, task == TreeTask::classify);
  const std::size_t features = ensemble.features, count = rows.x.rows();
  const double before = mean_loss(ensemble, checked.classes, checked, rows.x);
  std::vector<double> rises(features * repetitions);
  run_shares(run, rises.size(), "permute", [&](std::size_t piece) {
    const std::size_t feature = piece / repetitions;
    Copy copy{std::vector<double>(count * features), features};
    for (std::size_t c = 0; c < features; ++c)
      rows.x.visit(c, [&](auto column) {
        for (std::size_t row = 0; row < count; ++row) copy.numbers[row * features + c] = column[row];
      });
    const std::vector<std::uint32_t> from = takes_from(checked, hash_of(seed, piece));
    for (std::size_t row = 0; row < count; ++row) copy.numbers[row * features + feature] = rows.x(from[row], feature);
    rises[piece] = mean_loss(ensemble, checked.classes, checked, copy.view(count)) - before;
  });
  PermutedImportance out;
  for (std::size_t f = 0; f < features; ++f) {
    const double* own = rises.data() + f * repetitions;
    const auto size = static_cast<double>(repetitions);
    const double mean = std::accumulate(own, own + repetitions, 0.0) / size;
    double squares = 0;
    for (std::size_t r = 0; r < repetitions; ++r) squares += (own[r] - mean) * (own[r] - mean);
    out.mean.push_back(mean);
    out.deviation.push_back(repetitions > 1 ? std::sqrt(squares / (size - 1)) : 0);
  }
  return out;
}

}  // namespace emptor::mine
