#include "core/option_reader.hpp"
#include "core/options.hpp"
#include "insight/composition/composition_telling.hpp"
#include "insight/insight_runs.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {

namespace json = boost::json;

const std::string_view composition_schema = R"({"type":"object","properties":{
"window_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days that count, and as many before them for growth; 365 without it"},
"least_cell":{"type":"integer","minimum":1,"maximum":1000000,"description":"customers (and buyers, where there are any) below which a group is told only together with others; 5 without it"},
"most_groups":{"type":"integer","minimum":1,"maximum":10000,"description":"groups of a dimension, the largest; 50 without it"},
"false_findings":{"type":"number","minimum":0.0001,"maximum":0.5,"description":"share of the groups said to bring more or less than others that may be so by chance; .05 without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of the verdict; findings are told in both"}}})";

std::string_view stored_composition_schema() {
  static const std::string text = with_properties(composition_schema, R"(
"by":{"type":"array","items":{"type":"string"},"description":"dimensions: kind, stage, tier, industry, gender, age_band, source, tenure, country, region, city, postal_area, or a field of customers (custom ones too); without it all of these of which something is known"},
"postal_characters":{"type":"integer","minimum":1,"maximum":20,"description":"of a postal code that make its area; 2 without it"})");
  return text;
}

InsightResult run_composition(Session& session, const InsightOptions& options) {
  CompositionRequest request =
      composition_request(checked_options(stored_composition_schema(), options.json), options.as_of);
  const Facts facts = read_facts(session);
  if (!request.until) request.until = last_purchase_day(facts);
  const CompositionWindow window{request.until ? request.until->days : 0, request.window_days};
  const CompositionRows rows = read_composition(session.view(), facts, window, request.by, request.postal_characters);
  const CompositionOutcome outcome = compose(rows, request);
  json::object summary = composition_json(request, outcome);
  const std::size_t scored = outcome.verdict == "sufficient" ? rows.size() : 0;
  tell_run(summary, "composition", rows.data_version, scored);
  if (options.write_back) {
    json::object state = {{"verdict", outcome.verdict}};
    for (const char* name : {"concentration", "dimensions", "findings", "white_spots"})
      if (const json::value* value = summary.if_contains(name)) state[name] = *value;
    summary["model_id"] = std::to_string(write_model(session, {.name = "composition",
                                                               .algorithm = "composition/1",
                                                               .options = json::serialize(summary.at("options")),
                                                               .state = json::serialize(state),
                                                               .as_of = request.until.value_or(Date{}),
                                                               .data_version = rows.data_version,
                                                               .scores = {}})
                                             .value);
  }
  InsightResult result{summary_text(summary), rows.data_version, scored};
  if (options.table) result.table = composition_table(request, outcome);
  return result;
}

}  // namespace emptor
