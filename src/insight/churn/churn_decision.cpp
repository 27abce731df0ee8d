#include "insight/churn/churn_decision.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "emptor/core/exact_sum.hpp"
#include "emptor/mine/judgement.hpp"
#include "insight/lifetime/lifetime_work.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr double weeks_ahead = 52;
/// The first that the data allow an estimate of.
constexpr mine::LifetimeKind value_models[] = {mine::LifetimeKind::bg_nbd, mine::LifetimeKind::mbg_nbd,
                                               mine::LifetimeKind::pareto_nbd};

std::optional<double> number_option(const json::object& options, std::string_view name) {
  const json::value* value = options.if_contains(name);
  return value == nullptr ? std::nullopt : std::optional(value->to_number<double>());
}

double mean_of(const std::vector<double>& numbers) {
  DoubleSum sum;
  for (const double number : numbers) sum.add(number);
  return numbers.empty() ? 0 : sum.value() / static_cast<double>(numbers.size());
}

json::object choice_json(const mine::ProfitChoice& choice) {
  return {{"threshold", std::isfinite(choice.threshold) ? json::value(choice.threshold) : json::value()},
          {"share", choice.share},
          {"profit", choice.profit}};
}

/// To how many the offer should be made now.
json::object now_json(const ChurnDecision& decision, const HoldOut& now, std::int32_t days) {
  std::size_t customers = 0;
  DoubleSum sum;
  for (const double profit : offer_profits(decision.terms, now, days)) {
    if (!(profit > 0)) continue;
    ++customers;
    sum.add(profit);
  }
  return {{"customers", customers}, {"expected_profit", sum.value()}};
}

}  // namespace

OfferOptions offer_options(const json::object& options) {
  OfferOptions offer;
  offer.value = number_option(options, "customer_value");
  offer.offer_cost = number_option(options, "offer_cost");
  offer.contact_cost = number_option(options, "contact_cost");
  offer.success_rate = number_option(options, "success_rate").value_or(offer.success_rate);
  offer.certainty = number_option(options, "success_certainty").value_or(offer.certainty);
  offer.margin = number_option(options, "margin").value_or(offer.margin);
  return offer;
}

void tell_offer_options(const OfferOptions& offer, json::object& told) {
  const auto tell = [&](const char* name, const std::optional<double>& number) {
    told[name] = number ? json::value(*number) : json::value();
  };
  tell("customer_value", offer.value);
  tell("offer_cost", offer.offer_cost);
  tell("contact_cost", offer.contact_cost);
  told["success_rate"] = offer.success_rate;
  told["success_certainty"] = offer.certainty;
  told["margin"] = offer.margin;
}

std::optional<ChurnDecision> decide(const HoldOut& hold_out, const OfferOptions& offer,
                                    const std::vector<double>& today, const mine::Run& run) {
  const bool both = std::find(hold_out.silent.begin(), hold_out.silent.end(), 1.0) != hold_out.silent.end() &&
                    std::find(hold_out.silent.begin(), hold_out.silent.end(), 0.0) != hold_out.silent.end();
  const std::vector<double>& values = hold_out.value.empty() ? today : hold_out.value;
  if (!both || (!offer.value && values.empty())) return std::nullopt;
  ChurnDecision decision{.value_from = offer.value              ? "option"
                                       : hold_out.value.empty() ? "lifetime of today"
                                                                : "lifetime",
                         .terms = {},
                         .chosen = {},
                         .interval = {},
                         .best = {},
                         .everybody = {},
                         .expected = {},
                         .curve = {}};
  decision.customers = hold_out.silent.size();
  mine::OfferTerms& terms = decision.terms;
  terms.value = offer.value.value_or(mean_of(values));
  terms.cost = offer.offer_cost.value_or(terms.value / 20);
  terms.contact = offer.contact_cost.value_or(terms.value / 200);
  terms.success = offer.success_rate;
  terms.certainty = offer.certainty;
  if (!(terms.value > terms.cost)) return std::nullopt;
  decision.paying_chance = mine::paying_chance(terms);
  decision.chosen = mine::profit_at(hold_out.silent, hold_out.chance, decision.paying_chance, terms);
  decision.interval = mine::bootstrap(
      hold_out.silent, hold_out.chance,
      [&](mine::Numbers y, mine::Numbers scores, mine::Numbers weights) {
        return mine::profit_at(y, scores, decision.paying_chance, terms, weights).profit;
      },
      {.repetitions = 200}, {}, {}, run);
  decision.best = mine::most_profitable(hold_out.silent, hold_out.chance, terms);
  decision.everybody = mine::profit_at(hold_out.silent, hold_out.chance, 0, terms);
  decision.expected = mine::expected_maximum_profit(hold_out.silent, hold_out.chance, terms);
  decision.curve = mine::profit_curve(hold_out.silent, hold_out.chance, terms);
  return decision;
}

std::vector<double> future_values(const CustomerLines& lines, const ChurnRows& rows, Purchases purchases, double margin,
                                  const mine::Run& run) {
  LifetimeRequest request;
  request.rows.until = rows.day;
  request.rows.purchases = purchases;
  request.horizon = weeks_ahead;
  request.margin = margin;
  request.diagnostics = false;
  const LifetimeRows lives = lifetime_rows(lines, request.rows);
  LifetimeOutcome outcome;
  for (const mine::LifetimeKind kind : value_models) {
    request.kind = kind;
    outcome = predict_lifetimes(lines, lives, {}, request, run);
    if (!outcome.value.empty()) break;
  }
  if (outcome.value.empty()) return {};
  std::vector<double> values;
  for (std::size_t row = 0, at = 0; row < rows.size(); ++row) {
    while (lives.customer[at] != rows.customer[row]) ++at;
    values.push_back(outcome.value[at]);
  }
  return values;
}

HoldOut watched_part(const HoldOut& hold_out, std::int32_t days) {
  HoldOut part;
  for (std::size_t row = 0; row < hold_out.chance.size(); ++row) {
    if (hold_out.recency[row] >= days) continue;
    part.silent.push_back(hold_out.silent[row]);
    part.chance.push_back(hold_out.chance[row]);
    part.recency.push_back(hold_out.recency[row]);
    if (!hold_out.value.empty()) part.value.push_back(hold_out.value[row]);
  }
  return part;
}

double offer_profit(double chance, double value, const mine::OfferTerms& terms) noexcept {
  const double taken = terms.success * (value - terms.cost) - terms.contact;
  return chance * taken - (1 - chance) * (terms.cost + terms.contact);
}

std::vector<double> offer_profits(const mine::OfferTerms& terms, const HoldOut& now, std::int32_t days) {
  std::vector<double> profits;
  for (std::size_t row = 0; row < now.chance.size(); ++row) {
    const double value = now.value.empty() ? terms.value : now.value[row];
    const bool watched = now.recency[row] < days;
    profits.push_back(watched ? offer_profit(now.chance[row], value, terms) : std::numeric_limits<double>::quiet_NaN());
  }
  return profits;
}

json::object decision_json(const std::optional<ChurnDecision>& decision, const HoldOut& now, std::int32_t days) {
  if (!decision)
    return {
        {"verdict", "insufficient: it is not known what customers are worth, or no offer pays; give customer_value"}};
  json::object hold_out = choice_json(decision->chosen);
  hold_out["interval"] = {decision->interval.lower, decision->interval.upper};
  json::array curve;
  for (const mine::ProfitChoice& point : decision->curve) curve.push_back(choice_json(point));
  return json::object{{"verdict", "sufficient"},
                      {"value_from", decision->value_from},
                      {"value", decision->terms.value},
                      {"offer_cost", decision->terms.cost},
                      {"contact_cost", decision->terms.contact},
                      {"success_rate", decision->terms.success},
                      {"customers", decision->customers},
                      {"hold_out", std::move(hold_out)},
                      {"best_of_hold_out", choice_json(decision->best)},
                      {"everybody", choice_json(decision->everybody)},
                      {"empc", {{"profit", decision->expected.profit}, {"share", decision->expected.share}}},
                      {"curve", std::move(curve)},
                      {"now", now_json(*decision, now, days)}};
}

}  // namespace emptor
