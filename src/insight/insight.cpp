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
    if (entry.name == name) return entry.run(session, options);
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  throw Error(Code::not_found, "there is no insight of this name", "known are " + known);
}

}  // namespace emptor
