#include "insight/churn/churn_model.hpp"

#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/blended_boosting.hpp"
#include "emptor/mine/judgement.hpp"
#include "emptor/mine/logistic.hpp"
#include "mine/model_frame.hpp"

namespace emptor {
namespace {

constexpr std::size_t folds = 5;
constexpr std::uint64_t fold_seed = 0x636875726e;

mine::NumberView view_of(const std::vector<double>& x, std::size_t columns) {
  return {x.data(), x.size() / columns, columns, columns, 1};
}

std::size_t fold_of(std::int64_t customer) { return hash_of(fold_seed, static_cast<std::uint64_t>(customer)) % folds; }

std::vector<std::uint32_t> folds_of(const ChurnRows& rows) {
  std::vector<std::uint32_t> all;
  for (const std::int64_t customer : rows.customer) all.push_back(static_cast<std::uint32_t>(fold_of(customer)));
  return all;
}

[[noreturn]] void refuse_model() { throw Error(Code::corrupt, "a churn model is of other features"); }

/// Trees and a regression, tuned and calibrated on customers that they have not seen.
class BlendedChurn final : public ChurnModel {
 public:
  BlendedChurn(const ChurnRows& rows, const mine::Run& run)
      : model_(
            mine::fit_blended_boosting({view_of(rows.x, churn_feature_count), rows.silent}, folds_of(rows), {}, run)) {}

  explicit BlendedChurn(std::string_view bytes) : model_(mine::load_blended_boosting(bytes)) {
    if (model_.features() != churn_feature_count) refuse_model();
  }

  double loss() const noexcept { return model_.losses.blend; }
  std::string save() const override { return mine::save(model_); }
  std::vector<double> log_odds(const ChurnRows& rows, const mine::Run& run) const override {
    return mine::log_odds(model_, view_of(rows.x, churn_feature_count), run);
  }
  std::vector<double> shares(const ChurnRows& rows, const mine::Run& run) const override {
    constexpr std::size_t width = churn_feature_count + 1;  // the last is what is expected of anybody
    const std::vector<double> all = mine::explain(model_, view_of(rows.x, churn_feature_count), run);
    std::vector<double> shares;
    for (std::size_t row = 0; row < rows.size(); ++row)
      shares.insert(shares.end(), all.begin() + static_cast<std::ptrdiff_t>(row * width),
                    all.begin() + static_cast<std::ptrdiff_t>(row * width + churn_feature_count));
    return shares;
  }

 private:
  mine::BlendedBoosting model_;
};

/// Logarithms of the features, in standard deviations from their means; what is missing stands at the mean, which a
/// column for customers of one purchase sets right.
class LogisticChurn final : public ChurnModel {
 public:
  LogisticChurn(const ChurnRows& rows, const mine::Run& run) : means_(columns), deviations_(columns, 1) {
    measure(rows);
    const std::vector<double> x = matrix_of(rows);
    model_ = mine::fit_logistic({view_of(x, columns), rows.silent}, {.ridge = 1, .inference = false}, run);
  }

  explicit LogisticChurn(std::string_view bytes) {
    ByteReader reader(bytes);
    for (std::vector<double>* list : {&means_, &deviations_})
      for (std::size_t column = 0; column < columns; ++column) list->push_back(mine::read_double(reader));
    model_ = mine::load_logistic(reader.sized());
    if (!reader.done() || model_.features != columns) refuse_model();
  }
  std::string save() const override {
    std::string bytes;
    for (const std::vector<double>* list : {&means_, &deviations_})
      for (const double value : *list) mine::append_double(bytes, value);
    append_sized(bytes, mine::save(model_));
    return bytes;
  }

  std::vector<double> log_odds(const ChurnRows& rows, const mine::Run& run) const override {
    const std::vector<double> x = matrix_of(rows);
    return decision(model_, view_of(x, columns), run);
  }
  std::vector<double> shares(const ChurnRows& rows, const mine::Run&) const override {
    const std::vector<double> x = matrix_of(rows);
    std::vector<double> shares;
    for (std::size_t row = 0; row < rows.size(); ++row)
      for (std::size_t column = 0; column < churn_feature_count; ++column)
        shares.push_back(x[row * columns + column] * model_.coefficients[column]);
    return shares;
  }

 private:
  static constexpr std::size_t columns = churn_feature_count + 1;

  static double logarithm(double value) { return elementary::log(1 + std::max(value, 0.0)); }

  void measure(const ChurnRows& rows) {
    for (std::size_t column = 0; column < churn_feature_count; ++column) {
      DoubleSum sum, squares;
      double count = 0;
      for (std::size_t row = 0; row < rows.size(); ++row) {
        const double value = logarithm(rows.x[row * churn_feature_count + column]);
        if (std::isnan(rows.x[row * churn_feature_count + column])) continue;
        sum.add(value);
        squares.add(value * value);
        ++count;
      }
      if (count == 0) continue;
      means_[column] = sum.value() / count;
      const double variance = squares.value() / count - means_[column] * means_[column];
      deviations_[column] = variance > 1e-12 ? std::sqrt(variance) : 1;
    }
  }
  std::vector<double> matrix_of(const ChurnRows& rows) const {
    std::vector<double> x;
    x.reserve(rows.size() * columns);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      for (std::size_t column = 0; column < churn_feature_count; ++column) {
        const double value = rows.x[row * churn_feature_count + column];
        x.push_back(std::isnan(value) ? 0 : (logarithm(value) - means_[column]) / deviations_[column]);
      }
      x.push_back(rows.at(row, ChurnFeature::orders) == 1 ? 1 : 0);
    }
    return x;
  }

  std::vector<double> means_, deviations_;
  mine::LogisticModel model_;
};

/// The rows within a fold, or all others.
ChurnRows rows_of(const ChurnRows& rows, std::size_t fold, bool within) {
  ChurnRows out;
  out.day = rows.day;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if ((fold_of(rows.customer[row]) == fold) != within) continue;
    out.customer.push_back(rows.customer[row]);
    out.silent.push_back(rows.silent[row]);
    const auto first = rows.x.begin() + static_cast<std::ptrdiff_t>(row * churn_feature_count);
    out.x.insert(out.x.end(), first, first + churn_feature_count);
  }
  return out;
}

bool has_both(const std::vector<double>& y) {
  return std::find(y.begin(), y.end(), 0.0) != y.end() && std::find(y.begin(), y.end(), 1.0) != y.end();
}

/// Log-odds of every row by a model that has not seen its customer.
std::vector<double> out_of_fold(const ChurnRows& rows, const mine::Run& run) {
  std::vector<double> all(rows.size());
  for (std::size_t fold = 0; fold < folds; ++fold) {
    const ChurnRows others = rows_of(rows, fold, false), own = rows_of(rows, fold, true);
    if (own.size() == 0) continue;
    std::vector<double> log_odds(own.size());
    if (has_both(others.silent)) log_odds = LogisticChurn(others, run).log_odds(own, run);
    for (std::size_t row = 0, at = 0; row < rows.size(); ++row)
      if (fold_of(rows.customer[row]) == fold) all[row] = log_odds[at++];
  }
  return all;
}

}  // namespace

double chance_of(double log_odds) noexcept { return 1 / (1 + elementary::exp(-log_odds)); }
double log_odds_of(double chance) noexcept {
  const double kept = std::clamp(chance, 0x1p-52, 1 - 0x1p-52);
  return elementary::log(kept) - elementary::log(1 - kept);
}

CalibrationLine calibration_line(std::span<const double> log_odds, std::span<const double> y, const mine::Run& run) {
  const mine::NumberView x(log_odds.data(), log_odds.size(), 1, 1, 1);
  const mine::LogisticModel line = mine::fit_logistic({x, y}, {.ridge = 1e-6, .inference = false}, run);
  return {line.coefficients[0], line.intercepts[0]};
}

std::vector<double> CalibratedChurnModel::chances(const ChurnRows& rows, const mine::Run& run) const {
  std::vector<double> chances = model->log_odds(rows, run);
  for (double& value : chances) value = chance_of(slope * value + intercept);
  return chances;
}

namespace {

/// The blend calibrates itself on its folds.
CalibratedChurnModel fit_blended(const ChurnRows& rows, const mine::Run& run) {
  auto model = std::make_unique<BlendedChurn>(rows, run);
  const double loss = model->loss();
  return {std::move(model), 1, 0, loss};
}

CalibratedChurnModel fit_logistic_churn(const ChurnRows& rows, const mine::Run& run) {
  CalibratedChurnModel fitted;
  std::vector<double> held_out = out_of_fold(rows, run);
  const CalibrationLine line = calibration_line(held_out, rows.silent, run);
  fitted.slope = line.slope;
  fitted.intercept = line.intercept;
  for (double& value : held_out) value = chance_of(line.slope * value + line.intercept);
  fitted.loss = mine::log_loss(rows.silent, held_out);
  fitted.model = std::make_unique<LogisticChurn>(rows, run);
  return fitted;
}

}  // namespace

CalibratedChurnModel fit_churn_model(ChurnModelKind kind, const ChurnRows& rows, const mine::Run& run) {
  return kind == ChurnModelKind::boosting ? fit_blended(rows, run) : fit_logistic_churn(rows, run);
}

namespace {

constexpr std::string_view kept_name = "churn";
constexpr std::uint64_t kept_version = 1;

}  // namespace

std::string save_churn(ChurnModelKind kind, const KeptChurn& kept) {
  mine::ModelFrame frame{std::string(kept_name), kept_version, "{}", {}, {}};
  append_varint(frame.payload, static_cast<std::uint64_t>(kind));
  append_varint(frame.payload, kept.threshold ? 1 : 0);
  for (const double value :
       {kept.model.slope, kept.model.intercept, kept.model.loss, kept.silent_share, kept.threshold.value_or(0)})
    mine::append_double(frame.payload, value);
  append_sized(frame.payload, kept.model.model->save());
  return mine::to_bytes(frame);
}

KeptChurn load_churn(std::string_view bytes) {
  const mine::ModelFrame frame = mine::frame_of(bytes, kept_name, kept_version);
  ByteReader reader(frame.payload);
  const auto kind = static_cast<ChurnModelKind>(reader.varint());
  const bool raises = reader.varint() != 0;
  KeptChurn kept;
  for (double* value : {&kept.model.slope, &kept.model.intercept, &kept.model.loss, &kept.silent_share})
    *value = mine::read_double(reader);
  const double threshold = mine::read_double(reader);
  if (raises) kept.threshold = threshold;
  const std::string_view model = reader.sized();
  if (kind == ChurnModelKind::boosting)
    kept.model.model = std::make_unique<BlendedChurn>(model);
  else
    kept.model.model = std::make_unique<LogisticChurn>(model);
  return kept;
}

}  // namespace emptor
