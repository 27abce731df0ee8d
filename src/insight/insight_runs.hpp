/// The insights of the registry, one function each, and their schemas.
#pragma once

#include <boost/json.hpp>
#include <string_view>

#include "emptor/insight/insight.hpp"
#include "emptor/insight/language.hpp"
#include "emptor/insight/measures.hpp"

namespace emptor {

extern const std::string_view rfm_schema;
InsightResult run_rfm(Session& session, const InsightOptions& options);
extern const std::string_view lifetime_schema;
InsightResult run_lifetime(Session& session, const InsightOptions& options);
extern const std::string_view churn_schema;
InsightResult run_churn(Session& session, const InsightOptions& options);
std::string_view survival_schema();
InsightResult run_survival(Session& session, const InsightOptions& options);
extern const std::string_view offers_schema;
InsightResult run_offers(Session& session, const InsightOptions& options);
extern const std::string_view replenishment_schema;
InsightResult run_replenishment(Session& session, const InsightOptions& options);
extern const std::string_view next_action_schema;
InsightResult run_next_action(Session& session, const InsightOptions& options);
extern const std::string_view campaigns_schema;
InsightResult run_campaigns(Session& session, const InsightOptions& options);
extern const std::string_view value_schema;
InsightResult run_value(Session& session, const InsightOptions& options);
extern const std::string_view value_class_schema;
InsightResult run_value_class(Session& session, const InsightOptions& options);
extern const std::string_view credit_schema;
InsightResult run_credit(Session& session, const InsightOptions& options);
extern const std::string_view outcome_schema;
InsightResult run_outcome(Session& session, const InsightOptions& options);
extern const std::string_view fraud_schema;
InsightResult run_fraud(Session& session, const InsightOptions& options);
/// Here and below, what is called like the insight has the options without what needs a store.
extern const std::string_view composition_schema;
std::string_view stored_composition_schema();
InsightResult run_composition(Session& session, const InsightOptions& options);
extern const std::string_view market_schema;
std::string_view stored_market_schema();
InsightResult run_market(Session& session, const InsightOptions& options);
extern const std::string_view habits_schema;
std::string_view stored_habits_schema();
InsightResult run_habits(Session& session, const InsightOptions& options);
extern const std::string_view preferences_schema;
InsightResult run_preferences(Session& session, const InsightOptions& options);
extern const std::string_view usage_schema;
InsightResult run_usage(Session& session, const InsightOptions& options);
extern const std::string_view trends_schema;
InsightResult run_trends(Session& session, const InsightOptions& options);
extern const std::string_view causes_schema;
InsightResult run_causes(Session& session, const InsightOptions& options);
extern const std::string_view customer_profit_schema;
InsightResult run_customer_profit(Session& session, const InsightOptions& options);
extern const std::string_view interaction_groups_schema;
InsightResult run_interaction_groups(Session& session, const InsightOptions& options);
extern const std::string_view satisfaction_schema;
InsightResult run_satisfaction(Session& session, const InsightOptions& options);
extern const std::string_view service_schema;
InsightResult run_service(Session& session, const InsightOptions& options);

/// What all insights that measure purchases take: horizon_days, purchases, non_positive.
MeasureOptions measure_options(const boost::json::object& options, const std::optional<Date>& as_of);
boost::json::object measure_options_json(const MeasureOptions& options);
/// The option "language" ("en" without it), and how it is written.
Language language_option(const boost::json::object& options);
std::string_view code_of(Language language) noexcept;
/// An exact decimal as a JSON text.
boost::json::value decimal_json(const IntegerSum& micros);
boost::json::value decimal_json(std::int64_t micros);
/// The day as text; null where there is none.
boost::json::value day_json(const Measures& measures);
/// A number; null where it is not finite.
boost::json::value number_json(double number);
/// Customers as the first column of an insight's table.
Column id_column(std::span<const std::int64_t> ids);
/// Numbers as a column; NaN is nothing there.
Column real_column(std::span<const double> numbers);
/// What a summary says of its run besides; the model's id is null until one is written.
void tell_run(boost::json::object& summary, std::string_view insight, std::int64_t data_version, std::size_t scored);
/// The summary as it is handed out: its verdicts in the language of its options (verdict_words.hpp). What is kept in a
/// model has them in English.
std::string summary_text(boost::json::object& summary);
/// The ids under which other systems know a customer, the first of them; empty if none does.
std::string external_id_of(const View& view, Id customer);

}  // namespace emptor
