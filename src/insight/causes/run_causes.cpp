#include <algorithm>

#include "core/options.hpp"
#include "insight/campaigns/campaign_records.hpp"
#include "insight/campaigns/campaign_words.hpp"
#include "insight/causes/cause_work.hpp"
#include "insight/insight_runs.hpp"
#include "insight/report/report_figures.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;
using words::Text;

constexpr std::size_t most_campaigns = 10'000;
constexpr Text began{"the campaign {0} began", "活动「{0}」开始"},
    brought{"the campaign {0} added {1}", "活动「{0}」带来新增 {1}"}, out_of_stock{"{0} is out of stock", "{0} 缺货"};

/// Campaigns whose first day lies in the period; what one brought, where its hold-out tells it from nothing.
void add_campaigns(const View& view, const CampaignRecords& records, PeriodKind period, const Voice& english,
                   const Voice& chinese, Comparison& one) {
  const std::vector<ReportCampaign> judged = campaigns_on_record(view, most_campaigns);
  for (const CampaignRecord& campaign : records.campaigns) {
    if (!campaign.starts || period_of(period, *campaign.starts) != one.after) continue;
    const auto found = std::find_if(judged.begin(), judged.end(), [&](const ReportCampaign& known) {
      return known.name == campaign.name && known.verdict == "measured" && (known.lower > 0 || known.upper < 0);
    });
    if (found == judged.end()) {
      one.coincidences.push_back(
          {"campaign", english.say(began, {campaign.name}), chinese.say(began, {campaign.name})});
      continue;
    }
    const auto added =
        static_cast<std::int64_t>(std::clamp(found->added_revenue, -9e12, 9e12)) * Decimal::micros_per_unit;
    one.coincidences.push_back({"campaign", english.say(brought, {campaign.name, english.amount(added)}),
                                chinese.say(brought, {campaign.name, chinese.amount(added)}), added, true});
  }
}

/// Products that are out of stock now, where the last period is the one that is told.
void add_stock(const View& view, const Voice& english, const Voice& chinese, Comparison& one) {
  constexpr std::size_t most_told = 3;
  for (const Record& product : view.select({.entity = "product",
                               .where = Where::all({Where::equal("stock", Decimal(0)), Where::equal("active", true)}),
                               .fields = {"name"},
                               .limit = most_told})) {
    const std::string name(product.get("name").text());
    one.coincidences.push_back({"stock", english.say(out_of_stock, {name}), chinese.say(out_of_stock, {name})});
  }
}

Id write_causes(Session& session, const CauseOutcome& outcome, const json::object& told, std::int64_t data_version) {
  const json::object state = {{"verdict", told.at("verdict")}, {"comparisons", told.at("comparisons")}};
  return write_model(session, {.name = "causes",
                               .algorithm = "causes/1 lmdi, holm",
                               .options = json::serialize(told.at("options")),
                               .state = json::serialize(state),
                               .as_of = outcome.until.value_or(Date{}),
                               .data_version = data_version});
}

}  // namespace

InsightResult run_causes(Session& session, const InsightOptions& options) {
  const CauseRequest request = cause_request(checked_options(causes_schema, options.json), options.as_of);
  const View view = session.view();
  const BusinessLines business = read_business(view);
  const CampaignRecords campaigns = read_campaigns(view);
  const std::int64_t data_version = std::max(business.data_version, campaigns.data_version);
  const int digits = view.info().currency.minor_digits();
  const Voice english(Language::english, digits), chinese(Language::chinese, digits);
  const ProductNames names = [&](std::int64_t id) {
    const std::optional<Record> product = view.get("product", Id{id});
    const std::string name = product ? std::string(product->get("name").text()) : std::string();
    return name.empty() ? "#" + std::to_string(id) : name;
  };
  CauseOutcome outcome = find_causes(business, request, names, english, chinese);
  for (Comparison& one : outcome.comparisons) {
    add_campaigns(view, campaigns, request.period, english, chinese, one);
    if (!options.as_of) add_stock(view, english, chinese, one);
  }
  json::object summary = causes_json(request, outcome, english, chinese);
  tell_run(summary, "causes", data_version, 0);
  if (options.write_back)
    summary["model_id"] = std::to_string(write_causes(session, outcome, summary, data_version).value);
  InsightResult result{summary_text(summary), data_version, 0};
  if (options.table) result.table = causes_table(outcome);
  return result;
}

}  // namespace emptor
