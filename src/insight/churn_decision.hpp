/// Whom to make an offer to stay: what customers who may leave would bring, and what the offer would have brought on
/// the window just past, to which no model was fitted.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "emptor/mine/profit.hpp"
#include "emptor/mine/run.hpp"
#include "insight/churn_features.hpp"

namespace emptor {

struct OfferOptions {
  std::optional<double> value;         ///< of a customer who stays; from the lifetime model without it
  std::optional<double> offer_cost;    ///< where it is taken; a twentieth of the value without it
  std::optional<double> contact_cost;  ///< a two-hundredth
  double success_rate = 0.3, certainty = 20;
  double margin = 1;  ///< share of the spend that is earned
};
/// Requires options that the schema has checked.
OfferOptions offer_options(const boost::json::object& options);
void tell_offer_options(const OfferOptions& offer, boost::json::object& told);

/// What was told and what came of it, on the window just past.
struct HoldOut {
  std::vector<double> silent, chance, recency;
  std::vector<double> value;  ///< as known then; empty where there is no lifetime model
};

struct ChurnDecision {
  std::string value_from;  ///< "option" or "lifetime"
  mine::OfferTerms terms;
  double paying_chance = 0;            ///< the threshold: from the terms alone, nothing is chosen on the hold-out
  mine::ProfitChoice chosen;           ///< what it brought on the hold-out
  mine::Interval interval;             ///< of that profit
  mine::ProfitChoice best, everybody;  ///< the best threshold of the hold-out itself, a bound; and no choice at all
  mine::ExpectedProfit expected;       ///< EMPC
  std::vector<mine::ProfitChoice> curve;
};
/// Nothing where no value is known, or the offer costs more than it.
std::optional<ChurnDecision> decide(const HoldOut& hold_out, const OfferOptions& offer, const mine::Run& run);

/// What each customer of the rows will bring in the year after their day if they still are one: BG/NBD and
/// Gamma-Gamma's discounted spend over the chance to be one, times the margin. (The spend itself has the chance to have
/// left in it: times the chance of churn, leaving would count twice.) Empty where there is no such model.
std::vector<double> future_values(const CustomerLines& lines, const ChurnRows& rows, Purchases purchases, double margin,
                                  const mine::Run& run);

/// What the offer can be expected to bring of one customer; their own value takes the place of the mean.
double offer_profit(double chance, double value, const mine::OfferTerms& terms) noexcept;

boost::json::value decision_json(const std::optional<ChurnDecision>& decision, const std::vector<double>& chance,
                                 const std::vector<double>& value);

}  // namespace emptor
