#include "emptor/insight/insight.hpp"

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {

std::span<const InsightEntry> insights() noexcept {
  static const InsightEntry entries[] = {
      {"rfm", "recency, frequency and monetary value of each customer, scored and named", rfm_schema, run_rfm},
      {"lifetime", "whether customers still are such, what they will buy and what that is worth", lifetime_schema,
       run_lifetime},
      {"churn", "who will fall silent, how sure that is, and why", churn_schema, run_churn},
      {"offers", "what each customer is likely to buy next, and because of what", offers_schema, run_offers},
      {"value_class", "VIP, care, adapt, indifferent: four classes by spend", value_class_schema, run_value_class},
      {"interaction_groups", "high and low value by high and low interaction", interaction_groups_schema,
       run_interaction_groups},
      {"credit", "how customers pay what is due, who may become seriously overdue, and what limit to grant",
       credit_schema, run_credit},
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
