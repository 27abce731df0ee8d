#include "emptor/mine/naive_bayes.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/wide.hpp"
#include "mine/fixed_point.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"
#include "mine/row_blocks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "naive_bayes";
constexpr std::uint64_t payload_version = 1;
constexpr std::size_t most_classes = 10'000;
constexpr double most_code = 1 << 24;
constexpr double log_two_pi = 1.8378770664093454836;

/// Gives all rows to whoever takes them, batch by batch, as often as it is called.
using Rows = std::function<void(const std::function<void(const TrainingRows&)>& take)>;

void check_options(const NaiveBayesOptions& options) {
  if (!(options.smoothing > 0 && std::isfinite(options.smoothing))) {
    refuse_input("smoothing must be above 0", "smoothing");
  }
  if (!(options.variance_floor > 0 && std::isfinite(options.variance_floor))) {
    refuse_input("the variance's floor must be above 0", "variance_floor");
  }
}

/// One number of x, checked for the kind of model.
double checked_number(const NaiveBayesOptions& options, const NumberView& x, std::size_t row, std::size_t column) {
  const double value = x(row, column);
  const bool good = options.kind == NaiveBayesKind::gaussian ? std::isfinite(value)
                    : options.kind == NaiveBayesKind::multinomial
                        ? value >= 0 && std::isfinite(value)
                        : value != value || (value >= 0 && value == std::floor(value));
  if (good && (options.kind != NaiveBayesKind::categorical || !(value >= most_code))) return value;
  throw Error(Problem{.code = good ? Code::budget : Code::invalid,
                      .message = "column " + std::to_string(column) + " has a number that this kind does not take",
                      .field = "x",
                      .row = static_cast<std::int64_t>(row),
                      .hint = "gaussian takes finite numbers, multinomial counts, categorical codes below 2^24"});
}

/// What the first reading finds.
struct Survey {
  std::size_t columns = 0;
  std::uint64_t rows = 0;
  double most_weight = 0;
  std::vector<std::uint64_t> class_rows;
  std::vector<double> most;  ///< |x| of each column; the highest code
};

void add(Survey& survey, const TrainingRows& batch, const NaiveBayesOptions& options) {
  check_training_rows(batch);
  if (survey.columns == 0) survey.columns = batch.x.columns();
  if (survey.columns != batch.x.columns()) refuse_input("batches have different numbers of columns", "x");
  survey.most.resize(survey.columns, 0.0);
  for (std::size_t r = 0; r < batch.x.rows(); ++r) {
    if (r % 1'024 == 0) beat("naive Bayes", r, batch.x.rows());
    const std::size_t k = checked_class(batch.y[r], most_classes, r);
    const double weight = checked_weight(batch, r);
    survey.most_weight = std::max(survey.most_weight, weight);
    if (k >= survey.class_rows.size()) survey.class_rows.resize(k + 1);
    if (weight > 0) ++survey.class_rows[k];
    for (std::size_t c = 0; c < survey.columns; ++c) {
      const double value = std::abs(checked_number(options, batch.x, r, c));
      if (value > survey.most[c]) survey.most[c] = value;
    }
  }
  survey.rows += batch.x.rows();
}

void check_survey(const Survey& survey, const NaiveBayesOptions& options) {
  if (survey.class_rows.size() < 2) refuse_input("y has one class only", "y", "give rows of two classes at least");
  for (const std::uint64_t rows : survey.class_rows) {
    if (rows == 0) refuse_input("a class has no rows with a weight above 0", "y", "number the classes without gaps");
  }
  if (options.priors.empty()) return;
  double sum = 0;
  for (const double prior : options.priors) {
    if (!(prior > 0)) refuse_input("a prior is not above 0", "priors");
    sum += prior;
  }
  if (options.priors.size() != survey.class_rows.size() || std::abs(sum - 1) > 1e-9) {
    refuse_input("one prior a class is needed, and that they sum to 1", "priors");
  }
}

/// Sums that no order changes: each term is rounded to 2^-62 of the largest that there may be.
class ExactSums {
 public:
  ExactSums(std::size_t count, double magnitude) : scale_(FixedScale::of(magnitude, 1, 63)), sums_(count) {}
  void add(std::size_t place, double value) { sums_[place] += scale_.round(value); }
  double operator[](std::size_t place) const { return static_cast<double>(sums_[place]) / scale_.factor(); }

 private:
  FixedScale scale_;
  std::vector<Wide> sums_;
};

/// Calls work(row of the batch, class, weight) for every row that weighs anything.
template <class Work>
void each_row(const Rows& rows, Work&& work) {
  rows([&](const TrainingRows& batch) {
    for (std::size_t r = 0; r < batch.x.rows(); ++r) {
      if (r % 1'024 == 0) beat("naive Bayes", r, batch.x.rows());
      const double weight = batch.weight(r);
      if (weight > 0) work(batch.x, r, static_cast<std::size_t>(batch.y[r]), weight);
    }
  });
}

void weigh_classes(NaiveBayes& model, const Rows& rows, const Survey& survey) {
  ExactSums weights(model.classes, survey.most_weight);
  each_row(rows, [&](const NumberView&, std::size_t, std::size_t k, double weight) { weights.add(k, weight); });
  double total = 0;
  for (std::size_t k = 0; k < model.classes; ++k) {
    model.weights.push_back(weights[k]);
    total += weights[k];
  }
  for (std::size_t k = 0; k < model.classes; ++k) {
    model.log_priors.push_back(
        elementary::log(model.options.priors.empty() ? model.weights[k] / total : model.options.priors[k]));
  }
}

/// Sums of weight * value(x, mean) by class and column, each column on its scale.
template <class Value>
std::vector<double> sums_of(const NaiveBayes& model, const Rows& rows, const std::vector<double>& most, Value&& value) {
  std::vector<ExactSums> sums;
  for (const double magnitude : most) sums.emplace_back(model.classes, magnitude);
  each_row(rows, [&](const NumberView& x, std::size_t r, std::size_t k, double weight) {
    for (std::size_t c = 0; c < most.size(); ++c) sums[c].add(k, weight * value(x(r, c), k, c));
  });
  std::vector<double> result(model.classes * most.size());
  for (std::size_t k = 0; k < model.classes; ++k) {
    for (std::size_t c = 0; c < most.size(); ++c) result[k * most.size() + c] = sums[c][k];
  }
  return result;
}

void fit_gaussian(NaiveBayes& model, const Rows& rows, const Survey& survey) {
  const std::size_t columns = survey.columns;
  std::vector<double> most(columns), squares(columns);
  for (std::size_t c = 0; c < columns; ++c) {
    most[c] = survey.most_weight * survey.most[c];
    squares[c] = survey.most_weight * (4 * survey.most[c] * survey.most[c]);
    if (!std::isfinite(squares[c]))
      refuse_input("column " + std::to_string(c) + " has numbers that are too large", "x");
  }
  model.means = sums_of(model, rows, most, [](double x, std::size_t, std::size_t) { return x; });
  for (std::size_t i = 0; i < model.means.size(); ++i) model.means[i] /= model.weights[i / columns];
  model.variances = sums_of(model, rows, squares, [&](double x, std::size_t k, std::size_t c) {
    const double apart = x - model.means[k * columns + c];
    return apart * apart;
  });
  const double total = std::accumulate(model.weights.begin(), model.weights.end(), 0.0);
  double largest = 0;
  for (std::size_t c = 0; c < columns; ++c) {
    double mean = 0, sum = 0;
    for (std::size_t k = 0; k < model.classes; ++k) mean += model.weights[k] / total * model.means[k * columns + c];
    for (std::size_t k = 0; k < model.classes; ++k) {
      const double apart = model.means[k * columns + c] - mean;
      sum += model.variances[k * columns + c] + model.weights[k] * (apart * apart);
    }
    largest = std::max(largest, sum / total);
  }
  if (!(largest > 0)) refuse_input("every column is constant", "x");
  for (std::size_t i = 0; i < model.variances.size(); ++i) {
    model.variances[i] = model.variances[i] / model.weights[i / columns] + model.options.variance_floor * largest;
  }
}

void fit_multinomial(NaiveBayes& model, const Rows& rows, const Survey& survey) {
  const std::size_t columns = survey.columns;
  std::vector<double> most(columns);
  for (std::size_t c = 0; c < columns; ++c) most[c] = survey.most_weight * survey.most[c];
  model.log_chances = sums_of(model, rows, most, [](double x, std::size_t, std::size_t) { return x; });
  for (std::size_t k = 0; k < model.classes; ++k) {
    double total = 0;
    for (std::size_t c = 0; c < columns; ++c) total += model.log_chances[k * columns + c] + model.options.smoothing;
    for (std::size_t c = 0; c < columns; ++c) {
      double& value = model.log_chances[k * columns + c];
      value = elementary::log((value + model.options.smoothing) / total);
    }
  }
}

/// Where the categories of each feature begin, and their number at the end.
std::vector<std::size_t> places_of(const std::vector<std::size_t>& categories) {
  std::vector<std::size_t> first(1, 0);
  for (const std::size_t count : categories) first.push_back(first.back() + count);
  return first;
}

void fit_categorical(NaiveBayes& model, const Rows& rows, const Survey& survey) {
  for (const double most : survey.most) model.categories.push_back(static_cast<std::size_t>(most) + 1);
  const std::vector<std::size_t> first = places_of(model.categories);
  const std::size_t width = first.back();
  if (width > (std::size_t{1} << 27) / model.classes) {
    throw Error(Code::budget, "classes x categories are more than 2^27", "call seldom categories one");
  }
  ExactSums counts(model.classes * width, survey.most_weight);
  each_row(rows, [&](const NumberView& x, std::size_t r, std::size_t k, double weight) {
    for (std::size_t c = 0; c < survey.columns; ++c) {
      const double code = x(r, c);
      if (code == code) counts.add(k * width + first[c] + static_cast<std::size_t>(code), weight);
    }
  });
  model.log_chances.resize(model.classes * width);
  for (std::size_t k = 0; k < model.classes; ++k) {
    for (std::size_t c = 0; c < survey.columns; ++c) {
      double total = 0;
      for (std::size_t i = first[c]; i < first[c + 1]; ++i) total += counts[k * width + i] + model.options.smoothing;
      for (std::size_t i = first[c]; i < first[c + 1]; ++i) {
        model.log_chances[k * width + i] = elementary::log((counts[k * width + i] + model.options.smoothing) / total);
      }
    }
  }
}

NaiveBayes fitted(const Rows& rows, const NaiveBayesOptions& options) {
  check_options(options);
  Survey survey;
  rows([&](const TrainingRows& batch) { add(survey, batch, options); });
  check_survey(survey, options);
  NaiveBayes model;
  model.options = options;
  model.classes = survey.class_rows.size();
  model.features = survey.columns;
  weigh_classes(model, rows, survey);
  if (options.kind == NaiveBayesKind::gaussian) fit_gaussian(model, rows, survey);
  if (options.kind == NaiveBayesKind::multinomial) fit_multinomial(model, rows, survey);
  if (options.kind == NaiveBayesKind::categorical) fit_categorical(model, rows, survey);
  return model;
}

/// What a number adds to the logarithm of a class, in a form that is quick to ask.
class Evidence {
 public:
  explicit Evidence(const NaiveBayes& model) : model_(model), first_(places_of(model.categories)) {
    for (const double variance : model.variances) constants_.push_back(-0.5 * (elementary::log(variance) + log_two_pi));
  }
  double operator()(double x, std::size_t k, std::size_t c) const {
    switch (model_.options.kind) {
      case NaiveBayesKind::gaussian: {
        if (x != x) return 0;
        const std::size_t i = k * model_.features + c;
        const double apart = x - model_.means[i];
        return constants_[i] - apart * apart / (2 * model_.variances[i]);
      }
      case NaiveBayesKind::multinomial:
        return x * model_.log_chances[k * model_.features + c];
      case NaiveBayesKind::categorical:
        break;
    }
    const bool known = x >= 0 && x < static_cast<double>(model_.categories[c]) && x == std::floor(x);
    return known ? model_.log_chances[k * first_.back() + first_[c] + static_cast<std::size_t>(x)] : 0;
  }

 private:
  const NaiveBayes& model_;
  std::vector<std::size_t> first_;
  std::vector<double> constants_;
};

void to_chances(double* logs, std::size_t count) {
  const double highest = *std::max_element(logs, logs + count);
  double sum = 0;
  for (std::size_t k = 0; k < count; ++k) sum += logs[k] = elementary::exp(logs[k] - highest);
  for (std::size_t k = 0; k < count; ++k) logs[k] /= sum;
}

void check_whole(const NaiveBayes& model) {
  const std::size_t cells = model.classes * model.features;
  expect(model.classes >= 2 && model.classes <= most_classes && model.features >= 1 &&
         cells / model.features == model.classes);
  expect(model.log_priors.size() == model.classes && model.weights.size() == model.classes);
  switch (model.options.kind) {
    case NaiveBayesKind::gaussian:
      return expect(model.means.size() == cells && model.variances.size() == cells);
    case NaiveBayesKind::multinomial:
      return expect(model.log_chances.size() == cells);
    case NaiveBayesKind::categorical:
      break;
  }
  expect(model.categories.size() == model.features);
  for (const std::size_t count : model.categories) expect(count >= 1 && static_cast<double>(count) <= most_code);
  expect(model.log_chances.size() == model.classes * places_of(model.categories).back());
}

}  // namespace

NaiveBayes fit_naive_bayes(const TrainingRows& rows, const NaiveBayesOptions& options, const Run& run) {
  const LongCall call(run.progress);
  return fitted([&](const auto& take) { take(rows); }, options);
}

NaiveBayes fit_naive_bayes(const RowBatches& batches, const NaiveBayesOptions& options, const Run& run) {
  const LongCall call(run.progress);
  const Rows rows = [&](const std::function<void(const TrainingRows&)>& take) {
    TrainingRows batch;
    batches.rewind();
    while (batches.next(batch)) take(batch);
  };
  return fitted(rows, options);
}

std::vector<double> predict(const NaiveBayes& model, const NumberView& x, const Run& run) {
  check_columns(x, model.features);
  const LongCall call(run.progress);
  const Evidence evidence(model);
  std::vector<double> chances(x.rows() * model.classes);
  in_blocks(x.rows(), 256, run, "naive Bayes", [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      double* logs = chances.data() + r * model.classes;
      for (std::size_t k = 0; k < model.classes; ++k) {
        logs[k] = model.log_priors[k];
        for (std::size_t c = 0; c < model.features; ++c) logs[k] += evidence(x(r, c), k, c);
      }
      to_chances(logs, model.classes);
    }
  });
  return chances;
}

std::vector<double> explain(const NaiveBayes& model, const NumberView& x, const Run& run) {
  check_columns(x, model.features);
  const LongCall call(run.progress);
  const Evidence evidence(model);
  std::vector<double> result(x.rows() * model.classes * model.features);
  for (std::size_t r = 0, at = 0; r < x.rows(); ++r) {
    beat("explain", r, x.rows());
    for (std::size_t k = 0; k < model.classes; ++k) {
      for (std::size_t c = 0; c < model.features; ++c) result[at++] = evidence(x(r, c), k, c);
    }
  }
  return result;
}

std::string save(const NaiveBayes& model) {
  ModelFrame frame{std::string(algorithm), payload_version, {}, model.data_version, {}};
  constexpr std::string_view kinds[] = {"gaussian", "multinomial", "categorical"};
  frame.options = OptionsText()
                      .word("kind", kinds[static_cast<std::size_t>(model.options.kind)])
                      .number("smoothing", model.options.smoothing)
                      .number("variance_floor", model.options.variance_floor)
                      .text();
  std::string& out = frame.payload;
  append_varint(out, static_cast<std::uint64_t>(model.options.kind));
  append_double(out, model.options.smoothing);
  append_double(out, model.options.variance_floor);
  append_doubles(out, model.options.priors);
  append_varint(out, model.classes);
  append_varint(out, model.features);
  for (const auto* list : {&model.log_priors, &model.weights, &model.means, &model.variances, &model.log_chances}) {
    append_doubles(out, *list);
  }
  append_whole(out, model.categories);
  return to_bytes(frame);
}

NaiveBayes load_naive_bayes(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  NaiveBayes model;
  model.data_version = frame.data_version;
  const std::uint64_t kind = reader.varint();
  expect(kind <= 2);
  model.options.kind = static_cast<NaiveBayesKind>(kind);
  model.options.smoothing = read_double(reader);
  model.options.variance_floor = read_double(reader);
  model.options.priors = read_doubles(reader);
  model.classes = reader.varint();
  model.features = reader.varint();
  for (auto* list : {&model.log_priors, &model.weights, &model.means, &model.variances, &model.log_chances}) {
    *list = read_doubles(reader);
  }
  model.categories = read_whole<std::size_t>(reader);
  expect(reader.done());
  check_whole(model);
  return model;
}

}  // namespace emptor::mine
