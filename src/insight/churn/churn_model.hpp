/// Models of the chance that silence follows: boosted trees (mine/blended_boosting.hpp, which tunes itself) or a
/// logistic regression, each calibrated on rows that it was not fitted on, and what each feature adds to a customer's
/// log-odds.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/run.hpp"
#include "insight/churn/churn_features.hpp"

namespace emptor {

class ChurnModel {
 public:
  virtual ~ChurnModel() = default;
  /// Log-odds of silence, a row each.
  virtual std::vector<double> log_odds(const ChurnRows& rows, const mine::Run& run) const = 0;
  /// What each feature adds to the log-odds, counted from the mean of the rows it was fitted on: rows x features.
  virtual std::vector<double> shares(const ChurnRows& rows, const mine::Run& run) const = 0;
  /// What load_churn_model makes it of again.
  virtual std::string save() const = 0;
};

enum class ChurnModelKind : std::uint8_t { boosting, logistic };
inline constexpr std::string_view churn_model_names[] = {"gradient_boosting", "logistic"};

/// A model and the line that its log-odds are brought onto: Platt's scaling, fitted on five folds by customer. A blend
/// has its own inside, from the same folds.
struct CalibratedChurnModel {
  std::unique_ptr<ChurnModel> model;
  double slope = 1, intercept = 0;
  double loss = 0;  ///< mean logarithmic loss on the folds, by which kinds are chosen between

  std::vector<double> chances(const ChurnRows& rows, const mine::Run& run) const;
};

/// Requires rows of both kinds, outside each fifth of the customers, too. The same bits for any threads.
CalibratedChurnModel fit_churn_model(ChurnModelKind kind, const ChurnRows& rows, const mine::Run& run);

/// A model as single customers are scored by it later.
struct KeptChurn {
  CalibratedChurnModel model;
  double silent_share = 0;          ///< of the window that it was judged on
  std::optional<double> threshold;  ///< from which on alerts are raised; nothing where none are
};
std::string save_churn(ChurnModelKind kind, const KeptChurn& kept);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
KeptChurn load_churn(std::string_view bytes);

/// Slope and intercept of a logistic regression of y on log-odds: 1 and 0 where chances are what they say.
struct CalibrationLine {
  double slope = 1, intercept = 0;
};
CalibrationLine calibration_line(std::span<const double> log_odds, std::span<const double> y, const mine::Run& run);

double chance_of(double log_odds) noexcept;
double log_odds_of(double chance) noexcept;

}  // namespace emptor
