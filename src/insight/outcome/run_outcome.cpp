#include <algorithm>
#include <cmath>
#include <map>

#include "core/options.hpp"
#include "insight/insight_runs.hpp"
#include "insight/outcome/outcome_words.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// The row that stands for each customer: their own, or of their opportunities that are open the likeliest.
std::map<std::int64_t, std::size_t> rows_by_customer(const AnswerTable& table, const OutcomeResult& result) {
  std::map<std::int64_t, std::size_t> rows;
  for (std::size_t row = 0; row < result.chance.size(); ++row) {
    const bool settled = table.entity != "customer" && !std::isnan(result.y[row]);
    if (table.customer[row] == 0 || settled) continue;
    const auto [at, fresh] = rows.try_emplace(table.customer[row], row);
    if (!fresh && result.chance[row] > result.chance[at->second]) at->second = row;
  }
  return rows;
}

/// Those whom the report lists.
json::array next_customers(const AnswerTable& table, const OutcomeResult& result) {
  constexpr std::size_t most = 100;
  json::array ids;
  for (const std::size_t row : outcome_next(table, result, most)) {
    const json::value id(std::to_string(table.customer[row]));
    if (table.customer[row] != 0 && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  return ids;
}

Id write_outcome(Session& session, const AnswerTable& table, const OutcomeRequest& request, const OutcomeResult& result,
                 const json::object& told, const std::optional<Date>& as_of) {
  json::object state = {{"verdict", result.verdict}};
  for (const char* name : {"of", "answer", "answered", "events", "rate", "suspects", "quality", "drivers"})
    if (const json::value* value = told.if_contains(name)) state[name] = *value;
  state["next"] = next_customers(table, result);
  const InsightRun run{.name = "outcome",
                       .algorithm = result.chance.empty() ? "outcome/1 none" : "outcome/1 blended_boosting",
                       .options = json::serialize(told.at("options")),
                       .state = json::serialize(state),
                       .as_of = as_of.value_or(Date{}),
                       .data_version = table.data_version,
                       .scores = {"outcome.chance", "outcome.reason"}};
  std::vector<std::int64_t> customers;
  std::vector<std::size_t> rows;
  for (const auto& [customer, row] : rows_by_customer(table, result)) {
    customers.push_back(customer);
    rows.push_back(row);
  }
  return write_back(session, run, customers, [&](std::size_t i, GivenResult& given) {
    const std::size_t row = rows[i];
    const std::string level(outcome_level(result.chance[row], result.rate()));
    given.scores.push_back({"outcome.chance", result.chance[row], level});
    const std::vector<std::size_t> reasons = outcome_reasons(result, row);
    if (!reasons.empty())
      given.scores.push_back({"outcome.reason", result.share(row, reasons.front()),
                              outcome_reason(table, result, row, reasons.front(), request.language)});
    given.tag = "outcome." + level;
  });
}

bool has_closed_opportunities(const View& view) {
  return view.count("opportunity", Where::in("outcome", {"won", "lost"})) > 0;
}

/// Of customers, where one of their fields can be the answer or was named; of opportunities where only these ended.
AnswerTable table_for(const View& view, const OutcomeRequest& request) {
  if (request.of == "opportunity") return read_opportunity_answers(view);
  AnswerTable customers = read_customer_answers(view);
  if (request.of == "customer" || !request.answer.empty()) return customers;
  const std::vector<AnswerCandidate> candidates = answer_candidates(customers);
  const bool speaks = !candidates.empty() && candidates.front().points() >= 2;
  return !speaks && has_closed_opportunities(view) ? read_opportunity_answers(view) : customers;
}

}  // namespace

const std::string_view outcome_schema = R"({"type":"object","properties":{
"of":{"type":"string","enum":["customer","opportunity"],"description":"whose answer is learnt; customers, and opportunities where no customer has one, without it"},
"answer":{"type":"string","description":"field that says what came of each, by name or by the header it came with; found without it"},
"positive":{"type":["boolean","integer","number","string"],"description":"the value that is the event; found without it"},
"fields":{"type":"array","items":{"type":"string"},"description":"to learn from; all others without it"},
"keep":{"type":"array","items":{"type":"string"},"description":"fields to learn from although they know too much"},
"protected":{"type":"string","enum":["by_answer","use","leave_out"],"description":"age, sex, origin ...: left out where the answer is one of credit, always used, or never"},
"folds":{"type":"integer","minimum":2,"maximum":20,"description":"of the judgement; 5 without it"},
"seed":{"type":"integer","minimum":0,"description":"of the folds"},
"groups":{"type":"string","description":"a field whose values are groups to tell about; levels of the chance without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of the words"}}})";

InsightResult run_outcome(Session& session, const InsightOptions& options) {
  const OutcomeRequest request = outcome_request(checked_options(outcome_schema, options.json));
  const AnswerTable table = table_for(session.view(), request);
  const OutcomeResult result = learn_outcome(table, request, {session.options().executor, session.options().progress});
  json::object summary = outcome_json(table, request, result);
  if (options.as_of) summary["until"] = to_string(*options.as_of);
  const std::size_t scored = result.chance.size();
  tell_run(summary, "outcome", table.data_version, scored);
  if (options.write_back)
    summary["model_id"] = std::to_string(write_outcome(session, table, request, result, summary, options.as_of).value);
  InsightResult out{summary_text(summary), table.data_version, scored};
  if (options.table) out.table = outcome_table(table, request, result);
  return out;
}

}  // namespace emptor
