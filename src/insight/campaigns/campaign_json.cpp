#include <algorithm>

#include "insight/campaigns/campaign_words.hpp"
#include "insight/campaigns/campaign_work.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

std::string_view name_of(CampaignVerdict verdict) {
  constexpr std::string_view names[] = {"measured",    "no_members", "no_first_day", "not_over",
                                        "no_hold_out", "too_few",    "wrong_ratio"};
  return names[static_cast<std::size_t>(verdict)];
}

json::value day_value(const std::optional<std::int32_t>& day) {
  return day ? json::value(to_string(Date{*day})) : json::value();
}

json::value interval_value(const std::optional<mine::Interval>& interval) {
  return interval ? json::value(interval_json(*interval)) : json::value();
}

json::object variant_json(const ArmEffects& arm) {
  return {{"variant", arm.variant}, {"response", effect_json(arm.response)}, {"revenue", effect_json(arm.revenue)}};
}

void tell_effects(const MeasuredCampaign& measured, double margin, json::object& told) {
  if (!measured.all) return;
  const mine::Interval added = total_of(measured.all->revenue), profit = profit_of(added, margin, measured.cost);
  told["response"] = effect_json(measured.all->response);
  told["revenue_a_head"] = effect_json(measured.all->revenue);
  if (measured.conversion) told["conversion"] = effect_json(*measured.conversion);
  told["added_responses"] = interval_json(total_of(measured.all->response));
  told["added_revenue"] = interval_json(added);
  told["profit"] = interval_json(profit);
  told["return_on_cost"] = interval_value(return_of(profit, measured.cost));
  json::array variants;
  for (const ArmEffects& arm : measured.variants) variants.push_back(variant_json(arm));
  if (!variants.empty()) told["variants"] = std::move(variants);
}

json::object one_campaign(const CampaignRecord& campaign, const MeasuredCampaign& measured, double margin,
                          const Voice& voice) {
  json::object told = {{"id", std::to_string(campaign.id)},
                       {"name", campaign.name},
                       {"channel", campaign.channel},
                       {"verdict", name_of(measured.verdict)},
                       {"words", campaign_words(campaign, measured, margin, voice)},
                       {"first_day", day_value(measured.first)},
                       {"last_day", day_value(measured.last)},
                       {"treated", measured.treated},
                       {"held_out", measured.held_out},
                       {"contacts", measured.contacts},
                       {"responses", measured.responses},
                       {"revenue", decimal_json(measured.revenue)},
                       {"cost", decimal_json(measured.cost)},
                       {"spent", decimal_json(measured.spent)}};
  if (campaign.budget) {
    told["budget"] = decimal_json(*campaign.budget);
    told["over_budget"] = measured.spent.value() > *campaign.budget;
  }
  told["sample_ratio"] = measured.ratio ? json::value(ratio_json(*measured.ratio)) : json::value();
  tell_effects(measured, margin, told);
  return told;
}

json::object channel_json(const MeasuredChannel& channel, double margin) {
  json::object told = {{"channel", channel.channel},
                       {"campaigns", channel.campaigns},
                       {"compared_with_a_hold_out", channel.compared},
                       {"contacts", channel.contacts},
                       {"treated", channel.treated},
                       {"responses", channel.responses},
                       {"cost", decimal_json(channel.cost)},
                       {"revenue", decimal_json(channel.revenue)},
                       {"response_rate", interval_value(channel.rate)},
                       {"revenue_a_head", interval_value(channel.amount)},
                       {"added_responses", interval_value(channel.added_responses)},
                       {"added_revenue", interval_value(channel.added_revenue)}};
  if (!channel.added_revenue) return told;
  const mine::Interval profit = profit_of(*channel.added_revenue, margin, channel.compared_cost);
  told["compared_cost"] = decimal_json(channel.compared_cost);
  told["profit"] = interval_json(profit);
  told["return_on_cost"] = interval_value(return_of(profit, channel.compared_cost));
  return told;
}

json::object uplift_json(const CampaignOutcome& outcome, const Voice& voice) {
  json::object told = {
      {"verdict", outcome.uplift_verdict}, {"campaigns", outcome.learnt_from}, {"memberships", outcome.trial_rows}};
  if (!outcome.study) return told;
  const auto above =
      static_cast<std::size_t>(std::count_if(outcome.uplift.begin(), outcome.uplift.end(), [&](double score) {
        return score >= outcome.study->targeting.cut.threshold;
      }));
  told["value_of_response"] = outcome.economics.value;
  told["cost_of_contact"] = outcome.economics.cost;
  told["to_contact"] = std::count(outcome.contact.begin(), outcome.contact.end(), true);
  told["words"] = targeting_words(outcome.study->targeting, above, voice);
  for (auto& [name, value] : study_json(*outcome.study)) told[name] = std::move(value);
  return told;
}

json::object response_json(const ResponseOutcome& response) {
  json::array models;
  for (const ResponseQuality& one : response.qualities)
    models.push_back({{"name", one.name}, {"auc", interval_json(one.auc)}, {"top_decile_lift", one.top_decile_lift}});
  return {{"verdict", response.verdict}, {"rate", response.rate}, {"models", std::move(models)}};
}

json::object options_json(const CampaignRequest& request) {
  json::array names;
  for (const std::string& name : request.learn_from) names.emplace_back(name);
  json::object told =
      measure_options_json({.horizon_days = request.churn_horizon, .purchases = request.trials.rows.purchases});
  told.erase("non_positive");
  told["window_days"] = request.trials.window_days ? json::value(*request.trials.window_days) : json::value();
  told["response"] = request.measures.response == CampaignResponse::purchase ? "purchase" : "conversion";
  told["margin"] = request.measures.margin;
  told["learn_from"] = std::move(names);
  told["list_share"] = request.list_share;
  told["model"] = arm_model_names[static_cast<std::size_t>(request.uplift.model)];
  told["folds"] = request.uplift.folds;
  told["seed"] = request.uplift.seed;
  told["repetitions"] = request.uplift.repetitions;
  told["level"] = request.uplift.level;
  told["value"] = request.value_given ? json::value(request.uplift.economics.value) : json::value();
  told["cost"] = request.cost_given ? json::value(request.uplift.economics.cost) : json::value();
  if (request.language != Language::english) told["language"] = code_of(request.language);
  return told;
}

}  // namespace

json::object campaign_json(const CampaignRequest& request, const CampaignRecords& records,
                           const CampaignOutcome& outcome, const Voice& voice) {
  const double margin = request.measures.margin;
  json::array campaigns, channels;
  for (std::size_t i = 0; i < outcome.measures.campaigns.size(); ++i)
    campaigns.push_back(one_campaign(records.campaigns[i], outcome.measures.campaigns[i], margin, voice));
  for (const MeasuredChannel& channel : outcome.measures.channels) channels.push_back(channel_json(channel, margin));
  json::object told = {{"until", outcome.until ? json::value(to_string(*outcome.until)) : json::value()},
                       {"customers", outcome.trials.customers.size()},
                       {"verdict", outcome.verdict},
                       {"options", options_json(request)},
                       {"memberships", records.members.size()},
                       {"repeated_memberships", records.repeated},
                       {"campaigns", std::move(campaigns)},
                       {"channels", std::move(channels)}};
  if (!outcome.until) return told;
  told["uplift"] = uplift_json(outcome, voice);
  told["response"] = response_json(outcome.response);
  told["churn"] = {
      {"verdict", outcome.churn_verdict},
      {"comparison", outcome.comparison ? json::value(comparison_json(*outcome.comparison, voice)) : json::value()}};
  return told;
}

}  // namespace emptor
