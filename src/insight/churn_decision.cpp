#include "insight/churn_decision.hpp"

#include <algorithm>
#include <cmath>

#include "emptor/core/exact_sum.hpp"
#include "emptor/mine/judgement.hpp"
#include "insight/lifetime_work.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr double weeks_ahead = 52;

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

/// To how many the offer should be made now, each by their own value where that is known.
json::object now_json(const ChurnDecision& decision, const std::vector<double>& chance,
                      const std::vector<double>& value) {
  std::size_t customers = 0;
  DoubleSum profit;
  for (std::size_t row = 0; row < chance.size(); ++row) {
    const double own = value.empty() ? decision.terms.value : value[row];
    const double expected = offer_profit(chance[row], own, decision.terms);
    if (!(expected > 0)) continue;
    ++customers;
    profit.add(expected);
  }
  return {{"customers", customers}, {"expected_profit", profit.value()}};
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

std::optional<ChurnDecision> decide(const HoldOut& hold_out, const OfferOptions& offer, const mine::Run& run) {
  if (!offer.value && hold_out.value.empty()) return std::nullopt;
  ChurnDecision decision{.value_from = offer.value ? "option" : "lifetime",
                         .terms = {},
                         .chosen = {},
                         .interval = {},
                         .best = {},
                         .everybody = {},
                         .expected = {},
                         .curve = {}};
  mine::OfferTerms& terms = decision.terms;
  terms.value = offer.value.value_or(mean_of(hold_out.value));
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
  const LifetimeRows lives = lifetime_rows(lines, request.rows);
  const LifetimeOutcome outcome = predict_lifetimes(lives, request, run);
  if (outcome.value.empty()) return {};
  std::vector<double> values;
  for (std::size_t row = 0, at = 0; row < rows.size(); ++row) {
    while (lives.customer[at] != rows.customer[row]) ++at;
    const double alive = outcome.alive[at], value = outcome.value[at];
    values.push_back(alive > 0 && std::isfinite(value / alive) ? value / alive : 0);
  }
  return values;
}

double offer_profit(double chance, double value, const mine::OfferTerms& terms) noexcept {
  const double taken = terms.success * (value - terms.cost) - terms.contact;
  return chance * taken - (1 - chance) * (terms.cost + terms.contact);
}

json::value decision_json(const std::optional<ChurnDecision>& decision, const std::vector<double>& chance,
                          const std::vector<double>& value) {
  if (!decision) return nullptr;
  json::object hold_out = choice_json(decision->chosen);
  hold_out["interval"] = {decision->interval.lower, decision->interval.upper};
  json::array curve;
  for (const mine::ProfitChoice& point : decision->curve) curve.push_back(choice_json(point));
  return json::object{{"value_from", decision->value_from},
                      {"value", decision->terms.value},
                      {"offer_cost", decision->terms.cost},
                      {"contact_cost", decision->terms.contact},
                      {"success_rate", decision->terms.success},
                      {"hold_out", std::move(hold_out)},
                      {"best_of_hold_out", choice_json(decision->best)},
                      {"everybody", choice_json(decision->everybody)},
                      {"empc", {{"profit", decision->expected.profit}, {"share", decision->expected.share}}},
                      {"curve", std::move(curve)},
                      {"now", now_json(*decision, chance, value)}};
}

}  // namespace emptor
