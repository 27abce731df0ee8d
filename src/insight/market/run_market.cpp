#include <algorithm>
#include <limits>

#include "core/option_reader.hpp"
#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/facts/customer_fields.hpp"
#include "insight/insight_runs.hpp"
#include "insight/market/competition_reading.hpp"
#include "insight/market/market_telling.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// The model that an earlier run left. Throws Code::invalid (field "use_kept") where there is none.
SegmentModel kept_model(const View& view) {
  const std::vector<Record> models =
      view.select({.entity = "model", .where = Where::equal("name", "market"), .limit = 1});
  if (!models.empty()) {
    boost::system::error_code failed;
    const json::value state = json::parse(models.front().get("state").text(), failed);
    const json::value* kept = !failed && state.is_object() ? state.as_object().if_contains("segments") : nullptr;
    if (kept != nullptr)
      if (std::optional<SegmentModel> model = load_segments(json::serialize(*kept))) return std::move(*model);
  }
  throw Error(Problem{.code = Code::invalid,
                      .message = "no segments are kept that customers could be assigned to",
                      .field = "use_kept",
                      .hint = "run the insight without it first"});
}

/// The last day of what is known, where nobody bought.
std::optional<Date> last_day_of(const CompetitionData& data) {
  std::int32_t last = std::numeric_limits<std::int32_t>::min();
  for (const DecidedDeal& one : data.deals) last = std::max(last, one.day);
  for (const CompetitorMention& one : data.mentions) last = std::max(last, one.day);
  return last == std::numeric_limits<std::int32_t>::min() ? std::nullopt : std::optional(Date{last});
}

void note_mentions(const CompetitionData& data, std::int32_t from, MarketOutcome& out) {
  std::map<std::int64_t, std::string_view> names;
  for (const NamedCompetitor& one : data.competitors) names[one.id] = one.name;
  for (const CompetitorMention& one : data.mentions) {
    if (one.day < from) continue;
    NamedLately& named = out.named[one.customer];
    ++named.mentions;
    named.competitor = names[one.competitor];  // by day, so that the last one stays
  }
}

std::vector<double> wallet_of(const PortraitColumns& fields, const std::string& name) {
  for (const PortraitNumbers& one : fields.numbers)
    if (one.name == name) return one.values;
  throw Error(Problem{.code = Code::invalid,
                      .message = "'" + name + "' is no number that is known of customers",
                      .field = "wallet",
                      .hint = "name a field of customers, a custom one or annual_revenue"});
}

/// What the report shows: each segment with what sets it apart most, and each competitor that deals were decided
/// against.
json::object for_report(const json::object& told) {
  constexpr std::size_t most_findings = 3;
  json::array segments, competitors;
  for (const json::value& one : told.at("segmentation").at("segments").as_array()) {
    json::array findings = one.at("findings").as_array();
    if (findings.size() > most_findings) findings.resize(most_findings);
    segments.push_back(json::object{{"name", one.at("group")},
                                    {"customers", one.at("customers")},
                                    {"revenue", one.at("revenue")},
                                    {"findings", std::move(findings)}});
  }
  for (const json::value& one : told.at("competition").at("competitors").as_array())
    if (one.at("deals") != json::value(0))
      competitors.push_back(json::object{{"en", one.at("en")}, {"zh", one.at("zh")}});
  return {{"segments", std::move(segments)}, {"competitors", std::move(competitors)}};
}

Id write_market(Session& session, const MarketRequest& request, const MarketOutcome& outcome, const json::object& told,
                std::int64_t data_version) {
  json::object state = {{"verdict", outcome.verdict()}, {"competition", told.at("competition").at("verdict")}};
  state["told"] = for_report(told);
  const bool segmented = !outcome.segmentation.segments.empty();
  if (segmented) state["segments"] = json::parse(save(*outcome.segmentation.model));
  const InsightRun run{.name = "market",
                       .algorithm = "market/1 kmeans mantel_haenszel",
                       .options = json::serialize(told.at("options")),
                       .state = json::serialize(state),
                       .as_of = request.until.value_or(Date{}),
                       .data_version = data_version,
                       .scores = {"market.mentions"}};
  std::vector<std::int64_t> customers = outcome.rows.customer;
  for (const auto& [customer, named] : outcome.named) customers.push_back(customer);
  std::sort(customers.begin(), customers.end());
  customers.erase(std::unique(customers.begin(), customers.end()), customers.end());
  return write_back(session, run, customers, [&](std::size_t i, GivenResult& result) {
    const auto& buyers = outcome.rows.customer;
    const auto at = std::lower_bound(buyers.begin(), buyers.end(), customers[i]);
    if (segmented && at != buyers.end() && *at == customers[i])
      result.tag =
          "market." +
          outcome.segmentation.segments[outcome.segmentation.segment[static_cast<std::size_t>(at - buyers.begin())]]
              .name;
    if (const auto named = outcome.named.find(customers[i]); named != outcome.named.end())
      result.scores.push_back(
          {"market.mentions", static_cast<double>(named->second.mentions), named->second.competitor});
  });
}

}  // namespace

const std::string_view market_schema = R"({"type":"object","properties":{
"least_k":{"type":"integer","minimum":2,"maximum":50,"description":"2 without it"},
"greatest_k":{"type":"integer","minimum":2,"maximum":50,"description":"8 without it"},
"choose_by":{"type":"string","enum":["silhouette","elbow"],"description":"how the number of segments is chosen"},
"window_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days of revenue, and as many before them for growth; 365 without it"},
"false_findings":{"type":"number","minimum":0.0001,"maximum":0.5,"description":"share of what is said to differ that may be so by chance; .05 without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of the verdict; findings are told in both"}}})";

std::string_view stored_market_schema() {
  static const std::string text = with_properties(market_schema, R"(
"attributes":{"type":"array","items":{"type":"string"},"description":"fields of customers that segments are made of beside behaviour: numbers, flags, classes; none without it"},
"use_kept":{"type":"boolean","description":"assign customers to the segments of the last run, new customers too"},
"mention_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days in which naming a competitor is lately; 180 without it"},
"wallet":{"type":"string","description":"field of customers that holds what they spend in a year on what we sell, with anybody"})");
  return text;
}

InsightResult run_market(Session& session, const InsightOptions& options) {
  MarketRequest request = market_request(checked_options(stored_market_schema(), options.json), options.as_of);
  const Facts facts = read_facts(session);
  const View view = session.view();
  if (!request.until) request.until = last_purchase_day(facts);
  const CompetitionData data =
      read_competition(view, request.until.value_or(Date{std::numeric_limits<std::int32_t>::max()}));
  if (!request.until) request.until = last_day_of(data);
  const std::int32_t until = request.until ? request.until->days : 0;
  const CustomerLines lines = lines_of(facts);
  MarketOutcome outcome;
  outcome.rows = buyer_rows(lines, until, request.segments.window_days);
  const PortraitColumns fields = read_customer_fields(view, outcome.rows.customer);
  const std::optional<SegmentModel> kept = request.use_kept ? std::optional(kept_model(view)) : std::nullopt;
  outcome.segmentation = segment_market(outcome.rows, fields, request.segments, kept,
                                        {session.options().executor, session.options().progress});
  outcome.competition = compare_competitors(data, until - request.mention_days + 1);
  outcome.sequel = sequel_of_mentions(data, lines, until, request.mention_days);
  note_mentions(data, until - request.mention_days + 1, outcome);
  if (!request.wallet.empty()) outcome.wallet = wallet_of(fields, request.wallet);
  json::object summary = market_json(request, outcome);
  const std::int64_t data_version = std::max(facts.data_version, data.data_version);
  tell_run(summary, "market", data_version, outcome.rows.size());
  if (options.write_back)
    summary["model_id"] = std::to_string(write_market(session, request, outcome, summary, data_version).value);
  InsightResult result{summary_text(summary), data_version, outcome.rows.size()};
  if (options.table) result.table = market_table(outcome, id_column(outcome.rows.customer));
  return result;
}

}  // namespace emptor
