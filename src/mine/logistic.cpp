#include "emptor/mine/logistic.hpp"

#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/distributions.hpp"
#include "mine/logistic_state.hpp"
#include "mine/logistic_tile.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"
#include "mine/row_blocks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "logistic";
constexpr std::uint64_t payload_version = 1;

LogisticPlan fitted(const TrainingRows& rows, const LogisticOptions& options, const Run& run) {
  const LongCall call(run.progress);
  LogisticPlan plan(survey_logistic(rows, run), options);
  while (!plan.done()) plan.try_step(partial_logistic(rows, plan, run));
  return plan;
}

LogisticSums sums_of(const RowBatches& batches, const LogisticPlan& plan, const Run& run) {
  LogisticSums sums =
      partial_logistic({NumberView(static_cast<const double*>(nullptr), 0, batches.columns, 0, 1)}, plan);
  TrainingRows batch;
  batches.rewind();
  while (batches.next(batch)) merge(sums, partial_logistic(batch, plan, run));
  return sums;
}

/// Calls work(values, row) with what the model decides for each row, outputs tile_stride apart.
template <class Work>
void each_decision(const LogisticModel& model, const NumberView& x, bool chances, const Run& run, Work&& work) {
  check_columns(x, model.features);
  const LongCall call(run.progress);
  const std::vector<double> zero(model.features, 0.0), one(model.features, 1.0);
  const std::size_t outputs = model.outputs();
  in_blocks(x.rows(), 16 * tile_rows, run, "logistic regression", [&](std::size_t first, std::size_t end) {
    Lines<double> tile(model.features * tile_stride), sums(outputs * tile_stride);
    for (; first < end; first += tile_rows) {
      const std::size_t rows = std::min(tile_rows, end - first);
      load_tile(x, first, rows, zero.data(), one.data(), tile.data());
      for (std::size_t k = 0; k < outputs; ++k) {
        linear(tile.data(), model.features, model.coefficients.data() + k * model.features, model.intercepts[k],
               sums.data() + k * tile_stride);
      }
      if (chances && outputs == 1) logistic(sums.data(), sums.data());
      if (chances && outputs > 1) softmax(sums.data(), outputs);
      for (std::size_t r = 0; r < rows; ++r) work(sums.data() + r, first + r);
    }
  });
}

std::string options_text(const LogisticOptions& options) {
  return OptionsText()
      .number("ridge", options.ridge)
      .number("lasso", options.lasso)
      .flag("intercept", options.intercept)
      .number("tolerance", options.tolerance)
      .whole("rounds", options.rounds)
      .flag("inference", options.inference)
      .text();
}

void append_options(std::string& out, const LogisticOptions& options) {
  append_double(out, options.ridge);
  append_double(out, options.lasso);
  append_double(out, options.tolerance);
  append_varint(out, (options.intercept ? 1 : 0) + (options.inference ? 2 : 0));
  append_varint(out, options.rounds);
  append_varint(out, options.memory_bytes);
  append_texts(out, options.features);
}

LogisticOptions read_options(ByteReader& reader) {
  LogisticOptions options;
  options.ridge = read_double(reader);
  options.lasso = read_double(reader);
  options.tolerance = read_double(reader);
  const std::uint64_t flags = reader.varint();
  options.intercept = (flags & 1) != 0;
  options.inference = (flags & 2) != 0;
  options.rounds = reader.varint();
  options.memory_bytes = reader.varint();
  options.features = read_texts(reader);
  return options;
}

void check_whole(const LogisticModel& model) {
  expect(model.classes >= 2 && model.classes <= 1'000 && model.features >= 1);
  expect(model.features <= model.coefficients.size() && model.intercepts.size() == model.outputs());
  expect(model.coefficients.size() == model.outputs() * model.features && model.centre.size() == model.features);
  const std::size_t parameters = model.outputs() * (model.features + 1);
  expect(model.aliased.size() == parameters);
  expect(model.covariance.empty() || model.covariance.size() == triangle_size(parameters));
  expect(model.options.features.empty() || model.options.features.size() == model.features);
}

LogisticTerm term_of(const LogisticModel& model, std::size_t output, std::size_t column, double bound) {
  LogisticTerm term;
  const bool constant = column == model.features;
  const std::size_t place = output * (model.features + 1) + column;
  term.output = model.classes == 2 ? 0 : output;
  term.name = constant ? "(intercept)" : name_of_column(model.options, column);
  term.estimate = constant ? model.intercepts[output] : model.coefficients[output * model.features + column];
  term.aliased = model.aliased[place] != 0;
  term.lower = term.upper = term.estimate;
  if (term.aliased) return term;
  term.standard_error = std::sqrt(std::max(model.covariance[triangle_index(place, place)], 0.0));
  if (term.standard_error > 0) {
    term.z = term.estimate / term.standard_error;
    term.p_value = normal_two_sided(term.z);
  }
  term.lower -= bound * term.standard_error;
  term.upper += bound * term.standard_error;
  return term;
}

}  // namespace

LogisticModel fit_logistic(const TrainingRows& rows, const LogisticOptions& options, const Run& run) {
  return fitted(rows, options, run).model();
}

LogisticModel fit_logistic(const RowBatches& batches, const LogisticOptions& options, const Run& run) {
  const LongCall call(run.progress);
  LogisticSurvey survey;
  TrainingRows batch;
  batches.rewind();
  while (batches.next(batch)) add_to_survey(survey, batch, survey.rows);
  if (survey.columns != batches.columns && survey.rows > 0) refuse_input("batches have other columns than said", "x");
  LogisticPlan plan(std::move(survey), options);
  while (!plan.done()) plan.try_step(sums_of(batches, plan, run));
  return plan.model();
}

std::vector<std::size_t> find_separation(const TrainingRows& rows, const LogisticOptions& options, const Run& run) {
  LogisticOptions free = options;
  free.ridge = free.lasso = 0;
  free.inference = false;
  return fitted(rows, free, run).state().separating;
}

std::vector<double> predict(const LogisticModel& model, const NumberView& x, const Run& run) {
  std::vector<double> chances(x.rows() * model.classes);
  each_decision(model, x, true, run, [&](const double* sums, std::size_t row) {
    double* out = chances.data() + row * model.classes;
    if (model.classes == 2) {
      out[0] = 1 - sums[0];
      out[1] = sums[0];
      return;
    }
    for (std::size_t k = 0; k < model.classes; ++k) out[k] = sums[k * tile_stride];
  });
  return chances;
}

std::vector<double> decision(const LogisticModel& model, const NumberView& x, const Run& run) {
  const std::size_t outputs = model.outputs();
  std::vector<double> result(x.rows() * outputs);
  each_decision(model, x, false, run, [&](const double* sums, std::size_t row) {
    for (std::size_t k = 0; k < outputs; ++k) result[row * outputs + k] = sums[k * tile_stride];
  });
  return result;
}

std::vector<double> explain(const LogisticModel& model, const NumberView& x, const Run& run) {
  check_columns(x, model.features);
  const LongCall call(run.progress);
  const std::size_t outputs = model.outputs(), features = model.features;
  std::vector<double> result(x.rows() * outputs * features);
  for (std::size_t r = 0, at = 0; r < x.rows(); ++r) {
    beat("explain", r, x.rows());
    for (std::size_t k = 0; k < outputs; ++k) {
      for (std::size_t c = 0; c < features; ++c, ++at) {
        result[at] = model.coefficients[k * features + c] * (x(r, c) - model.centre[c]);
      }
    }
  }
  return result;
}

std::vector<LogisticTerm> terms_of(const LogisticModel& model, double level) {
  if (!(level > 0 && level < 1)) refuse_input("a level lies between 0 and 1", "level");
  if (model.covariance.empty()) {
    throw Error(Code::misuse, "the model holds no covariance", "fit it with inference, and without lasso");
  }
  const double bound = normal_bound(level);
  std::vector<LogisticTerm> terms;
  for (std::size_t k = 0; k < model.outputs(); ++k) {
    if (model.options.intercept) terms.push_back(term_of(model, k, model.features, bound));
    for (std::size_t c = 0; c < model.features; ++c) terms.push_back(term_of(model, k, c, bound));
  }
  return terms;
}

std::string save(const LogisticModel& model) {
  ModelFrame frame{std::string(algorithm), payload_version, options_text(model.options), model.data_version, {}};
  std::string& out = frame.payload;
  append_options(out, model.options);
  append_varint(out, model.classes);
  append_varint(out, model.features);
  for (const auto* list : {&model.coefficients, &model.intercepts, &model.covariance, &model.centre}) {
    append_doubles(out, *list);
  }
  append_whole(out, model.aliased);
  append_double(out, model.log_likelihood);
  append_double(out, model.null_log_likelihood);
  append_double(out, model.gradient);
  append_varint(out, model.rounds);
  append_varint(out, model.rows);
  append_varint(out, model.converged ? 1 : 0);
  return to_bytes(frame);
}

LogisticModel load_logistic(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  LogisticModel model;
  model.data_version = frame.data_version;
  model.options = read_options(reader);
  model.classes = reader.varint();
  model.features = reader.varint();
  for (auto* list : {&model.coefficients, &model.intercepts, &model.covariance, &model.centre}) {
    *list = read_doubles(reader);
  }
  model.aliased = read_whole<std::uint8_t>(reader);
  model.log_likelihood = read_double(reader);
  model.null_log_likelihood = read_double(reader);
  model.gradient = read_double(reader);
  model.rounds = reader.varint();
  model.rows = reader.varint();
  model.converged = reader.varint() != 0;
  expect(reader.done());
  check_whole(model);
  return model;
}

}  // namespace emptor::mine
