/// Campaigns of a store: what each brought, whom a contact moves, who responds, and how that list differs from the list
/// of those who may leave.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/store/named_table.hpp"
#include "insight/campaigns/campaign_measures.hpp"
#include "insight/campaigns/model_comparison.hpp"
#include "insight/campaigns/response_model.hpp"
#include "insight/campaigns/uplift_study.hpp"

namespace emptor {

struct CampaignRequest {
  TrialOptions trials;  ///< `until` is set from the lines where nobody gives it
  bool until_given = false;
  MeasureRequest measures;
  UpliftRequest uplift;  ///< value and cost only where given
  bool value_given = false, cost_given = false;
  std::vector<std::string> learn_from;  ///< names of campaigns; all that can be measured if empty
  std::int32_t churn_horizon = 90;
  double list_share = 0.1;
  Language language = Language::english;
};
/// Requires options that the schema has checked.
CampaignRequest campaign_request(const boost::json::object& options, const std::optional<Date>& until);

struct CampaignOutcome {
  std::optional<Date> until;  ///< nothing without purchases
  std::string verdict;
  CampaignTrials trials;
  CampaignMeasures measures;

  std::string uplift_verdict;
  std::size_t learnt_from = 0;       ///< campaigns
  std::uint64_t trial_rows = 0;      ///< memberships in them
  mine::ContactEconomics economics;  ///< as given, or as seen in them
  std::optional<UpliftStudy> study;
  std::vector<double> uplift;  ///< of trials.customers; empty without a study
  std::vector<bool> contact;   ///< whether the advice is to contact them

  ResponseOutcome response;  ///< of trials.customers
  std::string churn_verdict;
  std::vector<double> silence;  ///< chance to leave, of trials.customers; NaN where churn gives none
  std::optional<ModelComparison> comparison;
};
CampaignOutcome judge_campaigns(const CampaignRecords& records, const std::vector<CustomerTraits>& traits,
                                const CustomerLines& lines, CampaignRequest request, const mine::Run& run);

/// docs/campaigns.md has the form.
boost::json::object campaign_json(const CampaignRequest& request, const CampaignRecords& records,
                                  const CampaignOutcome& outcome, const Voice& voice);
/// A row a customer: customer, response, uplift, contact, silence.
NamedTable campaign_table(const CampaignOutcome& outcome);

}  // namespace emptor
