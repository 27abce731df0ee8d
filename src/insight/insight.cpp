#include "emptor/insight/insight.hpp"

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {

std::span<const InsightEntry> insights() {
  static const InsightEntry entries[] = {
      {"rfm", "recency, frequency and monetary value of each customer, scored and named", rfm_schema, run_rfm},
      {"lifetime", "whether customers still are such, what they will buy and what that is worth", lifetime_schema,
       run_lifetime},
      {"value", "what each customer is worth, in five dimensions, and in which tier that puts them", value_schema,
       run_value},
      {"churn", "who will fall silent, how sure that is, and why", churn_schema, run_churn},
      {"survival", "how long contracts and subscriptions last, what raises the risk, and which may end soon",
       survival_schema(), run_survival},
      {"offers", "what each customer is likely to buy next, and because of what", offers_schema, run_offers},
      {"replenishment", "on which day each customer will want a product again", replenishment_schema,
       run_replenishment},
      {"campaigns",
       "what each campaign brought beyond its hold-out, whom to contact next, and how that differs from churn",
       campaigns_schema, run_campaigns},
      {"value_class", "VIP, care, adapt, indifferent: four classes by spend", value_class_schema, run_value_class},
      {"interaction_groups", "high and low value by high and low interaction", interaction_groups_schema,
       run_interaction_groups},
      {"credit", "how customers pay what is due, who may become seriously overdue, and what limit to grant",
       credit_schema, run_credit},
      {"outcome", "what came of customers, or of opportunities, learnt from their other fields: who is next, and why",
       outcome_schema, run_outcome},
      {"satisfaction", "what customers say of us, what goes with it, and whether it shows in what they buy",
       satisfaction_schema, run_satisfaction},
      {"service", "how long customers wait, whether that fits what they are worth, and whom to serve first",
       service_schema, run_service},
      {"fraud", "whose orders, returns, refunds and coupons are so unusual that somebody should look", fraud_schema,
       run_fraud},
      {"composition",
       "who the customers are and where, what each group brings, how it grows, and how much hangs on few",
       stored_composition_schema(), run_composition},
      {"market", "which customers behave alike, and against whom deals are won and lost, where and why",
       stored_market_schema(), run_market},
      {"habits",
       "when, how and what customers buy, which habits are their own, which have changed, and groups by habit",
       stored_habits_schema(), run_habits},
      {"preferences", "what customers like, dislike and ask for by their own words, and what they buy next by it",
       preferences_schema, run_preferences},
      {"usage", "which products and services are in use, by how many, with what trouble, and what is paid and not used",
       usage_schema, run_usage},
      {"next_action", "the one thing to do now for each customer, by what it is expected to bring", next_action_schema,
       run_next_action},
      {"trends", "how the business goes: trend, season, changes, what comes next, and which figure moves before which",
       trends_schema, run_trends},
      {"causes", "why revenue changed from one period to another, who contributed most, and what else happened then",
       causes_schema, run_causes},
      {"customer_profit", "what each customer brings after all costs, now and to come, and which groups cost more",
       customer_profit_schema, run_customer_profit},
  };
  return entries;
}

InsightResult run_insight(Session& session, std::string_view name, const InsightOptions& options) {
  const LongCall call(session.options().progress);
  std::string known;
  for (const InsightEntry& entry : insights()) {
    if (entry.name == name) {
      const Purpose purpose(session, Action::analyse);
      return entry.run(session, options);
    }
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  throw Error(Code::not_found, "there is no insight of this name", "known are " + known);
}

}  // namespace emptor
