#include <algorithm>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "mine/logistic_state.hpp"
#include "mine/logistic_tile.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

using State = LogisticPlan::State;

void check_options(const LogisticOptions& options) {
  const auto penalty = [](double value) { return value >= 0 && std::isfinite(value); };
  if (!penalty(options.ridge)) refuse_input("ridge must be 0 or a finite number above", "ridge");
  if (!penalty(options.lasso)) refuse_input("lasso must be 0 or a finite number above", "lasso");
  if (!(options.tolerance > 0 && options.tolerance < 1))
    refuse_input("tolerance must lie between 0 and 1", "tolerance");
  if (options.rounds == 0) refuse_input("at least one round is needed", "rounds");
}

void check_survey(const LogisticSurvey& survey, const LogisticOptions& options) {
  if (survey.weighted_rows == 0) refuse_input("there are no rows with a weight above 0", "x");
  if (!options.features.empty() && options.features.size() != survey.columns) {
    refuse_input("there are not so many names of features as columns", "features");
  }
  if (survey.class_rows.size() < 2) refuse_input("y has one class only", "y", "give rows of two classes at least");
  for (std::size_t k = 0; k < survey.class_rows.size(); ++k) {
    if (survey.class_rows[k] == 0) {
      refuse_input("class " + std::to_string(k) + " has no rows", "y", "number the classes without gaps");
    }
  }
}

void check_budget(const State& state) {
  const double width = static_cast<double>(state.columns + 1), outputs = static_cast<double>(state.outputs);
  const double parameters = width * outputs;
  const double bytes =
      outputs * (outputs + 1) / 2 * width * (width + 1) / 2 * (8 * sum_lanes + 16) + parameters * parameters * 16;
  if (bytes <= static_cast<double>(state.options.memory_bytes)) return;
  throw Error(Problem{.code = Code::budget,
                      .message = "the second derivatives of " + std::to_string(state.parameters()) +
                                 " parameters do not fit into memory_bytes",
                      .field = "memory_bytes",
                      .hint = "use fewer features or classes, or allow more"});
}

/// The power of two that brings a number into [1/2, 1), or 1 exactly to 1.
double bringing_below_one(double value) {
  int exponent = 0;
  if (std::frexp(value, &exponent) == 0.5) --exponent;
  return std::ldexp(1.0, std::clamp(-exponent, -900, 900));
}

void set_scale(State& state, const LogisticSurvey& survey, std::size_t column) {
  DoubleSum sum;  // rows without ids come in any order
  for (const LogisticSurvey::Row& row : survey.sample) sum.add(row.x[column]);
  const double mean = sum.value() / static_cast<double>(survey.sample.size());
  const double centre = state.options.intercept ? mean : 0;
  double most = 0;
  for (const LogisticSurvey::Row& row : survey.sample) most = std::max(most, std::abs(row.x[column] - centre));
  if (!std::isfinite(mean) || !std::isfinite(most) || most > 1e250) {
    refuse_input("column " + std::to_string(column) + " has a number that is missing, not finite or too large", "x",
                 "fill missing values first");
  }
  state.centre[column] = centre;
  state.factor[column] = most > 0 ? bringing_below_one(most) : 1;
}

State state_of(const LogisticSurvey& survey, LogisticOptions options) {
  check_options(options);
  check_survey(survey, options);
  State state;
  state.options = std::move(options);
  state.columns = survey.columns;
  state.classes = survey.class_rows.size();
  state.outputs = state.classes == 2 ? 1 : state.classes;
  state.rows = survey.rows;
  state.weighted_rows = survey.weighted_rows;
  state.class_rows = survey.class_rows;
  check_budget(state);
  state.centre.resize(state.columns);
  state.factor.resize(state.columns);
  state.reach.assign(state.columns, 1.0);
  for (std::size_t c = 0; c < state.columns; ++c) set_scale(state, survey, c);
  state.weight_factor = bringing_below_one(survey.greatest_weight);
  state.theta.assign(state.parameters(), 0.0);
  const double work = static_cast<double>(state.rows) * static_cast<double>(state.columns * state.columns);
  if (state.outputs == 1 && work >= 4e6) state.information = Information::quick;
  return state;
}

}  // namespace

void begin_at_sample(State& state, const LogisticSurvey& survey) {
  if (survey.sample.size() >= survey.weighted_rows) return;
  State part = state;
  part.rows = part.weighted_rows = survey.sample.size();
  part.class_rows.assign(state.classes, 0);
  std::vector<double> x, y, weights;
  x.reserve(survey.sample.size() * survey.columns);
  for (const LogisticSurvey::Row& row : survey.sample) {
    x.insert(x.end(), row.x.begin(), row.x.end());
    y.push_back(row.y);
    weights.push_back(row.weight);
    ++part.class_rows[static_cast<std::size_t>(row.y)];
  }
  if (std::find(part.class_rows.begin(), part.class_rows.end(), 0) != part.class_rows.end()) return;
  const double share = static_cast<double>(part.rows) / static_cast<double>(survey.weighted_rows);
  part.options.ridge *= share;
  part.options.lasso *= share;
  part.options.tolerance = 1e-4;
  part.options.rounds = 12;
  part.options.inference = false;
  const TrainingRows rows{NumberView(x.data(), y.size(), survey.columns, survey.columns, 1), y, weights, {}};
  while (part.stage != Stage::done) advance(part, sum_rows(rows, part, {}));
  if (part.separating.empty()) state.theta = part.theta;
}

LogisticPlan::LogisticPlan(LogisticSurvey survey, LogisticOptions options)
    : state_(std::make_unique<State>(state_of(survey, std::move(options)))) {
  begin_at_sample(*state_, survey);
}
LogisticPlan::LogisticPlan(const LogisticPlan& other) : state_(std::make_unique<State>(*other.state_)) {}
LogisticPlan::LogisticPlan(LogisticPlan&& other) noexcept = default;
LogisticPlan& LogisticPlan::operator=(LogisticPlan other) noexcept {
  state_.swap(other.state_);
  return *this;
}
LogisticPlan::~LogisticPlan() = default;

bool LogisticPlan::done() const noexcept { return state_->stage == Stage::done; }

bool LogisticPlan::try_step(const LogisticSums& sums) {
  if (done()) throw Error(Code::misuse, "the fit is done");
  advance(*state_, sums);
  return state_->separating.empty();
}

void LogisticPlan::step(const LogisticSums& sums) {
  if (!try_step(sums)) refuse_separation(*state_);
}

std::string name_of_column(const LogisticOptions& options, std::size_t column) {
  return options.features.empty() ? "column " + std::to_string(column) : options.features[column];
}

void refuse_separation(const State& state) {
  std::vector<Problem> problems;
  for (const std::size_t column : state.separating) {
    problems.push_back({.code = Code::invalid,
                        .message = "a weighted sum of features separates the classes, so that there is no finite "
                                   "estimate; this one takes part",
                        .field = name_of_column(state.options, column),
                        .hint = "set ridge above 0, or leave the feature out"});
  }
  throw Error(std::move(problems));
}

void to_outside(const State& state, std::vector<double>& coefficients, std::vector<double>& intercepts) {
  coefficients.clear();
  intercepts.clear();
  for (std::size_t k = 0; k < state.outputs; ++k) {
    const double* theta = state.theta.data() + k * (state.columns + 1);
    double intercept = theta[state.columns];
    for (std::size_t c = 0; c < state.columns; ++c) {
      coefficients.push_back(theta[c] * state.factor[c]);
      intercept -= coefficients.back() * state.centre[c];
    }
    intercepts.push_back(state.options.intercept ? intercept : 0);
  }
}

namespace {

/// The covariance of what to_outside gives: intercept' = constant - sum of coefficient * centre, in each output.
std::vector<double> covariance_outside(const State& state) {
  const std::size_t count = state.parameters(), width = state.columns + 1;
  std::vector<double> full(count * count);
  for (std::size_t a = 0; a < count; ++a) {
    for (std::size_t b = 0; b < count; ++b) {
      full[a * count + b] = state.covariance[triangle_index(std::max(a, b), std::min(a, b))];
    }
  }
  const auto scale = [&](std::size_t i) { return i % width == state.columns ? 1.0 : state.factor[i % width]; };
  for (std::size_t a = 0; a < count; ++a) {
    for (std::size_t b = 0; b < count; ++b) full[a * count + b] *= scale(a) * scale(b);
  }
  if (state.options.intercept) {
    for (std::size_t a = 0; a < count; ++a) {  // rows, then columns
      for (std::size_t last = state.columns; last < count; last += width) {
        for (std::size_t c = 0; c < state.columns; ++c) {
          full[last * count + a] -= state.centre[c] * full[(last - state.columns + c) * count + a];
        }
      }
    }
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t last = state.columns; last < count; last += width) {
        for (std::size_t c = 0; c < state.columns; ++c) {
          full[a * count + last] -= state.centre[c] * full[a * count + last - state.columns + c];
        }
      }
    }
  }
  std::vector<double> triangle;
  for (std::size_t a = 0; a < count; ++a) triangle.insert(triangle.end(), &full[a * count], &full[a * count + a] + 1);
  return triangle;
}

}  // namespace

LogisticModel LogisticPlan::model() const {
  if (!done()) throw Error(Code::misuse, "the fit is not done");
  const State& state = *state_;
  if (!state.separating.empty()) refuse_separation(state);
  LogisticModel model;
  model.options = state.options;
  model.classes = state.classes;
  model.features = state.columns;
  to_outside(state, model.coefficients, model.intercepts);
  if (!state.covariance.empty()) model.covariance = covariance_outside(state);
  model.aliased = state.aliased;
  if (model.aliased.empty()) model.aliased.assign(state.parameters(), 0);
  model.centre = state.centre;
  model.log_likelihood = state.log_likelihood;
  model.null_log_likelihood = state.null_log_likelihood;
  model.gradient = state.gradient;
  model.rounds = state.rounds;
  model.rows = state.weighted_rows;
  model.converged = state.converged;
  return model;
}

}  // namespace emptor::mine
