#include "insight/campaigns/campaign_work.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/churn/churn_work.hpp"
#include "insight/facts/currency_units.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view response_texts[] = {"purchase", "conversion"};
constexpr std::string_view language_texts[] = {"en", "zh"};
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// The memberships that a model may learn from, and what they are worth.
struct PooledTrial {
  TrialTable table;
  double value = 0, cost = 0;  ///< of a response, of a contact
  std::size_t campaigns = 0;
};

void check_names(const CampaignRequest& request, const CampaignRecords& records) {
  for (const std::string& name : request.learn_from)
    if (std::none_of(records.campaigns.begin(), records.campaigns.end(),
                     [&](const CampaignRecord& campaign) { return campaign.name == name; }))
      throw Error(Problem{.code = Code::not_found,
                          .message = "there is no campaign of a name to learn from",
                          .field = "learn_from",
                          .hint = "names are those of the records of the entity campaign"});
}

bool learns_from(const CampaignRequest& request, const CampaignRecord& campaign, const MeasuredCampaign& measured) {
  if (measured.verdict != CampaignVerdict::measured) return false;
  const std::vector<std::string>& names = request.learn_from;
  return names.empty() || std::find(names.begin(), names.end(), campaign.name) != names.end();
}

/// Those held out weigh as much within each campaign as those contacted do, so that both arms have the same campaigns
/// in them: else what differs between campaigns would pass for uplift.
double weight_of(const MemberRecord& member, const MeasuredCampaign& campaign, double treated, double held_out) {
  if (!member.held_out) return 1;
  const double within = static_cast<double>(campaign.treated) / static_cast<double>(campaign.held_out);
  return within / (treated / held_out);
}

/// Of the campaigns that are learnt from: their members, and what one contact cost on average.
struct LearntCampaigns {
  std::vector<bool> used;
  std::size_t count = 0;
  double treated = 0, held_out = 0, cost_of_contact = 0;
};

LearntCampaigns learnt_campaigns(const CampaignRequest& request, const CampaignRecords& records,
                                 const CampaignMeasures& measures) {
  LearntCampaigns learnt;
  Wide cost = 0;
  std::uint64_t contacts = 0;
  for (std::size_t i = 0; i < records.campaigns.size(); ++i) {
    const MeasuredCampaign& measured = measures.campaigns[i];
    learnt.used.push_back(learns_from(request, records.campaigns[i], measured));
    if (!learnt.used[i]) continue;
    ++learnt.count;
    learnt.treated += static_cast<double>(measured.treated);
    learnt.held_out += static_cast<double>(measured.held_out);
    cost += measured.spent.value() - records.campaigns[i].cost.value_or(0);
    contacts += measured.contacts;
  }
  if (contacts > 0) learnt.cost_of_contact = in_currency(cost) / static_cast<double>(contacts);
  return learnt;
}

PooledTrial pooled_trial(const CampaignRequest& request, const CampaignRecords& records, const CampaignOutcome& out) {
  const LearntCampaigns learnt = learnt_campaigns(request, records, out.measures);
  PooledTrial pooled{.table = {}, .cost = learnt.cost_of_contact, .campaigns = learnt.count};
  Wide revenue = 0;
  std::uint64_t responses = 0;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < records.members.size(); ++i) {
    const MemberRecord& member = records.members[i];
    const MemberOutcome& outcome = out.trials.outcomes[i];
    if (!learnt.used[member.campaign] || !outcome.over) continue;
    rows.push_back(i);
    const bool answered = responded(member, outcome, request.measures.response);
    pooled.table.y.push_back(answered ? 1 : 0);
    pooled.table.treated.push_back(member.held_out ? 0 : 1);
    pooled.table.weights.push_back(
        weight_of(member, out.measures.campaigns[member.campaign], learnt.treated, learnt.held_out));
    pooled.table.groups.push_back(static_cast<std::uint64_t>(member.customer));
    responses += answered;
    if (answered) revenue += outcome.revenue;
  }
  pooled.table.columns = out.trials.before.columns_of(rows);
  if (responses > 0) pooled.value = request.measures.margin * in_currency(revenue) / static_cast<double>(responses);
  return pooled;
}

void study_pooled(const CampaignRequest& request, const CampaignRecords& records, const mine::Run& run,
                  CampaignOutcome& out) {
  const PooledTrial pooled = pooled_trial(request, records, out);
  out.learnt_from = pooled.campaigns;
  out.trial_rows = pooled.table.y.size();
  if (pooled.campaigns == 0) {
    out.uplift_verdict = "insufficient: no campaign can be compared with a hold-out";
    return;
  }
  out.uplift_verdict = lack_of_trial(pooled.table.y, pooled.table.treated);
  if (!out.uplift_verdict.empty()) return;
  UpliftRequest uplift = request.uplift;
  if (!request.value_given) uplift.economics.value = pooled.value;
  if (!request.cost_given) uplift.economics.cost = pooled.cost;
  out.economics = uplift.economics;
  out.study = study_uplift(pooled.table, uplift, run);
  out.uplift = UpliftModel(pooled.table, uplift.model, run).uplift(out.trials.now.columns(), run);
  const mine::TargetingAdvice advice = out.study->targeting.advice();
  for (const double score : out.uplift)
    out.contact.push_back(advice == mine::TargetingAdvice::everybody ||
                          (advice == mine::TargetingAdvice::chosen && score >= out.study->targeting.cut.threshold));
  out.uplift_verdict = "sufficient";
  if (out.study->qini.front().value.lower <= 0)
    out.uplift_verdict = "no better than chance at telling whom a contact moves: contact by the effect of all";
  if (!out.study->unequal.empty())
    out.uplift_verdict = "doubtful: those held out differ from the others in " +
                         std::to_string(out.study->unequal.size()) + " features (unequal_columns)";
}

ContactedTable contacted_table(const CampaignRequest& request, const CampaignRecords& records,
                               const CampaignTrials& trials) {
  ContactedTable contacted;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < records.members.size(); ++i) {
    const MemberRecord& member = records.members[i];
    if (!member.contacted || !trials.outcomes[i].over) continue;
    rows.push_back(i);
    contacted.y.push_back(responded(member, trials.outcomes[i], request.measures.response) ? 1 : 0);
    contacted.recency.push_back(trials.before.recency(i));
    contacted.groups.push_back(static_cast<std::uint64_t>(member.customer));
  }
  contacted.columns = trials.before.columns_of(rows);
  return contacted;
}

/// Who may leave, of the customers that have a chance to respond.
void compare_with_churn(const CampaignRequest& request, const CustomerLines& lines, const mine::Run& run,
                        CampaignOutcome& out) {
  ChurnRequest asked{.rows = request.trials.rows, .until = out.until, .language = request.language};
  asked.rows.horizon = request.churn_horizon;
  const ChurnOutcome churn = predict_churn(lines, asked, run);
  out.churn_verdict = churn.verdict;
  if (churn.chance.empty()) return;
  out.silence.assign(out.trials.customers.size(), nothing);
  std::vector<BothChances> both;
  for (std::size_t i = 0, at = 0; i < out.trials.customers.size(); ++i) {
    const std::int64_t customer = out.trials.customers[i];
    while (at < churn.rows.size() && churn.rows.customer[at] < customer) ++at;
    if (at == churn.rows.size() || churn.rows.customer[at] != customer) continue;
    out.silence[i] = churn.chance[at];
    both.push_back({customer, out.response.chance[i], churn.chance[at]});
  }
  out.comparison = compare_models(
      both,
      {.likely_response = out.response.rate, .likely_silence = churn.silent_share, .list_share = request.list_share});
}

std::string verdict_of(const CampaignRecords& records, const CampaignMeasures& measures) {
  if (records.campaigns.empty()) return "insufficient: there are no campaigns";
  const auto measured =
      std::count_if(measures.campaigns.begin(), measures.campaigns.end(),
                    [](const MeasuredCampaign& one) { return one.verdict == CampaignVerdict::measured; });
  if (measured > 0) return "sufficient";
  return "insufficient: none of " + std::to_string(records.campaigns.size()) +
         " campaigns can be compared with a hold-out whose window is over";
}

}  // namespace

const std::string_view campaigns_schema = [] {
  static const std::string text = R"({"type":"object","properties":{
"window_days":{"type":"integer","minimum":1,"maximum":3650,"description":"in which an answer counts, from a member's first day; that of the campaign without it, else 30"},
"response":{"type":"string","enum":["purchase","conversion"],"description":"what is an answer: a purchase within the window, or what the membership says"},
"margin":{"type":"number","minimum":0,"maximum":1,"description":"share of revenue that is earned; 1 without it"},
"learn_from":{"type":"array","items":{"type":"string"},"description":"names of the campaigns that uplift is learnt from; all that can be measured without it"},
"horizon_days":{"type":"integer","minimum":1,"maximum":3650,"description":"of the churn model beside, and of recent purchases; 90 without it"},
"list_share":{"type":"number","minimum":0.001,"maximum":1,"description":"of the customers, on each list that is compared; .1 without it"},
"purchases":{"type":"string","enum":["positive","non_negative","net"],"description":"which line items are purchases"},
"language":{"type":"string","enum":["en","zh"],"description":"of the words"},
)" + std::string(uplift_properties) +
                                  "}}";
  return std::string_view(text);
}();

CampaignRequest campaign_request(const json::object& options, const std::optional<Date>& until) {
  CampaignRequest request;
  request.until_given = until.has_value();
  if (until) request.trials.until = *until;
  const MeasureOptions measures = measure_options(options, {});
  request.churn_horizon = measures.horizon_days.value_or(request.churn_horizon);
  request.trials.rows = {.horizon = request.churn_horizon, .purchases = measures.purchases};
  if (options.contains("window_days"))
    request.trials.window_days = static_cast<std::int32_t>(number_option(options, "window_days", 0));
  request.measures.response = choice_option<CampaignResponse>(options, "response", response_texts);
  request.measures.margin = number_option(options, "margin", request.measures.margin);
  request.uplift = uplift_request(options);
  request.measures.level = request.uplift.level;
  request.value_given = options.contains("value");
  request.cost_given = options.contains("cost");
  if (const json::value* names = options.if_contains("learn_from"))
    for (const json::value& name : names->as_array()) request.learn_from.emplace_back(name.as_string());
  request.list_share = number_option(options, "list_share", request.list_share);
  request.language = choice_option<Language>(options, "language", language_texts);
  return request;
}

CampaignOutcome judge_campaigns(const CampaignRecords& records, const std::vector<CustomerTraits>& traits,
                                const CustomerLines& lines, CampaignRequest request, const mine::Run& run) {
  check_names(request, records);
  CampaignOutcome out;
  out.until = request.until_given ? request.trials.until : lines.last_day(request.trials.rows.purchases);
  if (!out.until) {
    out.verdict = "insufficient: there are no purchases";
    return out;
  }
  if (records.members.empty()) {
    out.measures = measure_campaigns(records, out.trials, request.measures);
    out.verdict = verdict_of(records, out.measures);
    out.uplift_verdict = out.response.verdict = out.churn_verdict = "insufficient: nobody was ever in a campaign";
    return out;
  }
  request.trials.until = *out.until;
  out.trials = campaign_trials(records, traits, lines, request.trials);
  out.measures = measure_campaigns(records, out.trials, request.measures);
  out.verdict = verdict_of(records, out.measures);
  study_pooled(request, records, run, out);
  out.response =
      predict_responses(contacted_table(request, records, out.trials), out.trials.now.columns(), request.uplift, run);
  if (out.response.chance.empty()) {
    out.churn_verdict = "insufficient: there is no response model to compare with";
  } else {
    compare_with_churn(request, lines, run, out);
  }
  return out;
}

NamedTable campaign_table(const CampaignOutcome& outcome) {
  NamedTable table;
  const auto add = [&](std::string_view name, const std::vector<double>& numbers) {
    if (!numbers.empty()) table.add(name, Type::real) = real_column(numbers);
  };
  table.add("customer", Type::id) = id_column(outcome.trials.customers);
  add("response", outcome.response.chance);
  add("uplift", outcome.uplift);
  if (!outcome.contact.empty()) {
    Column& contact = table.add("contact", Type::boolean);
    for (const bool one : outcome.contact) contact.append(Value(one));
  }
  add("silence", outcome.silence);
  return table;
}

}  // namespace emptor
