/// A model that is kept in the store and scores one customer at a time: what a live model is made of.
///
/// Each kind scores by the bytes that its insight keeps in Model::fitted, so that a customer's scores are, bit for bit,
/// those of the insight with the same model on the same day.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/time.hpp"
#include "emptor/insight/language.hpp"
#include "emptor/insight/rfm.hpp"
#include "emptor/insight/value_class.hpp"
#include "insight/facts/known_history.hpp"
#include "insight/lifetime/lifetime_work.hpp"
#include "insight/writing/alert_writing.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {

/// The record of a model, as far as scoring needs it.
struct KeptModel {
  Id id;
  std::int64_t version = 0;
  std::string name, options, fitted;
};

KeptModel kept_model(const Record& record);

/// Of one customer on one day. Nobody without purchases is scored.
struct LiveResult {
  std::vector<GivenScore> scores;
  std::string tag;                  ///< empty is none
  std::optional<GivenAlert> alert;  ///< without the customer
  void clear();
};

/// When alerts are raised: nothing else needs to be looked up for a customer below the threshold, before and after.
struct LiveAlerts {
  std::string_view score;
  double threshold = 0;
  std::int32_t quiet_days = 0;
};

struct LiveModel {
  KeptModel kept;
  std::vector<std::string_view> scores;  ///< every name that it keeps up to date
  std::string_view tagged;               ///< that of them whose label the tag tells; empty without tags
  std::optional<LiveAlerts> alerts;
  std::function<void(const ShapedHistory&, Date, LiveResult&)> score;
  /// What the scores come from, as JSON members: docs/live.md has the form.
  std::function<void(const ShapedHistory&, Date, Language, boost::json::object&)> explain;
};

/// Throws Code::unsupported for a kind that cannot score one customer or has kept nothing to do so, Code::corrupt and
/// Code::newer for bytes that cannot be read; all name the entity `model` and the field.
LiveModel load_live_model(KeptModel kept, const Zone& zone);
/// "rfm, lifetime, churn"
std::string live_kinds();

/// The options of its run, checked anew; those that were left open are not among them.
boost::json::object kept_options(std::string_view schema, const KeptModel& kept);

/// At most one row, of a customer without a number of their own.
Measures measures_of(const ShapedHistory& history, const MeasureOptions& options, Date day);

LiveModel live_rfm(KeptModel kept, const Zone& zone);
LiveModel live_lifetime(KeptModel kept, const Zone& zone);
LiveModel live_churn(KeptModel kept, const Zone& zone);
LiveModel live_value_class(KeptModel kept, const Zone& zone);

/// The cut points of a table that has any; empty where customers are scored by their ranks.
std::string save_cuts(const RfmTable& table);
/// The least values of the classes but the last. Empty where a customer's class is not told by these: equal values that
/// are split between classes, and measures that are not of the customer's purchases.
std::string save_classes(std::string_view measure, std::span<const std::int64_t> values, const ValueClasses& classes,
                         const ValueClassOptions& options);
/// Empty where the outcome is not usable, and where the model has covariates: these are of other records.
std::string save_lifetime(const LifetimeOutcome& outcome);

}  // namespace emptor
