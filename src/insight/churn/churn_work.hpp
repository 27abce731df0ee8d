/// Churn on customers' lines, whatever these came from: silence in a coming window, judged on the window just past.
#pragma once

#include <array>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/run.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/churn/churn_alerts.hpp"
#include "insight/churn/churn_decision.hpp"
#include "insight/churn/churn_features.hpp"
#include "insight/churn/churn_groups.hpp"
#include "insight/churn/churn_what_if.hpp"
#include "insight/churn/churn_words.hpp"
#include "insight/churn/stated_reasons.hpp"

namespace emptor {

struct ChurnRequest {
  ChurnRowOptions rows;
  std::optional<Date> until = {};
  Language language = Language::english;
  OfferOptions offer = {};
  AlertOptions alerts = {};
  std::vector<WhatIf> what_if = {};
  std::string groups = "rfm";  ///< or a source of tags
};
/// Requires options that the schema has checked.
ChurnRequest churn_request(const boost::json::object& options, const std::optional<Date>& until);
boost::json::object churn_options_json(const ChurnRequest& request);

/// How well a score told, on the window just past, who would fall silent.
struct ChurnQuality {
  std::string name;
  double auc = 0, ks = 0, top_decile_lift = 0;
  std::optional<double> brier, calibration_slope = {};  ///< of chances; a baseline gives none
};

inline constexpr std::size_t churn_reason_count = 3;

struct ChurnOutcome {
  std::optional<Date> until;  ///< nothing without purchases
  Date tested_on, trained_on;
  std::string verdict;
  std::string chosen;                   ///< empty where no model could be made
  double silent_share = 0;              ///< in the window just past
  std::vector<ChurnQuality> qualities;  ///< the models, then the baselines
  ChurnRows rows;                       ///< of the customers that are scored
  std::vector<double> chance;           ///< of silence in the coming window; empty without a model
  std::vector<std::array<ChurnFeature, churn_reason_count>>
      reasons;                 ///< what adds most to the log-odds, the most first
  std::vector<double> shares;  ///< what each feature adds to the log-odds: rows x features
  std::vector<double> value;   ///< still to come of each customer; empty where no lifetime model could be made
  StatedReasons stated;        ///< empty without touches
  HoldOut hold_out;            ///< of the chosen model
  std::optional<ChurnDecision> decision;
  AlertRule alert_rule;
  std::vector<ChurnAlert> alerts;
  std::vector<ChurnGroup> groups;
  CustomerGroups membership;
  boost::json::object what_if, correlations;
  std::string fitted;  ///< the model, as save_churn has it; empty without one
};

/// Of a chance, against how many fell silent in the window just past: "high", "medium", "low".
std::string_view churn_level(double chance, double silent_share);

/// What is known besides purchases; may be missing.
struct ChurnBeside {
  const CustomerTouches* touches = nullptr;
  const CustomerGroups* groups = nullptr;
};
ChurnOutcome predict_churn(const CustomerLines& lines, const ChurnRequest& request, const mine::Run& run,
                           const ChurnBeside& beside = {});

/// The scored customers as a hold-out of which nothing has come yet: `silent` means nothing.
HoldOut now_of(const ChurnOutcome& outcome);

/// docs/churn.md has the form.
boost::json::object churn_json(const ChurnRequest& request, const ChurnOutcome& outcome);
/// A row a customer: customer, chance, reason_1 ... reason_3, stated, group, value, expected_loss, offer_profit, alert
/// (as far as they are known), and the features.
NamedTable churn_table(const ChurnRequest& request, const ChurnOutcome& outcome, Column customers);

}  // namespace emptor
