#include "insight/rfm/rfm_json.hpp"

#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view scoring_texts[] = {"quantile",   "rank_first",       "ntile",
                                              "fixed_cuts", "spss_independent", "spss_nested"};
constexpr std::string_view tie_texts[] = {"together", "spread"};
constexpr std::string_view overlap_texts[] = {"refuse", "first_wins"};

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
std::string rfm_options_json(const json::object& given, const RfmOptions& options) {
  json::object object = measure_options_json(options.measures);
  object["scoring"] = scoring_texts[static_cast<std::size_t>(options.scoring)];
  object["bins"] = options.bins;
  for (const auto& member : given) object[member.key()] = member.value();
  return json::serialize(object);
}

json::object rfm_cuts_json(const RfmTable& table) {
  json::array monetary;
  for (const std::int64_t cut : table.cuts[2]) monetary.push_back(decimal_json(cut));
  return {{"recency", json::value_from(table.cuts[0])},
          {"frequency", json::value_from(table.cuts[1])},
          {"monetary", monetary}};
}

json::object rfm_segments_json(const RfmTable& table) {
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

std::string_view name_of(RfmScoring scoring) noexcept { return scoring_texts[static_cast<std::size_t>(scoring)]; }

NamedTable rfm_table(const RfmTable& scored, Column customers) {
  NamedTable table;
  table.add("customer", customers.type) = std::move(customers);
  const Measures& measures = scored.measures;
  const auto add = [&](std::string_view name, Type type, const auto& numbers) {
    Column& column = table.add(name, type);
    column.bits.assign(numbers.begin(), numbers.end());
    column.valid.assign(numbers.size(), 1);
  };
  add("recency", Type::integer, measures.recency);
  add("frequency", Type::integer, measures.frequency);
  add("monetary", Type::decimal, measures.monetary);
  add("r", Type::integer, scored.r);
  add("f", Type::integer, scored.f);
  add("m", Type::integer, scored.m);
  if (scored.segment.empty()) return table;
  Column& segment = table.add("segment", Type::text);
  for (const std::uint8_t name : scored.segment) segment.append(std::string_view(scored.names[name]));
  return table;
}

}  // namespace emptor
