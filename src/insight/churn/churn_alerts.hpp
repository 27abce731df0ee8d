/// Alerts about customers who may leave, raised from a chance at which false alarms are as rare as was asked for.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/rates.hpp"
#include "insight/churn/churn_decision.hpp"

namespace emptor {

struct ChurnOutcome;

/// Of whom the share of false alarms is.
enum class FalseAlarmOf : std::uint8_t {
  alerted,  ///< of those alerted, those who stay
  stayers,  ///< of those who stay, those alerted
};

struct AlertOptions {
  double rate = 0.25;  ///< of false alarms at most
  FalseAlarmOf of = FalseAlarmOf::alerted;
  std::size_t most = 1'000;  ///< the highest chances first
  std::int32_t days = 180;   ///< only customers who bought within so many days: that others are gone is no news
};
AlertOptions alert_options(const boost::json::object& options, std::int32_t horizon);
void tell_alert_options(const AlertOptions& alerts, boost::json::object& told);

/// From which chance on alerts are raised; nothing where the rate cannot be held.
struct AlertRule {
  std::optional<double> threshold;
  std::size_t watched = 0, alerted = 0;  ///< customers of the hold-out
  double expected = 0;                   ///< rate of false alarms on the hold-out, by the chances alone
  mine::RateInterval realised;           ///< by what came of it
};
/// The lowest threshold at which the expected rate is not above the one asked for, nor is the realised one when a
/// standard error is added (it is chosen on the same customers, which flatters it), and at least twenty are alerted.
AlertRule alert_rule(const HoldOut& hold_out, const AlertOptions& options);

struct ChurnAlert {
  std::size_t row = 0;
  std::string_view
      kind;  ///< "value": of the fifth that would bring most; "problem": something was said, or a case is open
  std::int64_t severity = 2;
  std::string reason;
};
std::vector<ChurnAlert> churn_alerts(const ChurnOutcome& outcome, const AlertRule& rule, const AlertOptions& options,
                                     std::int32_t horizon, Language language);

boost::json::object alerts_json(const AlertRule& rule, const AlertOptions& options,
                                const std::vector<ChurnAlert>& alerts);

}  // namespace emptor
