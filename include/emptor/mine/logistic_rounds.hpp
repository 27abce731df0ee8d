/// Logistic regression as rounds of partial, merge and step: for rows that lie on several machines.
///
///     LogisticSurvey survey = survey_logistic(batch);         // on each part, then merge(survey, other)
///     LogisticPlan plan(survey, options);
///     while (!plan.done()) {
///       LogisticSums sums = partial_logistic(batch, plan);    // on each part, then merge(sums, other)
///       plan.step(sums);
///     }
///     LogisticModel model = plan.model();
///
/// The same bits for any parts and any order of merging, and the same as fit_logistic gives. Parts need ids that differ
/// between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "emptor/core/wide.hpp"
#include "emptor/mine/logistic.hpp"

namespace emptor::mine {

/// What must be known before the first round: weights of the classes, and a sample of rows (those with the least
/// hash of their id) that gives centres, scales and where to begin.
struct LogisticSurvey {
  struct Row {
    std::uint64_t hash = 0, id = 0;
    double y = 0, weight = 0;
    std::vector<double> x;
    friend bool operator==(const Row&, const Row&) = default;
  };
  static constexpr std::size_t most_rows = 32'768;
  std::size_t columns = 0;
  std::uint64_t rows = 0;           ///< all of them
  std::uint64_t weighted_rows = 0;  ///< with a weight above 0
  double greatest_weight = 0;
  std::vector<std::uint64_t> class_rows;  ///< with a weight above 0
  std::vector<Row> sample;                ///< ascending by hash, then id

  friend bool operator==(const LogisticSurvey&, const LogisticSurvey&) = default;
};
/// Throws Code::invalid for y, weights and ids as fit_logistic does; numbers of x outside the sample are looked at in
/// the rounds.
LogisticSurvey survey_logistic(const TrainingRows& batch, const Run& run = {});
void merge(LogisticSurvey& into, const LogisticSurvey& other);

/// The sums of a part of the rows under one plan, as integers on the plan's scale: a value that may be sent anywhere.
struct LogisticSums {
  std::vector<Wide> gradient;     ///< outputs x (columns + 1)
  std::vector<Wide> information;  ///< lower triangle of the second derivatives; empty where the plan asks for none
  std::vector<Wide> others;       ///< total weight, losses, weight of each class
  std::vector<double> reach;      ///< largest deviation of each column, in its unit
  std::vector<std::uint8_t> separated;  ///< whether rows go against the direction under test, or along it
  std::uint64_t rows = 0;

  friend bool operator==(const LogisticSums&, const LogisticSums&) = default;
};

/// Where the fit stands: a value.
class LogisticPlan {
 public:
  /// Throws as fit_logistic does.
  LogisticPlan(LogisticSurvey survey, LogisticOptions options);
  LogisticPlan(const LogisticPlan& other);
  LogisticPlan(LogisticPlan&& other) noexcept;
  LogisticPlan& operator=(LogisticPlan other) noexcept;
  ~LogisticPlan();

  bool done() const noexcept;
  /// Takes the sums over all rows. Throws Code::misuse where they are of another plan or of other rows, and what
  /// fit_logistic throws for separated classes.
  void step(const LogisticSums& sums);
  /// The same, but for separated classes it ends the fit and returns false; model() throws then.
  bool try_step(const LogisticSums& sums);
  /// Throws Code::misuse before it is done.
  LogisticModel model() const;

  struct State;
  const State& state() const noexcept { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

/// Throws Code::invalid for numbers that are not finite (fields "x", "y", "weights").
LogisticSums partial_logistic(const TrainingRows& batch, const LogisticPlan& plan, const Run& run = {});
void merge(LogisticSums& into, const LogisticSums& other);

}  // namespace emptor::mine
