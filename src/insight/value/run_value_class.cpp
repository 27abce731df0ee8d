#include <algorithm>

#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "emptor/insight/value_class.hpp"
#include "insight/insight_runs.hpp"
#include "insight/live/live_model.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view tie_texts[] = {"split", "upward"};

std::array<Decimal, 3> three_decimals(const json::value& value, const char* option) {
  const json::array& list = value.as_array();
  if (list.size() != 3) {
    throw Error(Problem{.code = Code::invalid,
                        .message = "the option '" + std::string(option) + "' has three numbers: VIP, care, adapt",
                        .field = option});
  }
  return {decimal_option(list[0], option), decimal_option(list[1], option), decimal_option(list[2], option)};
}

ValueClassOptions class_options(const json::object& object) {
  ValueClassOptions options;
  if (const json::value* shares = object.if_contains("shares")) options.shares = three_decimals(*shares, "shares");
  if (const json::value* least = object.if_contains("thresholds")) {
    options.thresholds = three_decimals(*least, "thresholds");
  }
  options.ties = choice_option<BorderTies>(object, "ties", tie_texts);
  return options;
}

/// Customers and what they are ranked by, in micros.
struct Ranked {
  std::vector<std::int64_t> customers, values;
};

Ranked by_score(const View& view, std::string_view name) {
  Query query{.entity = "score",
              .where = Where::all({Where::equal("name", name), Where::present("value")}),
              .order = {{"customer_id"}},
              .fields = {"customer_id", "value"},
              .limit = 10'000};
  Ranked ranked;
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = view.scan(query, key, batch);
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      const std::optional<Decimal> value = Decimal::from_double(batch.columns[1].value(i).real());
      if (!value || !value->fits_micros()) continue;
      ranked.customers.push_back(batch.columns[0].bits[i]);
      ranked.values.push_back(value->micros());
    }
  }
  return ranked;
}

/// "spend", "frequency", or "score:NAME" for a score that another insight or the host gave.
Ranked ranked_by(const View& view, const Measures& measures, std::string_view measure) {
  if (measure.starts_with("score:")) return by_score(view, measure.substr(6));
  if (measure == "spend") return {measures.customer, measures.monetary};
  if (measure != "frequency") {
    throw Error(Problem{.code = Code::invalid,
                        .message = "the option 'measure' has none of the values it may have",
                        .field = "measure",
                        .hint = "spend, frequency or score:NAME"});
  }
  Ranked ranked{measures.customer, measures.frequency};
  for (std::int64_t& value : ranked.values) value *= Decimal::micros_per_unit;
  return ranked;
}

/// The least value in each class; null for an empty one.
json::object least_json(const Ranked& ranked, const ValueClasses& classes) {
  std::array<std::optional<std::int64_t>, value_class_count> least;
  for (std::size_t i = 0; i < ranked.values.size(); ++i) {
    auto& one = least[static_cast<std::size_t>(classes.of[i])];
    one = one ? std::min(*one, ranked.values[i]) : ranked.values[i];
  }
  json::object object;
  for (std::size_t i = 0; i < value_class_count; ++i) {
    object[value_class_names[i]] = least[i] ? decimal_json(*least[i]) : json::value();
  }
  return object;
}

json::object classes_json(const ValueClasses& classes, const json::object& least) {
  json::object object;
  for (std::size_t i = 0; i < value_class_count; ++i) {
    object[value_class_names[i]] = json::object{{"customers", classes.customers[i]},
                                                {"value", decimal_json(classes.value[i])},
                                                {"least", least.at(value_class_names[i])}};
  }
  return object;
}

NamedTable class_table(const Ranked& ranked, const ValueClasses& classes) {
  NamedTable table;
  table.add("customer", Type::id) = id_column(ranked.customers);
  Column& value = table.add("value", Type::decimal);
  for (const std::int64_t micros : ranked.values) value.append(Value::of_bits(Type::decimal, micros));
  Column& name = table.add("class", Type::text);
  for (const ValueClass of : classes.of) name.append(value_class_names[static_cast<std::size_t>(of)]);
  return table;
}

json::object options_json(const json::object& given, const MeasureOptions& measures, const ValueClassOptions& options) {
  json::object object = measure_options_json(measures);
  object["measure"] = "spend";
  if (!options.thresholds) {
    object["shares"] =
        json::array{json::string(options.shares[0].to_string()), json::string(options.shares[1].to_string()),
                    json::string(options.shares[2].to_string())};
  }
  for (const auto& member : given) object[member.key()] = member.value();
  return object;
}

}  // namespace

const std::string_view value_class_schema = R"({"type":"object","properties":{
"horizon_days":{"type":"integer","minimum":1,"maximum":1000000,"description":"only purchases of so many days up to the day"},
"purchases":{"type":"string","enum":["positive","non_negative","net"],"description":"which line items count"},
"non_positive":{"type":"string","enum":["keep","exclude","lowest"],"description":"a customer whose sum is zero or below"},
"measure":{"type":"string","description":"spend, frequency, or score:NAME for a score of the store"},
"shares":{"type":"array","items":{"type":["number","string"]},"description":"of VIP, care and adapt among the customers"},
"thresholds":{"type":"array","items":{"type":["number","string"]},"description":"least value of VIP, care and adapt, instead of shares"},
"ties":{"type":"string","enum":["split","upward"],"description":"equal values at the border of two classes"}}})";

InsightResult run_value_class(Session& session, const InsightOptions& options) {
  const json::object given = checked_options(value_class_schema, options.json);
  const MeasureOptions measure = measure_options(given, options.as_of);
  const ValueClassOptions classing = class_options(given);
  const Facts facts = read_facts(session);
  const Measures measures = measure_purchases(facts, measure);
  const json::object in_force = options_json(given, measure, classing);
  const Ranked ranked = ranked_by(session.view(), measures, std::string_view(in_force.at("measure").as_string()));
  const ValueClasses classes = classify_by_value(ranked.customers, ranked.values, classing);
  const json::object least = least_json(ranked, classes);
  json::object summary = {{"insight", "value_class"},
                          {"as_of", day_json(measures)},
                          {"data_version", facts.data_version},
                          {"model_id", nullptr},
                          {"customers", ranked.customers.size()},
                          {"scored", ranked.customers.size()},
                          {"options", in_force},
                          {"classes", classes_json(classes, least)}};
  if (options.write_back) {
    const InsightRun run{
        .name = "value_class",
        .algorithm = "value_class/1",
        .options = json::serialize(in_force),
        .state = json::serialize(least),
        .as_of = measures.as_of,
        .data_version = facts.data_version,
        .fitted = save_classes(std::string_view(in_force.at("measure").as_string()), ranked.values, classes, classing),
        .scores = {"value_class"}};
    const Id model = write_back(session, run, ranked.customers, [&](std::size_t i, GivenResult& result) {
      const std::string name(value_class_names[static_cast<std::size_t>(classes.of[i])]);
      result.scores.push_back({"value_class", Decimal::from_micros(ranked.values[i]).to_double(), name});
      result.tag = "class." + name;
    });
    summary["model_id"] = std::to_string(model.value);
  }
  InsightResult result{summary_text(summary), facts.data_version, ranked.customers.size()};
  if (options.table) result.table = class_table(ranked, classes);
  return result;
}

}  // namespace emptor
