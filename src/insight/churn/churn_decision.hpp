/// Whom to make an offer to stay: what customers who may leave would bring, and what the offer would have brought on
/// the window just past, to which no model was fitted.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "emptor/mine/profit.hpp"
#include "emptor/mine/run.hpp"
#include "insight/churn/churn_features.hpp"

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

/// What was told of customers and what came of it, on the window just past.
struct HoldOut {
  std::vector<double> silent, chance, recency;
  std::vector<double> value;  ///< as known then; empty where there is no lifetime model
};

struct ChurnDecision {
  std::string value_from;  ///< "option", "lifetime" as known on the hold-out's day, or "lifetime of today"
  mine::OfferTerms terms;
  std::size_t customers = 0;           ///< of the hold-out
  double paying_chance = 0;            ///< the threshold: from the terms alone, nothing is chosen on the hold-out
  mine::ProfitChoice chosen;           ///< what it brought on the hold-out
  mine::Interval interval;             ///< of that profit
  mine::ProfitChoice best, everybody;  ///< the best threshold of the hold-out itself, a bound; and no choice at all
  mine::ExpectedProfit expected;       ///< EMPC
  std::vector<mine::ProfitChoice> curve;
};
/// Nothing where no value is known, the offer costs more than it, or nobody stayed or nobody left.
/// `today` are the values of those who are watched now, which stand in where none were known then.
std::optional<ChurnDecision> decide(const HoldOut& hold_out, const OfferOptions& offer,
                                    const std::vector<double>& today, const mine::Run& run);

/// What each customer of the rows is still expected to bring in the year after their day: discounted spend by BG/NBD
/// (or MBG/NBD, or Pareto/NBD, where that has no estimate) and Gamma-Gamma, times the margin. The chance that they have
/// left already is in it, so that of those long gone little is at stake. Empty where there is no such model.
std::vector<double> future_values(const CustomerLines& lines, const ChurnRows& rows, Purchases purchases, double margin,
                                  const mine::Run& run);

/// The customers who bought within so many days: to those long gone no offer is made to stay.
HoldOut watched_part(const HoldOut& hold_out, std::int32_t days);

/// What the offer can be expected to bring of one customer; their own value takes the place of the mean.
double offer_profit(double chance, double value, const mine::OfferTerms& terms) noexcept;

/// Of each row what the offer can be expected to bring, by its own value where that is known; NaN where the customer is
/// not watched.
std::vector<double> offer_profits(const mine::OfferTerms& terms, const HoldOut& now, std::int32_t days);

/// `now` has no outcomes yet.
boost::json::object decision_json(const std::optional<ChurnDecision>& decision, const HoldOut& now, std::int32_t days);

}  // namespace emptor
