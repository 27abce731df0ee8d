#include <algorithm>
#include <numeric>

#include "emptor/core/error.hpp"
#include "emptor/insight/rfm.hpp"
#include "insight/insight_runs.hpp"
#include "insight/options.hpp"
#include "insight/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view scoring_texts[] = {"quantile",   "rank_first",       "ntile",
                                              "fixed_cuts", "spss_independent", "spss_nested"};
constexpr std::string_view tie_texts[] = {"together", "spread"};
constexpr std::string_view overlap_texts[] = {"refuse", "first_wins"};
constexpr std::size_t top_customers = 10;

/// {"name":"champion","r":[5,5],"f":[4,5]}
SegmentRule rule_of(const json::object& object) {
  SegmentRule rule{.name = object.contains("name") ? std::string(object.at("name").as_string()) : std::string()};
  const auto bounds = [&](const char* axis, auto& low, auto& high) {
    const json::value* range = object.if_contains(axis);
    if (range == nullptr) return;
    const json::array& both = range->as_array();
    if (both.size() != 2) {
      throw Error(Problem{
          .code = Code::invalid, .message = "a segment rule bounds a score by two numbers", .field = "segments"});
    }
    low = both[0].to_number<std::decay_t<decltype(low)>>();
    high = both[1].to_number<std::decay_t<decltype(high)>>();
  };
  bounds("r", rule.r_low, rule.r_high);
  bounds("f", rule.f_low, rule.f_high);
  bounds("m", rule.m_low, rule.m_high);
  bounds("fm", rule.fm_low, rule.fm_high);
  return rule;
}

std::vector<SegmentRule> rules_of(const json::value& segments) {
  if (segments.is_string()) return parse_segment_rules(std::string_view(segments.get_string()));
  std::vector<SegmentRule> rules;
  for (const json::value& rule : segments.as_array()) rules.push_back(rule_of(rule.as_object()));
  return rules;
}

template <class T, class Read>
std::vector<T> list_of(const json::object& object, const char* name, const Read& read) {
  std::vector<T> list;
  if (const json::value* values = object.if_contains(name)) {
    for (const json::value& value : values->as_array()) list.push_back(read(value));
  }
  return list;
}

RfmCuts cuts_of(const json::object& cuts) {
  const auto whole = [](const json::value& value) { return value.to_number<std::int64_t>(); };
  return {list_of<std::int64_t>(cuts, "recency", whole), list_of<std::int64_t>(cuts, "frequency", whole),
          list_of<Decimal>(cuts, "monetary",
                           [](const json::value& value) { return decimal_option(value, "cuts.monetary"); })};
}

RfmOptions rfm_options(const json::object& object, const std::optional<Date>& as_of) {
  RfmOptions options;
  options.measures = measure_options(object, as_of);
  options.scoring = choice_option<RfmScoring>(object, "scoring", scoring_texts);
  options.ties = choice_option<RfmTies>(object, "ties", tie_texts);
  if (const json::value* bins = object.if_contains("bins")) options.bins = bins->to_number<int>();
  if (const json::value* seed = object.if_contains("seed")) options.seed = seed->to_number<std::uint64_t>();
  if (const json::value* cuts = object.if_contains("cuts")) options.cuts = cuts_of(cuts->as_object());
  if (const json::value* segments = object.if_contains("segments")) {
    options.segments.emplace(rules_of(*segments), options.bins,
                             choice_option<SegmentOverlap>(object, "segment_overlap", overlap_texts));
  }
  return options;
}

/// All options as they were in force; those given win over the defaults.
std::string options_json(const json::object& given, const RfmOptions& options) {
  json::object object = measure_options_json(options.measures);
  object["scoring"] = scoring_texts[static_cast<std::size_t>(options.scoring)];
  object["bins"] = options.bins;
  for (const auto& member : given) object[member.key()] = member.value();
  return json::serialize(object);
}

json::object cuts_json(const RfmTable& table) {
  json::array monetary;
  for (const std::int64_t cut : table.cuts[2]) monetary.push_back(decimal_json(cut));
  return {{"recency", json::value_from(table.cuts[0])},
          {"frequency", json::value_from(table.cuts[1])},
          {"monetary", monetary}};
}

json::object segments_json(const RfmTable& table) {
  std::vector<std::size_t> customers(table.names.size());
  std::vector<IntegerSum> revenue(table.names.size());
  for (std::size_t i = 0; i < table.segment.size(); ++i) {
    ++customers[table.segment[i]];
    revenue[table.segment[i]].add(table.measures.monetary[i]);
  }
  json::object object;
  for (std::size_t i = 0; i < table.names.size(); ++i) {
    object[table.names[i]] = json::object{{"customers", customers[i]}, {"revenue", decimal_json(revenue[i])}};
  }
  return object;
}

json::array top_json(const View& view, const Measures& measures) {
  std::vector<std::size_t> order(measures.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t count = std::min(top_customers, order.size());
  std::partial_sort(order.begin(), order.begin() + count, order.end(), [&](std::size_t a, std::size_t b) {
    return measures.monetary[a] != measures.monetary[b] ? measures.monetary[a] > measures.monetary[b] : a < b;
  });
  json::array top;
  for (std::size_t rank = 0; rank < count; ++rank) {
    const std::size_t i = order[rank];
    top.push_back(json::object{{"customer_id", std::to_string(measures.customer[i])},
                               {"external_id", external_id_of(view, Id{measures.customer[i]})},
                               {"recency", measures.recency[i]},
                               {"frequency", measures.frequency[i]},
                               {"monetary", decimal_json(measures.monetary[i])}});
  }
  return top;
}

GivenScore label_of(std::string_view name, std::uint8_t score) { return {name, double(score), std::to_string(score)}; }

void give(const RfmTable& table, std::size_t i, GivenResult& result) {
  const Measures& measures = table.measures;
  result.scores.push_back({"rfm.recency", double(measures.recency[i])});
  result.scores.push_back({"rfm.frequency", double(measures.frequency[i])});
  result.scores.push_back({"rfm.monetary", Decimal::from_micros(measures.monetary[i]).to_double()});
  result.scores.push_back(label_of("rfm.r", table.r[i]));
  result.scores.push_back(label_of("rfm.f", table.f[i]));
  result.scores.push_back(label_of("rfm.m", table.m[i]));
  if (table.segment.empty()) return;
  const std::string& name = table.names[table.segment[i]];
  result.scores.push_back({"rfm.segment", table.r[i] * 100.0 + table.f[i] * 10.0 + table.m[i], name});
  result.tag = "rfm." + name;
}

Id write_rfm(Session& session, const json::object& given, const RfmOptions& options, const RfmTable& table) {
  const InsightRun run{
      .name = "rfm",
      .algorithm = "rfm/1 " + std::string(scoring_texts[static_cast<std::size_t>(options.scoring)]),
      .options = options_json(given, options),
      .state = json::serialize(cuts_json(table)),
      .as_of = table.measures.as_of,
      .data_version = table.data_version,
      .scores = {"rfm.recency", "rfm.frequency", "rfm.monetary", "rfm.r", "rfm.f", "rfm.m", "rfm.segment"}};
  return write_back(session, run, table.measures.customer,
                    [&](std::size_t i, GivenResult& result) { give(table, i, result); });
}

}  // namespace

const std::string_view rfm_schema = R"({"type":"object","properties":{
"horizon_days":{"type":"integer","minimum":1,"maximum":1000000,"description":"only purchases of so many days up to the day"},
"purchases":{"type":"string","enum":["positive","non_negative","net"],"description":"which line items count: sales; free items too; all, returns taken off"},
"non_positive":{"type":"string","enum":["keep","exclude","lowest"],"description":"a customer whose sum is zero or below"},
"scoring":{"type":"string","enum":["quantile","rank_first","ntile","fixed_cuts","spss_independent","spss_nested"]},
"bins":{"type":"integer","minimum":2,"maximum":9},
"ties":{"type":"string","enum":["together","spread"],"description":"equal values under the SPSS conventions"},
"seed":{"type":"integer","minimum":0,"description":"of ties that are spread"},
"cuts":{"type":"object","description":"of fixed_cuts: bins - 1 ascending cut points each","properties":{
"recency":{"type":"array","items":{"type":"integer"}},"frequency":{"type":"array","items":{"type":"integer"}},
"monetary":{"type":"array","items":{"type":["number","string"]}}}},
"segments":{"type":["string","array"],"description":"rules, one a line (\"name: R 4-5, F 3\") or as objects",
"items":{"type":"object","properties":{"name":{"type":"string"},
"r":{"type":"array","items":{"type":"integer"}},"f":{"type":"array","items":{"type":"integer"}},
"m":{"type":"array","items":{"type":"integer"}},"fm":{"type":"array","items":{"type":"number"}}}}},
"segment_overlap":{"type":"string","enum":["refuse","first_wins"]}}})";

InsightResult run_rfm(Session& session, const InsightOptions& options) {
  const json::object given = checked_options(rfm_schema, options.json);
  const RfmOptions rfm = rfm_options(given, options.as_of);
  const Facts facts = read_facts(session);
  const RfmTable table = score_rfm(facts, rfm);
  json::object summary = {{"insight", "rfm"},
                          {"as_of", day_json(table.measures)},
                          {"data_version", table.data_version},
                          {"model_id", nullptr},
                          {"customers", table.size()},
                          {"total", decimal_json(table.measures.total)},
                          {"scored", table.size()},
                          {"options", json::parse(options_json(given, rfm))},
                          {"cuts", cuts_json(table)},
                          {"segments", segments_json(table)},
                          {"top", top_json(session.view(), table.measures)}};
  if (options.write_back) summary["model_id"] = std::to_string(write_rfm(session, given, rfm, table).value);
  return {json::serialize(summary), table.data_version, table.size()};
}

}  // namespace emptor
