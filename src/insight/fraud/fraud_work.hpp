/// Fraud: customers whose last days are so unusual that a stated share of honest ones, and no more, would be called so.
///
/// Each named rule and an isolation forest (Liu, Ting, Zhou 2008) says how rare a row is among those of earlier
/// windows; the rarest of these is its score. The threshold is that of conformal detection (Laxhammar and Falkman,
/// ICMLA (2010); Bates and others, Ann. Statist. 51 (2023), 149): the score that a share `false_alarms` of the windows
/// just before passed, so that as many of honest rows are alerted on average, whatever the scores' distribution, where
/// they are as those before.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/rates.hpp"
#include "emptor/mine/run.hpp"
#include "insight/fraud/fraud_features.hpp"

namespace emptor {

struct FraudRequest {
  double false_alarms = 0.005;      ///< of honest customers that were active, at most, on average
  std::int32_t window_days = 30;    ///< that are looked at
  std::int32_t history_days = 180;  ///< before them, for what is usual
  std::int32_t label_days = 60;     ///< from fraud until it is known
  std::size_t most_alerts = 1'000;
  std::string label_tag = "fraud";
  std::optional<Date> until = {};
  Language language = Language::english;
};
FraudRequest fraud_request(const boost::json::object& options, const std::optional<Date>& until);

/// What one rule goes by: how rare a value was in earlier windows.
class Rarity {
 public:
  Rarity() = default;
  explicit Rarity(std::vector<double> values);
  /// -log10 of the share of values that are as large; beyond all of them it grows with the distance.
  double of(double value) const noexcept;
  /// The value above which `of` is above a score.
  double above(double score) const noexcept;
  double quantile(double share) const noexcept;

 private:
  std::vector<double> sorted_;
  double spread_ = 1;
};

struct FraudAlert {
  std::size_t row = 0;
  std::int64_t severity = 3;
  bool unusual = false;               ///< by the forest, more than by any rule alone
  std::vector<FraudFeature> reasons;  ///< the rarest first
};

/// How well a score finds, in a past window, those who became known afterwards.
struct FraudQuality {
  std::string_view name;
  double auc = 0;
  double precision = 0;  ///< among the k rarest
  mine::RateInterval interval;
};
struct FraudJudgement {
  std::string verdict;
  std::optional<Date> until;
  std::size_t customers = 0, labelled = 0, alerted = 0, found = 0;
  std::size_t k = 0;                    ///< as many as are labelled
  std::vector<FraudQuality> qualities;  ///< of the score, then of the largest order
};

struct FraudOutcome {
  std::optional<Date> until;
  std::string verdict;
  FraudRows rows;
  std::vector<std::array<double, fraud_feature_count>> rarity;  ///< of each row and rule
  std::vector<double> forest;                                   ///< rarity of each row by the forest
  std::vector<double> score;
  std::vector<double> p_value;
  std::array<Rarity, fraud_feature_count> rules;
  double threshold = 0;
  std::size_t learnt = 0, calibrated = 0;  ///< rows
  std::vector<FraudAlert> alerts;          ///< by customer
  std::size_t alerted = 0;                 ///< before `most_alerts`
  mine::RateInterval alert_share;
  FraudJudgement judgement;

  double expected_false_alarms(const FraudRequest& request) const {
    return request.false_alarms * static_cast<double>(rows.size());
  }
};
FraudOutcome find_fraud(const CustomerActivity& activity, const FraudRequest& request, const mine::Run& run);

}  // namespace emptor
