/// Credit on receivables, whatever these came from: how customers pay, what they may become overdue with, and how much
/// to grant them.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/run.hpp"
#include "emptor/mine/scorecard.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/credit/payment_behaviour.hpp"

namespace emptor {

/// From the best class, A, to the worst.
inline constexpr std::string_view rating_names[] = {"A", "B", "C", "D", "E"};
inline constexpr std::size_t rating_count = std::size(rating_names);

struct CreditRequest {
  PaymentRules rules;
  double settled_share = 0.95;
  std::vector<double> rating_cuts = {};  ///< four, rising: where B, C, D and E begin; empty: by custom
  std::optional<Date> until = {};
  Language language = Language::english;
};
/// Requires options that the schema has checked. Throws Code::invalid for cuts that do not rise.
CreditRequest credit_request(const boost::json::object& options, const std::optional<Date>& until);

/// How well a score told, on the window just past, who would become seriously overdue.
struct CreditQuality {
  std::string name;
  double auc = 0, gini = 0, ks = 0;
  std::optional<double> brier, calibration_slope = {};  ///< of chances; a baseline gives none
};

inline constexpr std::size_t credit_reason_count = 3;

struct CreditOutcome {
  std::optional<Date> until;  ///< nothing without receivables
  Date tested_on;
  std::vector<Date> learnt_on;
  std::string verdict;
  std::string chosen;  ///< "scorecard", "index", or empty where nothing can be told
  std::size_t tested = 0;
  double serious_share = 0;              ///< of those tested who could become so
  std::vector<CreditQuality> qualities;  ///< of the scorecard, then the baselines
  std::optional<mine::Scorecard> card;
  std::vector<double> cuts;  ///< of the ratings, in force
  BehaviourRows rows;        ///< of the customers that are rated
  std::vector<double> risk;  ///< the chance to become seriously overdue in the coming window, or the index
  std::vector<double> points;
  std::vector<std::uint8_t> rating;
  std::vector<std::int64_t> advised;                ///< limits in micros, in whole units
  std::vector<std::vector<CreditFeature>> reasons;  ///< what speaks most against a customer, the most first
};
CreditOutcome predict_credit(const Receivables& receivables, const CreditRequest& request, const mine::Run& run);

/// What a customer would owe at any time who pays within the days of grace: the turnover of a year times the days from
/// placing to paying, times the factor of the rating (A 1.5, B 1.25, C 1, D .5, E 0), down to whole units. 0 for those
/// who are blocked. In micros.
std::int64_t advised_limit(const PaymentBehaviour& behaviour, std::size_t rating, bool blocked,
                           const PaymentRules& rules);

}  // namespace emptor
