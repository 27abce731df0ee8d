#include "emptor/insight/compute.hpp"

#include "core/arrow_table.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "insight/compute_runs.hpp"

namespace emptor {

std::span<const ComputationEntry> computations() {
  static const ComputationEntry entries[] = {
      {"rfm", "recency, frequency and monetary value of each customer in a table of purchases, scored and named",
       compute_rfm_schema(), compute_rfm},
      {"lifetime",
       "whether each customer in a table of purchases still is one, what they will buy, and what that is worth",
       compute_lifetime_schema(), compute_lifetime},
      {"value",
       "what each customer in a table of purchases is worth, in five dimensions, and in which tier that puts them",
       compute_value_schema(), compute_value},
      {"churn", "who will fall silent, how sure that is, and why, from a table of purchases", compute_churn_schema(),
       compute_churn},
      {"survival", "how long each row of a table lasted, some not having ended: curves, groups compared, risks",
       compute_survival_schema(), compute_survival},
      {"offers", "what each customer is likely to buy next, and because of what, from a table of purchases",
       compute_offers_schema(), compute_offers},
      {"replenishment", "on which day each customer will want a product again, from a table of purchases",
       compute_replenishment_schema(), compute_replenishment},
      {"composition", "what each group of customers brings, how it grows and how much hangs on few, from a table",
       compute_composition_schema(), compute_composition},
      {"market", "which customers of a table of purchases behave alike, where there are such segments at all",
       compute_market_schema(), compute_market},
      {"customer_profit", "what each customer brings after costs, now and to come, from a table of purchases and costs",
       compute_customer_profit_schema(), compute_customer_profit},
      {"preferences", "what customers like, dislike and ask for by their texts, from a table of texts and purchases",
       compute_preferences_schema(), compute_preferences},
      {"habits", "when, how and what customers buy, and which habits are their own, from a table of purchases",
       compute_habits_schema(), compute_habits},
      {"usage", "which products are in use, by how many, and how often again, from a table of purchases",
       compute_usage_schema(), compute_usage},
      {"uplift", "what a contact did beyond the hold-out of a trial, whom it moves, and whom it pays to contact",
       compute_uplift_schema(), compute_uplift},
      {"scorecard", "the chance of an event as points that are added up, learnt from a table with a row a case",
       compute_scorecard_schema(), compute_scorecard},
      {"scorecard_points",
       "points, chance and reasons of each row of a table by a card that scorecard gave, and how far the rows moved",
       compute_scorecard_points_schema(), compute_scorecard_points},
      {"leak_screen", "which columns of a table know too much of its target to have been known in time",
       compute_leak_screen_schema(), compute_leak_screen},
      {"satisfaction",
       "what the answers to a survey come to by period and group, what goes with them, and who said what",
       compute_satisfaction_schema(), compute_satisfaction},
      {"fraud",
       "whose orders, returns, refunds and coupons are so unusual that somebody should look, from a table of them",
       compute_fraud_schema(), compute_fraud},
      {"trends", "how the business in a table of purchases goes: trend, season, changes, what comes next",
       compute_trends_schema(), compute_trends},
      {"causes", "why revenue in a table of purchases changed from one period to another, and who contributed most",
       compute_causes_schema(), compute_causes},
      {"seasonal_decomposition", "a series as trend, season and remainder", compute_decomposition_schema(),
       compute_decomposition},
      {"change_points", "where a series changed its level or slope, at a chosen rate of false alarms",
       compute_change_points_schema(), compute_change_points},
      {"exponential_smoothing", "the next points of a series with intervals, judged beside naive forecasts",
       compute_smoothing_schema(), compute_smoothing},
      {"lagged_correlation", "which column moves some rows before which other one; association, not cause",
       compute_lags_schema(), compute_lags},
      {"itemsets", "which items occur together in many baskets, of a table with a row for each item in a basket",
       compute_itemsets_schema(), compute_itemsets, compute_itemsets_in_batches},
      {"rules", "who has this has that: association rules of the same table, with every measure and significance",
       compute_rules_schema(), compute_rules},
      {"sequences", "what comes after what in many histories, of a table with a row for each item of a history",
       compute_sequences_schema(), compute_sequences},
  };
  return entries;
}

namespace {

const ComputationEntry& computation(std::string_view name) {
  std::string known;
  for (const ComputationEntry& entry : computations()) {
    if (entry.name == name) return entry;
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  throw Error(Code::not_found, "there is no computation of this name", "known are " + known);
}

}  // namespace

ComputedResult compute(std::string_view name, const PlainData& data) {
  const UnreadStream stream(data.stream);
  const LongCall call(data.progress);
  return computation(name).run(data);
}

ComputedResult compute(std::string_view name, const PlainBatches& data) {
  const LongCall call(data.progress);
  const ComputationEntry& entry = computation(name);
  if (entry.run_batches == nullptr)
    throw Error(Code::unsupported, "'" + std::string(name) + "' takes no batches",
                "emptor_operations tells which computations do");
  return entry.run_batches(data);
}

}  // namespace emptor
