#include <algorithm>

#include "core/options.hpp"
#include "insight/campaigns/campaign_work.hpp"
#include "insight/insight_runs.hpp"
#include "insight/offers/offer_base.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

Id write_campaigns(Session& session, const CampaignOutcome& outcome, const json::object& told,
                   std::int64_t data_version) {
  json::object state = told;
  for (const char* run_only : {"options", "insight", "as_of", "data_version", "model_id", "scored"})
    state.erase(run_only);
  const InsightRun run{.name = "campaigns",
                       .algorithm = "campaigns/1 two models",
                       .options = json::serialize(told.at("options")),
                       .state = json::serialize(state),
                       .as_of = outcome.until.value_or(Date{}),
                       .data_version = data_version,
                       .scores = {"campaigns.response", "campaigns.uplift"}};
  const bool any = !outcome.response.chance.empty() || !outcome.uplift.empty();
  const std::vector<std::int64_t>& customers = outcome.trials.customers;
  return write_back(session, run, {customers.data(), any ? customers.size() : 0},
                    [&](std::size_t i, GivenResult& result) {
                      if (!outcome.response.chance.empty()) {
                        const double chance = outcome.response.chance[i];
                        result.scores.push_back(
                            {"campaigns.response", chance, chance >= outcome.response.rate ? "likely" : "unlikely"});
                      }
                      if (outcome.uplift.empty()) return;
                      const bool contact = outcome.contact[i];
                      result.scores.push_back({"campaigns.uplift", outcome.uplift[i], contact ? "contact" : "leave"});
                      if (contact) result.tag = "campaigns.contact";
                    });
}

/// Who is blocked, or wants no offers, is not to be contacted, whatever a contact would do.
void leave_out(const std::vector<std::int64_t>& customers, CampaignOutcome& outcome) {
  for (std::size_t i = 0; i < outcome.contact.size(); ++i)
    if (std::ranges::binary_search(customers, outcome.trials.customers[i])) outcome.contact[i] = false;
}

}  // namespace

InsightResult run_campaigns(Session& session, const InsightOptions& options) {
  const CampaignRequest request = campaign_request(checked_options(campaigns_schema, options.json), options.as_of);
  const Facts facts = read_facts(session);
  const View view = session.view();
  CampaignRecords records = read_campaigns(view);
  const std::int64_t data_version = std::max(facts.data_version, records.data_version);
  const std::vector<CustomerTraits> traits =
      records.members.empty() ? std::vector<CustomerTraits>() : read_traits(view);
  keep_members_among(traits, records);
  CampaignOutcome outcome = judge_campaigns(records, traits, lines_of(facts), request,
                                            {session.options().executor, session.options().progress});
  if (!outcome.contact.empty()) leave_out(customers_without_offers(view, *outcome.until), outcome);
  const Voice voice(request.language, view.info().currency.minor_digits());
  json::object summary = campaign_json(request, records, outcome, voice);
  const bool scored = !outcome.response.chance.empty() || !outcome.uplift.empty();
  tell_run(summary, "campaigns", data_version, scored ? outcome.trials.customers.size() : 0);
  if (options.write_back)
    summary["model_id"] = std::to_string(write_campaigns(session, outcome, summary, data_version).value);
  InsightResult result{summary_text(summary), data_version, scored ? outcome.trials.customers.size() : 0};
  if (options.table) result.table = campaign_table(outcome);
  return result;
}

}  // namespace emptor
