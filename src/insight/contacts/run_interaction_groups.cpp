#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "emptor/insight/interaction_groups.hpp"
#include "insight/contacts/touch_counts.hpp"
#include "insight/insight_runs.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// "median", {"share": 0.2} or {"at_least": 100}.
HighCut cut_of(const json::object& options, const char* name) {
  const json::value* cut = options.if_contains(name);
  if (cut == nullptr || (cut->is_string() && cut->get_string() == "median")) return {};
  if (cut->is_object() && cut->get_object().size() == 1) {
    const json::object& object = cut->get_object();
    if (const json::value* share = object.if_contains("share"))
      return {HighCut::Kind::share, decimal_option(*share, name)};
    if (const json::value* least = object.if_contains("at_least")) {
      return {HighCut::Kind::at_least, decimal_option(*least, name)};
    }
  }
  throw Error(Problem{.code = Code::invalid,
                      .message = "the option '" + std::string(name) + "' has none of the values it may have",
                      .field = name,
                      .hint = R"("median", {"share": 0.2} or {"at_least": 100})"});
}

json::object options_json(const json::object& given, const MeasureOptions& measures) {
  json::object object = measure_options_json(measures);
  object["value"] = "median";
  object["interaction"] = "median";
  object["orders_count"] = true;
  for (const auto& member : given) object[member.key()] = member.value();
  return object;
}

json::object groups_json(const InteractionGroups& groups) {
  json::object object;
  for (std::size_t i = 0; i < interaction_group_count; ++i) {
    object[interaction_group_names[i]] = json::object{{"customers", groups.customers[i]},
                                                      {"value", decimal_json(groups.value[i])},
                                                      {"interactions", groups.interactions[i]}};
  }
  return object;
}

NamedTable group_table(const Touches& touches, const InteractionGroups& groups) {
  NamedTable table;
  table.add("customer", Type::id) = id_column(touches.customer);
  Column& value = table.add("value", Type::decimal);
  for (const std::int64_t micros : touches.value) value.append(Value::of_bits(Type::decimal, micros));
  Column& count = table.add("interactions", Type::integer);
  for (const auto interactions : touches.count) count.append(static_cast<std::int64_t>(interactions));
  Column& name = table.add("group", Type::text);
  for (const InteractionGroup of : groups.of) name.append(interaction_group_names[static_cast<std::size_t>(of)]);
  return table;
}

}  // namespace

const std::string_view interaction_groups_schema = R"({"type":"object","properties":{
"horizon_days":{"type":"integer","minimum":1,"maximum":1000000,"description":"only purchases and interactions of so many days up to the day"},
"purchases":{"type":"string","enum":["positive","non_negative","net"],"description":"which line items count"},
"non_positive":{"type":"string","enum":["keep","exclude","lowest"],"description":"a customer whose sum is zero or below"},
"value":{"type":["string","object"],"properties":{"share":{"type":["number","string"]},"at_least":{"type":["number","string"]}},
"description":"where high value begins: \"median\" (above it), {\"share\": 0.2} or {\"at_least\": 100}"},
"interaction":{"type":["string","object"],"properties":{"share":{"type":["number","string"]},"at_least":{"type":["number","string"]}},
"description":"where high interaction begins, likewise"},
"orders_count":{"type":"boolean","description":"an order is an interaction too"}}})";

InsightResult run_interaction_groups(Session& session, const InsightOptions& options) {
  const json::object given = checked_options(interaction_groups_schema, options.json);
  const MeasureOptions measure = measure_options(given, options.as_of);
  const Facts facts = read_facts(session);
  const Measures measures = measure_purchases(facts, measure);
  const json::object in_force = options_json(given, measure);
  const Touches touches =
      count_touches(session.view(), measures, {measure.horizon_days, in_force.at("orders_count").as_bool()});
  const InteractionGroups groups = group_by_interaction(touches.customer, touches.value, touches.count,
                                                        {cut_of(given, "value"), cut_of(given, "interaction")});
  const std::int64_t data_version = std::max(facts.data_version, touches.data_version);
  json::object summary = {{"insight", "interaction_groups"},
                          {"as_of", day_json(measures)},
                          {"data_version", data_version},
                          {"model_id", nullptr},
                          {"customers", touches.customer.size()},
                          {"scored", touches.customer.size()},
                          {"options", in_force},
                          {"groups", groups_json(groups)}};
  if (options.write_back) {
    const InsightRun run{.name = "interaction_groups",
                         .algorithm = "interaction_groups/1",
                         .options = json::serialize(in_force),
                         .state = "{}",
                         .as_of = measures.as_of,
                         .data_version = data_version,
                         .scores = {"interaction.count", "interaction.group"}};
    const Id model = write_back(session, run, touches.customer, [&](std::size_t i, GivenResult& result) {
      const std::string name(interaction_group_names[static_cast<std::size_t>(groups.of[i])]);
      result.scores.push_back({"interaction.count", double(touches.count[i])});
      result.scores.push_back({"interaction.group", double(static_cast<int>(groups.of[i])), name});
      result.tag = "interaction." + name;
    });
    summary["model_id"] = std::to_string(model.value);
  }
  InsightResult result{summary_text(summary), data_version, touches.customer.size()};
  if (options.table) result.table = group_table(touches, groups);
  return result;
}

}  // namespace emptor
