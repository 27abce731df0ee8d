#include "emptor/mine/lifetime_diagnostics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "mine/count_chances.hpp"
#include "mine/covariate_groups.hpp"
#include "mine/distributions.hpp"
#include "mine/refusal.hpp"
#include "mine/row_blocks.hpp"

namespace emptor::mine {
namespace {

/// Customers of about one age.
struct AgeClass {
  double age = 0, weight = 0;
};

/// The distinct ages, or `most` classes of as many rows, each at its mean.
std::vector<AgeClass> age_classes(const Purchases& rows, std::size_t most) {
  std::vector<AgeClass> ages;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const double weight = rows.weights.empty() ? 1 : rows.weights[row];
    if (weight > 0) ages.push_back({rows.age[row], weight});
  }
  std::sort(ages.begin(), ages.end(), [](const AgeClass& a, const AgeClass& b) {
    return a.age != b.age ? a.age < b.age : a.weight < b.weight;
  });
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < ages.size(); ++i) distinct += i == 0 || ages[i].age != ages[i - 1].age ? 1 : 0;
  std::vector<AgeClass> out;
  std::size_t last = 0;
  for (std::size_t i = 0; i < ages.size(); ++i) {
    const std::size_t number = distinct <= most ? 0 : i * most / ages.size();
    const bool opens = i == 0 || (distinct <= most ? ages[i].age != ages[i - 1].age : number != last);
    if (opens) out.push_back({});
    last = number;
    out.back().weight += ages[i].weight;
    out.back().age += ages[i].weight * (ages[i].age - out.back().age) / out.back().weight;  // the mean so far
  }
  return out;
}

void add_actual(const Purchases& rows, CountFit& into) {
  const std::size_t last = into.actual.size() - 1;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::size_t count = rows.frequency[row] < static_cast<double>(last)
                                  ? static_cast<std::size_t>(rows.frequency[row])
                                  : last;
    into.actual[count] += rows.weights.empty() ? 1 : rows.weights[row];
  }
}

/// Of each class, the chances of all counts but the last, which has what is left.
std::vector<double> expected_counts(const LifetimeModel& model, const Purchases& rows, std::size_t counts,
                                    std::size_t most_ages, const Run& run) {
  const std::vector<AgeClass> ages = age_classes(rows, most_ages);
  const CountProcess process(model);
  std::vector<double> each(ages.size() * counts, 0.0), out(counts, 0.0);
  in_blocks(ages.size(), 4, run, "counts", [&](std::size_t first, std::size_t end) {
    for (; first < end; ++first) {
      double left = 1;
      for (std::size_t n = 0; n + 1 < counts; ++n) {
        const double time = ages[first].age;
        const double chance = time > 0 ? process.chance(time, static_cast<double>(n)) : n == 0 ? 1 : 0;
        each[first * counts + n] = ages[first].weight * chance;
        left -= chance;
      }
      each[first * counts + counts - 1] = ages[first].weight * std::max(left, 0.0);
    }
  });
  for (std::size_t i = 0; i < each.size(); ++i) out[i % counts] += each[i];
  return out;
}

/// Counts that are hardly expected are told with those before them.
CountFit judged(CountFit fit, std::size_t parameters) {
  while (fit.expected.size() > 2 && fit.expected.back() < 5) {
    for (auto* list : {&fit.expected, &fit.actual}) {
      const double last = list->back();
      list->pop_back();
      list->back() += last;
    }
  }
  for (std::size_t n = 0; n < fit.expected.size(); ++n) {
    const double apart = fit.actual[n] - fit.expected[n];
    if (fit.expected[n] > 0) fit.chi_square += apart * apart / fit.expected[n];
  }
  if (fit.expected.size() > parameters + 1) {
    fit.degrees = static_cast<double>(fit.expected.size() - 1 - parameters);
    fit.p_value = chi_square_above(fit.chi_square, fit.degrees);
  }
  return fit;
}

CountFit counted(const Purchases& rows, std::size_t most, const Run& run) {
  if (most < 1 || most > 1'000) refuse_row("counts go to a number from 1 to 1,000", "most");
  check_purchases(rows, run);
  CountFit fit;
  fit.actual.assign(most + 1, 0.0);
  fit.expected.assign(most + 1, 0.0);
  add_actual(rows, fit);
  return fit;
}

constexpr std::size_t all_ages = 256;

}  // namespace

CountFit count_fit(const LifetimeModel& model, const Purchases& rows, std::size_t most, const Run& run) {
  const LongCall call(run.progress);
  CountFit fit = counted(rows, most, run);
  fit.expected = expected_counts(model, rows, most + 1, all_ages, run);
  return judged(std::move(fit), model.parameters.size());
}

CountFit count_fit(const CovariateLifetimeModel& model, const CovariateRows& rows, std::size_t most, const Run& run) {
  const LongCall call(run.progress);
  CountFit fit = counted(rows.purchases, most, run);
  const std::size_t groups = grouped(rows).size(), ages = std::max<std::size_t>(2 * all_ages / groups, 1);
  std::vector<std::vector<double>> each(rows.purchases.size());  // by a group's first row
  each_group_of(model, rows, run,
                [&](const LifetimeModel& one, const Purchases& part, std::span<const std::size_t> places,
                    const Run& own) { each[places.front()] = expected_counts(one, part, most + 1, ages, own); });
  for (std::size_t n = 0; n <= most; ++n) {
    DoubleSum sum;  // whichever row comes first
    for (const std::vector<double>& group : each)
      if (!group.empty()) sum.add(group[n]);
    fit.expected[n] = sum.value();
  }
  return judged(std::move(fit), model.parameters.size());
}

ForecastErrors forecast_errors(std::span<const double> predicted, std::span<const double> actual) {
  if (predicted.size() != actual.size()) throw Error(Code::misuse, "forecasts and what came differ in number");
  if (actual.empty()) refuse_row("there are no forecasts", "predicted");
  DoubleSum p, a, absolute, square;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double apart = predicted[i] - actual[i];
    p.add(predicted[i]);
    a.add(actual[i]);
    absolute.add(std::abs(apart));
    square.add(apart * apart);
  }
  const auto count = static_cast<double>(actual.size());
  ForecastErrors out{p.value(), a.value(), absolute.value() / count, std::sqrt(square.value() / count)};
  DoubleSum pp, aa, pa;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double dp = predicted[i] - out.predicted / count, da = actual[i] - out.actual / count;
    pp.add(dp * dp);
    aa.add(da * da);
    pa.add(dp * da);
  }
  const double both = std::sqrt(pp.value()) * std::sqrt(aa.value());
  out.correlation = both > 0 ? pa.value() / both : std::numeric_limits<double>::quiet_NaN();
  return out;
}

}  // namespace emptor::mine
