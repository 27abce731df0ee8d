/// Logistic regression: the chances of two classes, or of several, as a function of weighted sums of numbers.
///
///     const LogisticModel model = fit_logistic(rows, {.ridge = 1, .features = {"age", "income"}});
///     const std::vector<double> chances = predict(model, rows.x);   // rows x classes
///     for (const LogisticTerm& term : terms_of(model)) { ... }      // estimate, standard error, interval
///
/// The sum over rows of weight x loss, plus ridge / 2 x the sum of squared coefficients, plus lasso x the sum of their
/// absolute values, is least (so ridge = 1 is scikit-learn's C = 1; intercepts are free). With more than two classes
/// the loss is that of the softmax, and each class has its own coefficients. Newton's method with exact sums: the same
/// bits for any threads, order of rows, batches and processor.
/// Source: McCullagh and Nelder, Generalized Linear Models (1989), 4.4; separation: Albert and Anderson, Biometrika 71
/// (1984); lasso by Newton steps over coordinate descent: Friedman, Hastie, Tibshirani, J. Stat. Softw. 33(1) (2010).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/row_batches.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

struct LogisticOptions {
  double ridge = 1;          ///< >= 0; 0 gives the maximum of the likelihood, where there is one
  double lasso = 0;          ///< >= 0
  bool intercept = true;     ///< a free constant for each class
  double tolerance = 1e-10;  ///< of every component of the gradient of the mean loss (see LogisticModel::gradient)
  std::size_t rounds = 200;  ///< passes over the rows at most
  bool inference = true;     ///< one pass more for likelihoods and standard errors
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;  ///< for the sums of one thread; Code::budget past it
  std::vector<std::string> features = {};               ///< names, for errors and terms; may be empty

  friend bool operator==(const LogisticOptions&, const LogisticOptions&) = default;
};

/// Two classes have one row of coefficients, for class 1 against class 0; more have one row each.
struct LogisticModel {
  LogisticOptions options;
  std::string data_version;          ///< of what it was fitted on; the caller's to set
  std::size_t classes = 0;           ///< at least 2
  std::size_t features = 0;          ///< columns of x
  std::vector<double> coefficients;  ///< rows x features
  std::vector<double> intercepts;    ///< one a row of coefficients; 0 without intercept
  /// Of all parameters in the order row by row, the intercept last in each; the lower triangle, row by row. Inverse of
  /// the observed information, the ridge included. Empty without inference and with a lasso.
  std::vector<double> covariance;
  std::vector<std::uint8_t> aliased;  ///< a parameter each: 1 where others explain it wholly; its coefficient is 0
  std::vector<double> centre;         ///< of each feature, near its mean: what `explain` counts from
  double log_likelihood = 0;          ///< at the optimum, without penalties; 0 without inference
  double null_log_likelihood = 0;     ///< of a model with intercepts alone
  double gradient = 0;     ///< largest component of the gradient (under lasso: of the least subgradient) of the mean
                           ///< loss with penalties, features measured in units of about their largest deviation
  std::size_t rounds = 0;  ///< passes that were made
  std::uint64_t rows = 0;  ///< with a weight above 0
  bool converged = false;  ///< gradient <= tolerance, or as near to it as double precision comes
  std::size_t outputs() const noexcept { return classes == 2 ? 1 : classes; }

  friend bool operator==(const LogisticModel&, const LogisticModel&) = default;
};

/// y is 0, 1, 2 ...; each class up to the highest has a row. NaN and infinite numbers are refused. Without ridge and
/// lasso, classes that a weighted sum of features separates (wholly or nearly) have no finite estimate: Code::invalid
/// with a problem for each feature that takes part (field: its name). With ridge or lasso they have one, and
/// `find_separation` tells. Throws Code::invalid (fields "x", "y", "weights", "ids" and those of the options),
/// Code::budget. O(rows x parameters^2) a round, about five rounds.
LogisticModel fit_logistic(const TrainingRows& rows, const LogisticOptions& options = {}, const Run& run = {});
/// From batches, in memory of a batch and 32,768 rows: read once, then once a round.
LogisticModel fit_logistic(const RowBatches& batches, const LogisticOptions& options = {}, const Run& run = {});

/// The features (columns, ascending) of a weighted sum that separates the classes; empty where the maximum of the
/// likelihood is finite.
std::vector<std::size_t> find_separation(const TrainingRows& rows, const LogisticOptions& options = {},
                                         const Run& run = {});

/// Chances, rows x classes, row by row; each row sums to 1. NaN in a row gives NaN. Throws Code::invalid where x has
/// another number of columns.
std::vector<double> predict(const LogisticModel& model, const NumberView& x, const Run& run = {});
/// Log-odds (two classes: rows x 1) or the sums that the softmax takes (rows x classes).
std::vector<double> decision(const LogisticModel& model, const NumberView& x, const Run& run = {});
/// What each feature adds to the decision, counted from the centre: rows x outputs x features. A row's sum is its
/// decision less that of the centre.
std::vector<double> explain(const LogisticModel& model, const NumberView& x, const Run& run = {});

/// One line of the table that statisticians read. Intervals are Wald's.
struct LogisticTerm {
  std::size_t output = 0;  ///< 0 with two classes, else the class
  std::string name;        ///< "(intercept)" for that
  double estimate = 0;
  double standard_error = 0;    ///< 0 where it is aliased
  double z = 0, p_value = 1;    ///< two-sided
  double lower = 0, upper = 0;  ///< of the estimate
  bool aliased = false;

  friend bool operator==(const LogisticTerm&, const LogisticTerm&) = default;
};
/// Intercept first, then features in order. Throws Code::misuse where the model holds no covariance, Code::invalid for
/// a level outside (0, 1).
std::vector<LogisticTerm> terms_of(const LogisticModel& model, double level = 0.95);

std::string save(const LogisticModel& model);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
LogisticModel load_logistic(std::string_view bytes);

}  // namespace emptor::mine
