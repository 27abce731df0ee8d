/// The computations of the registry, one function each, and their schemas.
#pragma once

#include <string_view>

#include "emptor/insight/compute.hpp"

namespace emptor {

std::string_view compute_rfm_schema();
ComputedResult compute_rfm(const PlainData& data);
std::string_view compute_lifetime_schema();
ComputedResult compute_lifetime(const PlainData& data);
std::string_view compute_habits_schema();
ComputedResult compute_habits(const PlainData& data);
std::string_view compute_composition_schema();
ComputedResult compute_composition(const PlainData& data);
std::string_view compute_market_schema();
ComputedResult compute_market(const PlainData& data);
std::string_view compute_preferences_schema();
ComputedResult compute_preferences(const PlainData& data);
std::string_view compute_customer_profit_schema();
ComputedResult compute_customer_profit(const PlainData& data);
std::string_view compute_usage_schema();
ComputedResult compute_usage(const PlainData& data);
std::string_view compute_churn_schema();
ComputedResult compute_churn(const PlainData& data);
std::string_view compute_survival_schema();
ComputedResult compute_survival(const PlainData& data);
std::string_view compute_value_schema();
ComputedResult compute_value(const PlainData& data);
std::string_view compute_offers_schema();
ComputedResult compute_offers(const PlainData& data);
std::string_view compute_replenishment_schema();
ComputedResult compute_replenishment(const PlainData& data);
std::string_view compute_uplift_schema();
ComputedResult compute_uplift(const PlainData& data);
std::string_view compute_scorecard_schema();
ComputedResult compute_scorecard(const PlainData& data);
std::string_view compute_scorecard_points_schema();
ComputedResult compute_scorecard_points(const PlainData& data);
std::string_view compute_leak_screen_schema();
ComputedResult compute_leak_screen(const PlainData& data);
std::string_view compute_satisfaction_schema();
ComputedResult compute_satisfaction(const PlainData& data);
std::string_view compute_fraud_schema();
ComputedResult compute_fraud(const PlainData& data);
std::string_view compute_trends_schema();
ComputedResult compute_trends(const PlainData& data);
std::string_view compute_causes_schema();
ComputedResult compute_causes(const PlainData& data);
std::string_view compute_decomposition_schema();
ComputedResult compute_decomposition(const PlainData& data);
std::string_view compute_change_points_schema();
ComputedResult compute_change_points(const PlainData& data);
std::string_view compute_smoothing_schema();
ComputedResult compute_smoothing(const PlainData& data);
std::string_view compute_lags_schema();
ComputedResult compute_lags(const PlainData& data);
std::string_view compute_itemsets_schema();
ComputedResult compute_itemsets(const PlainData& data);
ComputedResult compute_itemsets_in_batches(const PlainBatches& data);
std::string_view compute_rules_schema();
ComputedResult compute_rules(const PlainData& data);
std::string_view compute_sequences_schema();
ComputedResult compute_sequences(const PlainData& data);

}  // namespace emptor
