#include "mine/cross_logistic.hpp"

#include <algorithm>

#include "core/long_call.hpp"
#include "mine/logistic_state.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t sample_rows = 2'048;

/// Where both are the same, the sample would be fitted twice.
LogisticPlan begun(const TrainingRows& rows, const LogisticOptions& options) {
  LogisticSurvey survey;
  const bool many = rows.x.rows() > 2 * sample_rows;
  add_to_survey(survey, rows, 0, many ? sample_rows : LogisticSurvey::most_rows);
  return {std::move(survey), options};
}

TrainingRows part_of(const TrainingRows& rows, std::size_t first, std::size_t count) {
  const auto part = [&](auto all) { return all.empty() ? all : all.subspan(first, count); };
  return {rows.x.slice(first, count), part(rows.y), part(rows.weights), part(rows.ids)};
}

/// The point that the plan has come to, from which each fold's others take one step: second derivatives that do for
/// Newton's steps do for that.
LogisticPlan::State optimum_of(const LogisticPlan& plan) {
  LogisticPlan::State state = plan.state();
  state.stage = Stage::descent;
  decide_information(state);
  return state;
}

/// The sums of each fold there.
std::vector<LogisticSums> sums_by_fold(const TrainingRows& rows, std::span<const std::size_t> ends,
                                       const LogisticPlan::State& state, const Run& run) {
  std::vector<LogisticSums> sums;
  std::size_t first = 0;
  for (const std::size_t end : ends) {
    sums.push_back(sum_rows(part_of(rows, first, end - first), state, run));
    first = end;
  }
  return sums;
}

LogisticSums merged_without(const std::vector<LogisticSums>& sums, std::size_t without) {
  const std::size_t first = without == 0 ? 1 : 0;
  LogisticSums all = sums[first];
  for (std::size_t k = first + 1; k < sums.size(); ++k)
    if (k != without) merge(all, sums[k]);
  return all;
}

LogisticModel model_at(const LogisticPlan::State& state, std::vector<double> theta) {
  LogisticModel model;
  model.classes = state.classes;
  model.features = state.columns;
  LogisticPlan::State there = state;
  there.theta = std::move(theta);
  to_outside(there, model.coefficients, model.intercepts);
  return model;
}

}  // namespace

LogisticModel fit_logistic_from_sample(const TrainingRows& rows, const LogisticOptions& options, const Run& run) {
  const LongCall call(run.progress);
  LogisticPlan plan = begun(rows, options);
  while (!plan.done()) plan.step(partial_logistic(rows, plan, run));
  return plan.model();
}

CrossLogistic cross_fit_logistic(const TrainingRows& rows, std::span<const std::size_t> ends,
                                 const LogisticOptions& options, const Run& run) {
  if (!(options.ridge > 0)) refuse_input("folds need a ridge", "ridge");
  if (options.lasso > 0) refuse_input("folds know no lasso", "lasso");
  const LongCall call(run.progress);
  LogisticOptions own = options;
  own.inference = false;
  LogisticPlan plan = begun(rows, own);
  while (!plan.done()) plan.step(partial_logistic(rows, plan, run));
  const LogisticPlan::State optimum = optimum_of(plan);
  const std::vector<LogisticSums> sums = sums_by_fold(rows, ends, optimum, run);
  const LogisticModel all = model_at(optimum, optimum.theta);
  CrossLogistic fitted{all.coefficients, all.intercepts[0], std::vector<double>(rows.x.rows())};
  std::size_t first = 0;
  for (std::size_t k = 0; k < sums.size(); ++k) {
    const LogisticModel without = model_at(optimum, newton_target(optimum, merged_without(sums, k)));
    const std::vector<double> own_rows = decision(without, rows.x.slice(first, ends[k] - first), run);
    std::copy(own_rows.begin(), own_rows.end(), fitted.held_out.begin() + static_cast<std::ptrdiff_t>(first));
    first = ends[k];
  }
  return fitted;
}

}  // namespace emptor::mine
