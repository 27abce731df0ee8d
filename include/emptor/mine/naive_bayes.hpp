/// Naive Bayes: classes by the features' distributions within each, taken as independent of one another.
///
///     const NaiveBayes model = fit_naive_bayes(rows, {.kind = NaiveBayesKind::gaussian});
///     const std::vector<double> chances = predict(model, rows.x);   // rows x classes
///
/// The same bits for any threads, order of rows and batches. Source: Manning, Raghavan, Schuetze, Introduction to
/// Information Retrieval (2008), 13.2 (multinomial); Hastie, Tibshirani, Friedman, The Elements of Statistical Learning
/// (2009), 6.6.3.
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

enum class NaiveBayesKind : std::uint8_t {
  gaussian,     ///< numbers, normal within each class
  multinomial,  ///< counts (>= 0) of words or things
  categorical,  ///< codes 0, 1, 2 ... of each feature; NaN is missing and says nothing
};

struct NaiveBayesOptions {
  NaiveBayesKind kind = NaiveBayesKind::gaussian;
  double smoothing = 1;             ///< added to each count (multinomial, categorical); > 0
  double variance_floor = 1e-9;     ///< gaussian: this share of the largest variance of a feature is added to all; > 0
  std::vector<double> priors = {};  ///< of the classes, > 0, sum 1; their share of the weight if empty

  friend bool operator==(const NaiveBayesOptions&, const NaiveBayesOptions&) = default;
};

struct NaiveBayes {
  NaiveBayesOptions options;
  std::string data_version;  ///< of what it was fitted on; the caller's to set
  std::size_t classes = 0, features = 0;
  std::vector<double> log_priors;        ///< a class each
  std::vector<double> weights;           ///< of the rows of each class
  std::vector<double> means, variances;  ///< gaussian: classes x features
  std::vector<std::size_t> categories;   ///< categorical: of each feature, the highest code seen plus one
  std::vector<double> log_chances;       ///< multinomial: classes x features; categorical: classes x all categories

  friend bool operator==(const NaiveBayes&, const NaiveBayes&) = default;
};

/// y is 0, 1, 2 ...; each class has a row with a weight above 0. Throws Code::invalid (fields "x", "y", "weights" and
/// those of the options), Code::budget for codes of 2^24 and more. O(rows x features).
NaiveBayes fit_naive_bayes(const TrainingRows& rows, const NaiveBayesOptions& options = {}, const Run& run = {});
/// From batches: read twice (gaussian three times).
NaiveBayes fit_naive_bayes(const RowBatches& batches, const NaiveBayesOptions& options = {}, const Run& run = {});

/// Chances, rows x classes, row by row. A code that was not seen, and NaN in a categorical or gaussian row, says
/// nothing. Throws Code::invalid where x has another number of columns.
std::vector<double> predict(const NaiveBayes& model, const NumberView& x, const Run& run = {});
/// What each feature adds to the logarithm of each class: rows x classes x features (the prior is not among them).
std::vector<double> explain(const NaiveBayes& model, const NumberView& x, const Run& run = {});

std::string save(const NaiveBayes& model);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
NaiveBayes load_naive_bayes(std::string_view bytes);

}  // namespace emptor::mine
