#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/judgement.hpp"
#include "mine/distributions.hpp"
#include "mine/ranked_scores.hpp"
#include "mine/row_blocks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

/// A Poisson count of mean 1 from 64 random bits: how many of the distribution's steps lie below them.
class PoissonCounts {
 public:
  PoissonCounts() {
    double chance = elementary::exp(-1.0), sum = 0;
    for (std::size_t k = 0; k < std::size(bounds_); ++k) {
      sum += chance;
      bounds_[k] = sum;
      chance /= static_cast<double>(k + 1);
    }
  }
  double operator()(std::uint64_t bits) const noexcept {
    const double place = static_cast<double>(bits >> 11) * 0x1p-53;
    std::size_t count = 0;
    while (count < std::size(bounds_) && place >= bounds_[count]) ++count;
    return static_cast<double>(count);
  }

 private:
  double bounds_[18];
};

void check_options(const BootstrapOptions& options) {
  if (options.repetitions < 20 || options.repetitions > 1'000'000) {
    refuse_input("20 to 1,000,000 repetitions are possible", "repetitions");
  }
  if (!(options.level > 0 && options.level < 1)) refuse_input("a level lies between 0 and 1", "level");
}

/// Type-7 quantile of sorted values.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

using DrawnMeasures = std::function<std::vector<double>(Numbers weights)>;

/// NaN where the measures cannot say.
std::vector<double> values_or_nothing(const DrawnMeasures& measures, std::size_t count, Numbers weights) {
  try {
    return measures(weights);
  } catch (const Error& error) {
    if (error.code() != Code::invalid) throw;
    return std::vector<double>(count, std::numeric_limits<double>::quiet_NaN());
  }
}

/// From the values that the draws gave, which are put in order.
Interval interval_of(double value, std::vector<double>& values, const BootstrapOptions& options) {
  std::erase_if(values, [](double one) { return one != one; });
  if (values.size() * 2 < options.repetitions) {
    refuse_input("the measure failed in most repetitions", "y", "there are too few rows of one class");
  }
  std::sort(values.begin(), values.end());
  Interval interval;
  interval.value = value;
  interval.lower = quantile(values, (1 - options.level) / 2);
  interval.upper = quantile(values, (1 + options.level) / 2);
  double mean = 0, squares = 0;
  for (const double one : values) mean += one;
  mean /= static_cast<double>(values.size());
  for (const double one : values) squares += (one - mean) * (one - mean);
  interval.standard_error = std::sqrt(squares / static_cast<double>(values.size() - 1));
  return interval;
}

std::vector<Interval> intervals_of(const DrawnMeasures& measures, std::size_t rows, const BootstrapOptions& options,
                                   std::span<const std::uint64_t> ids, Numbers weights, const Run& run) {
  check_options(options);
  if (!ids.empty() && ids.size() != rows) refuse_input("ids and rows differ in number", "ids");
  const LongCall call(run.progress);
  const PoissonCounts counts;
  const std::vector<double> told = measures(weights);
  std::vector<std::vector<double>> values(told.size(), std::vector<double>(options.repetitions));
  in_blocks(options.repetitions, 1, run, "bootstrap", [&](std::size_t repetition, std::size_t) {
    const std::uint64_t seed = hash_of(options.seed, repetition);
    std::vector<double> drawn(rows);
    for (std::size_t r = 0; r < rows; ++r) {
      drawn[r] = counts(hash_of(seed, ids.empty() ? r : ids[r])) * (weights.empty() ? 1.0 : weights[r]);
    }
    const std::vector<double> of_draw = values_or_nothing(measures, told.size(), drawn);
    for (std::size_t i = 0; i < told.size(); ++i) values[i][repetition] = of_draw[i];
  });
  std::vector<Interval> intervals;
  for (std::size_t i = 0; i < told.size(); ++i) intervals.push_back(interval_of(told[i], values[i], options));
  return intervals;
}

Interval interval_of(const std::function<double(Numbers)>& measure, std::size_t rows, const BootstrapOptions& options,
                     std::span<const std::uint64_t> ids, Numbers weights, const Run& run) {
  const auto alone = [&](Numbers drawn) { return std::vector<double>{measure(drawn)}; };
  return intervals_of(alone, rows, options, ids, weights, run).front();
}

}  // namespace

std::vector<Interval> bootstrap_each(Numbers y, Numbers scores, const QualityMeasures& measures,
                                     const BootstrapOptions& options, std::span<const std::uint64_t> ids,
                                     Numbers weights, const Run& run) {
  check_judged(y, scores, weights, false);
  const auto values = [&](Numbers drawn) { return measures(y, scores, drawn); };
  return intervals_of(values, y.size(), options, ids, weights, run);
}

Interval bootstrap(Numbers y, Numbers scores, const QualityMeasure& measure, const BootstrapOptions& options,
                   std::span<const std::uint64_t> ids, Numbers weights, const Run& run) {
  check_judged(y, scores, weights, false);
  const auto value = [&](Numbers drawn) { return measure(y, scores, drawn); };
  return interval_of(value, y.size(), options, ids, weights, run);
}

Interval bootstrap_difference(Numbers y, Numbers first, Numbers second, const QualityMeasure& measure,
                              const BootstrapOptions& options, std::span<const std::uint64_t> ids, Numbers weights,
                              const Run& run) {
  check_judged(y, first, weights, false);
  check_judged(y, second, weights, false);
  const auto value = [&](Numbers drawn) { return measure(y, first, drawn) - measure(y, second, drawn); };
  return interval_of(value, y.size(), options, ids, weights, run);
}

PairedComparison compare_paired(Numbers first, Numbers second, double test_share) {
  if (first.size() != second.size() || first.size() < 2) refuse_input("at least two pairs are needed", "second");
  if (!(test_share > 0 && test_share < 1)) refuse_input("the share to test lies between 0 and 1", "test_share");
  PairedComparison result;
  const auto count = static_cast<double>(first.size());
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double difference = first[i] - second[i];
    if (!std::isfinite(difference)) refuse_input("a measure is not finite", "first");
    sum += difference;
    ++(difference > 0 ? result.first_better : difference < 0 ? result.second_better : result.equal);
  }
  result.mean_difference = sum / count;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double apart = first[i] - second[i] - result.mean_difference;
    squares += apart * apart;
  }
  result.standard_error = std::sqrt((1 / count + test_share / (1 - test_share)) * (squares / (count - 1)));
  const double reach = student_bound(0.95, count - 1) * result.standard_error;
  result.lower = result.mean_difference - reach;
  result.upper = result.mean_difference + reach;
  if (result.standard_error > 0) {
    result.t = result.mean_difference / result.standard_error;
    result.p_value = student_two_sided(result.t, count - 1);
  } else if (result.mean_difference != 0) {
    result.t =
        result.mean_difference > 0 ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
    result.p_value = 0;
  }
  return result;
}

Interval widen_for_folds(const Interval& interval, std::size_t folds) {
  if (folds < 2) refuse_input("at least two folds are needed", "folds");
  const auto count = static_cast<double>(folds);
  const double factor = std::sqrt(1 + count / (count - 1));
  return {interval.value, interval.value - factor * (interval.value - interval.lower),
          interval.value + factor * (interval.upper - interval.value), factor * interval.standard_error};
}

}  // namespace emptor::mine
