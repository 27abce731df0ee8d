/// Deals: how a sale comes about (pipelines, opportunities, quotes), is agreed (contracts,
/// subscriptions) and is measured (targets).
#pragma once

#include <array>

#include "emptor/model/describe.hpp"

namespace emptor {

/// The stages of a pipeline for which nothing else was set: the eight steps of the sales method.
inline constexpr std::array<std::string_view, 8> sales_steps = {"find",  "visit",    "trust", "need",
                                                                "study", "proposal", "sign",  "satisfy"};

struct Pipeline {
  EMPTOR_ENTITY(Pipeline, "pipeline", 44, "the stages that an opportunity goes through; as many pipelines as one needs")
  std::string name;
  EMPTOR_FIELD(name, "name of the pipeline", required)
  std::string description;
  EMPTOR_FIELD(description, "which sales it is for")
  std::optional<bool> standard;
  EMPTOR_FIELD(standard, "used where an opportunity names none")
  std::optional<bool> active;
  EMPTOR_FIELD(active, "new opportunities may use it")
};

struct PipelineStage {
  EMPTOR_ENTITY(PipelineStage, "pipeline_stage", 45, "one stage of a pipeline")
  Id pipeline_id;
  EMPTOR_FIELD(pipeline_id, "the pipeline", required | refers_to("pipeline"))
  std::optional<std::int64_t> position;
  EMPTOR_FIELD(position, "place in the pipeline, from 1", required)
  std::string name;
  EMPTOR_FIELD(name, "name, as opportunities carry it in `stage`", required)
  std::optional<Decimal> probability;
  EMPTOR_FIELD(probability, "chance to win from here, 0 to 1")
  std::string outcome;
  EMPTOR_FIELD(outcome, "what reaching it means, where it ends the opportunity", one_of("won|lost|abandoned"))
  std::optional<std::int64_t> expected_days;
  EMPTOR_FIELD(expected_days, "days that it takes as a rule")
  std::string duty;
  EMPTOR_FIELD(duty, "what the seller must have done before the next stage")
};

struct Opportunity {
  EMPTOR_ENTITY(Opportunity, "opportunity", 46, "a sale that may come about")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer; missing while unknown", of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first booked for", refers_to("customer"))
  std::string name;
  EMPTOR_FIELD(name, "what it is about, in a line", searched)
  std::string number;
  EMPTOR_FIELD(number, "number of the source", indexed)
  Id pipeline_id;
  EMPTOR_FIELD(pipeline_id, "the pipeline that it goes through", refers_to("pipeline"))
  std::string stage;
  EMPTOR_FIELD(stage, "name of the stage that it has reached", indexed)
  std::string outcome;
  EMPTOR_FIELD(outcome, "how it ended; missing while it is open", one_of("won|lost|abandoned"))
  std::string lost_reason;
  EMPTOR_FIELD(lost_reason, "why it was lost, as a class")
  Id competitor_id;
  EMPTOR_FIELD(competitor_id, "who else offers, or who won", refers_to("competitor"))
  Id product_id;
  EMPTOR_FIELD(product_id, "the main product", refers_to("product"))
  std::optional<Decimal> quantity;
  EMPTOR_FIELD(quantity, "units")
  Id owner_id;
  EMPTOR_FIELD(owner_id, "the user who sells it", indexed | responsible)
  Id campaign_id;
  EMPTOR_FIELD(campaign_id, "the campaign that brought it", refers_to("campaign"))
  Id territory_id;
  EMPTOR_FIELD(territory_id, "where it is", refers_to("territory"))
  std::string source;
  EMPTOR_FIELD(source, "where it came from")
  std::optional<Instant> opened_at;
  EMPTOR_FIELD(opened_at, "when it was found", moment)
  std::optional<Instant> stage_at;
  EMPTOR_FIELD(stage_at, "when it reached its stage")
  std::optional<Date> expected_close;
  EMPTOR_FIELD(expected_close, "day on which it should be decided")
  std::optional<Instant> closed_at;
  EMPTOR_FIELD(closed_at, "when it was won or lost", indexed)
  std::optional<Decimal> probability;
  EMPTOR_FIELD(probability, "chance to win, 0 to 1; that of the stage if missing")
  std::optional<Decimal> amount;
  EMPTOR_FIELD(amount, "what it is worth, in `currency`")
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
  std::optional<Decimal> base_amount;
  EMPTOR_FIELD(base_amount, "the amount in the base currency, at the host's rate of the day")
  std::string next_step;
  EMPTOR_FIELD(next_step, "what to do next", personal)
  std::string notes;
  EMPTOR_FIELD(notes, "free text", personal | searched)
};

struct Quote {
  EMPTOR_ENTITY(Quote, "quote", 47, "an offer to a customer, with prices that hold until a day")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer", required | of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first made for", refers_to("customer"))
  Id opportunity_id;
  EMPTOR_FIELD(opportunity_id, "the opportunity", indexed | refers_to("opportunity"))
  std::string number;
  EMPTOR_FIELD(number, "document number", indexed)
  std::optional<std::int64_t> revision;
  EMPTOR_FIELD(revision, "1, 2, 3 ... of the same number")
  Id price_list_id;
  EMPTOR_FIELD(price_list_id, "the price list that it is made from", refers_to("price_list"))
  Id owner_id;
  EMPTOR_FIELD(owner_id, "the user who made it", responsible)
  std::optional<Instant> quoted_at;
  EMPTOR_FIELD(quoted_at, "when it was sent", moment)
  std::optional<Date> valid_to;
  EMPTOR_FIELD(valid_to, "last day on which it binds")
  std::string status;
  EMPTOR_FIELD(status, "how far it is", one_of("draft|sent|accepted|refused|expired|replaced"))
  std::optional<Decimal> amount;
  EMPTOR_FIELD(amount, "sum of its lines, in `currency`")
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
  std::optional<Decimal> base_amount;
  EMPTOR_FIELD(base_amount, "the amount in the base currency, at the host's rate of the day")
  Id order_id;
  EMPTOR_FIELD(order_id, "the order that came of it", refers_to("order"))
};

struct QuoteLine {
  EMPTOR_ENTITY(QuoteLine, "quote_line", 50, "one product in a quote")
  Id customer_id;
  EMPTOR_FIELD(customer_id, "the customer, as on the quote", of_customer)
  Id origin_id;
  EMPTOR_FIELD(origin_id, "the customer it was first made for", refers_to("customer"))
  Id quote_id;
  EMPTOR_FIELD(quote_id, "the quote", required | indexed | refers_to("quote"))
  std::optional<std::int64_t> position;
  EMPTOR_FIELD(position, "place in the quote, from 1")
  Id product_id;
  EMPTOR_FIELD(product_id, "the product", refers_to("product"))
  std::string description;
  EMPTOR_FIELD(description, "text of the line, with the chosen configuration")
  std::optional<Decimal> quantity;
  EMPTOR_FIELD(quantity, "units")
  std::optional<Decimal> price;
  EMPTOR_FIELD(price, "price of one unit, in `currency`")
  std::optional<Decimal> discount;
  EMPTOR_FIELD(discount, "share taken off the price, 0 to 1")
  std::optional<Decimal> amount;
  EMPTOR_FIELD(amount, "what the line comes to, in `currency`")
  std::string currency;
  EMPTOR_FIELD(currency, "ISO 4217; the base currency if missing")
};

struct Target {
  EMPTOR_ENTITY(Target, "target", 56, "what a user, team or territory is to reach in a period")
  Id user_id;
  EMPTOR_FIELD(user_id, "the user, where it is one's own", responsible)
  Id team_id;
  EMPTOR_FIELD(team_id, "the team, where it is a team's", refers_to("team"))
  Id territory_id;
  EMPTOR_FIELD(territory_id, "the territory, where it is bound to one", refers_to("territory"))
  Id product_id;
  EMPTOR_FIELD(product_id, "the product, where it is bound to one", refers_to("product"))
  std::optional<Date> starts_on;
  EMPTOR_FIELD(starts_on, "first day of the period", required)
  std::optional<Date> ends_on;
  EMPTOR_FIELD(ends_on, "last day of the period", required)
  std::string measure;
  EMPTOR_FIELD(measure, "what is counted",
               required | one_of("revenue|profit|orders|units|won_opportunities|new_customers|visits|calls"))
  std::optional<Decimal> value;
  EMPTOR_FIELD(value, "how much of it; money is in the base currency", required)
};

struct Competitor {
  EMPTOR_ENTITY(Competitor, "competitor", 57, "somebody who sells to the same customers")
  std::string name;
  EMPTOR_FIELD(name, "name", required)
  std::string products;
  EMPTOR_FIELD(products, "what they offer against us")
  std::string strengths;
  EMPTOR_FIELD(strengths, "where they are better")
  std::string weaknesses;
  EMPTOR_FIELD(weaknesses, "where we are")
  std::optional<Decimal> market_share;
  EMPTOR_FIELD(market_share, "share of the market, 0 to 1")
  std::string website;
  EMPTOR_FIELD(website, "address of their site")
  std::string notes;
  EMPTOR_FIELD(notes, "free text")
};

}  // namespace emptor
