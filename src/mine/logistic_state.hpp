/// Where a fit of a logistic regression stands, between rounds.
///
/// Inside, features are z = (x - centre) * factor, the factor a power of two that brings the sample's largest deviation
/// below 1, and weights are scaled below 1 by a power of two. Parameters stand output by output, the constant last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "emptor/mine/logistic_rounds.hpp"
#include "mine/symmetric.hpp"

namespace emptor::mine {

/// What a round computes beside the gradient.
enum class Information : std::uint8_t {
  none,
  quick,  ///< from short integers: near enough for a Newton step, four times as fast
  exact,
};

enum class Stage : std::uint8_t { first, descent, inference, done };

struct LogisticPlan::State {
  LogisticOptions options;
  std::size_t columns = 0, outputs = 0, classes = 0;
  std::uint64_t rows = 0, weighted_rows = 0;
  std::vector<std::uint64_t> class_rows;
  std::vector<double> centre, factor, reach;
  double weight_factor = 1;

  Stage stage = Stage::first;
  Information information = Information::exact;  ///< of the coming round
  bool exact_only = false;                       ///< the quick one was not near enough, or would not pay
  std::vector<double> theta;                     ///< at which the coming round sums
  std::vector<double> tested;                    ///< a direction that may separate the classes; else empty
  std::size_t rounds = 0;

  // The last accepted point, the direction from there and how far along it the coming round looks.
  std::vector<double> from, direction, target;
  double slope = 0, step = 1;
  double last_gradient = 0;
  bool stale = false;  ///< the factors are those of an earlier point
  std::size_t stalls = 0, proofs = 0, quiet_rounds = 0;
  SymmetricFactors factors;

  std::vector<std::size_t> separating;  ///< columns; not empty: there is no finite estimate
  bool converged = false;
  double gradient = 0, log_likelihood = 0, null_log_likelihood = 0;
  std::vector<std::uint8_t> aliased;
  std::vector<double> covariance;  ///< of the parameters inside

  std::size_t parameters() const noexcept { return outputs * (columns + 1); }
  bool first_round() const noexcept { return stage == Stage::first; }
};

/// The sums of a round over some rows.
LogisticSums sum_rows(const TrainingRows& batch, const LogisticPlan::State& state, const Run& run);
/// Takes the sums of a round and decides on the next; never throws for separation.
void advance(LogisticPlan::State& state, const LogisticSums& sums);
/// Where one Newton step leads from the point of the coming round, by sums with second derivatives (of any rows).
std::vector<double> newton_target(const LogisticPlan::State& state, const LogisticSums& sums);
/// Whether a round's second derivatives may be quick: where they pay, and were near enough so far.
void decide_information(LogisticPlan::State& state);
/// A point to begin at: the fit of the sample, where it is a part of the rows only.
void begin_at_sample(LogisticPlan::State& state, const LogisticSurvey& survey);
/// Parameters as the host knows them: coefficients of x, and intercepts.
void to_outside(const LogisticPlan::State& state, std::vector<double>& coefficients, std::vector<double>& intercepts);
[[noreturn]] void refuse_separation(const LogisticPlan::State& state);
std::string name_of_column(const LogisticOptions& options, std::size_t column);

/// Adds a batch whose rows without ids are numbered from `first_id` on. The sample has at most `most` rows.
void add_to_survey(LogisticSurvey& survey, const TrainingRows& batch, std::uint64_t first_id,
                   std::size_t most = LogisticSurvey::most_rows);

}  // namespace emptor::mine
