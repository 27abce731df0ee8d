#include "core/option_reader.hpp"
#include "core/options.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/plain_survival.hpp"

namespace emptor {

namespace json = boost::json;

std::string_view compute_survival_schema() {
  static const std::string text = with_properties(
      R"({"type":"object","properties":{"duration":{"type":"string","description":"column of how long each lasted or was seen: numbers from 0 on"},
"event":{"type":"string","description":"column of whether it ended then: 0 and 1, booleans, or any values with `ended`"},
"ended":{"type":"string","description":"the value of `event` that means it ended"},
"group":{"type":"string","description":"column of groups to compare; none without it"},
"covariates":{"type":"array","items":{"type":"string"},"description":"columns of Cox's model: numbers, booleans or texts; none without it"}}})",
      survival_properties);
  return text;
}

ComputedResult compute_survival(const PlainData& data) {
  const OptionReader options(compute_survival_schema(), data.json);
  const SurvivalRequest request = survival_request(checked_options(compute_survival_schema(), data.json));
  const SurvivalColumnNames names{options.text("duration", "duration"), options.text("event", "event"),
                                  options.text("group"), options.texts("covariates"), options.text("ended")};
  const ArrowTable table(data.stream);
  const PlainSurvival plain = plain_survival(table, names);
  const SurvivalOutcome outcome = fit_survival(plain.rows, request, {data.executor, data.progress});
  json::object summary = survival_json(plain.rows, request, outcome);
  summary["computation"] = "survival";
  summary["rows"] = plain.read;
  summary["skipped"] = plain.skipped;
  return {summary_text(summary), survival_table(plain.rows, outcome)};
}

}  // namespace emptor
