#include <algorithm>

#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/insight_runs.hpp"
#include "insight/lifetime/lifetime_work.hpp"
#include "insight/live/live_model.hpp"
#include "insight/outcome/answer_table.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

void give(const LifetimeOutcome& outcome, std::size_t i, GivenResult& result) {
  result.scores.push_back({"lifetime.alive", outcome.alive[i]});
  result.scores.push_back({"lifetime.expected", outcome.expected[i]});
  if (outcome.value.empty()) return;
  result.scores.push_back({"lifetime.spend", outcome.spend[i]});
  result.scores.push_back({"lifetime.value", outcome.value[i]});
}

Id write_lifetimes(Session& session, const LifetimeRows& rows, const LifetimeOutcome& outcome, const json::object& told,
                   std::int64_t data_version) {
  json::object state = {{"gamma_gamma", told.at("gamma_gamma")}, {"verdict", told.at("verdict")}};
  for (const char* name : {"parameters", "standard_errors", "log_likelihood", "covariates", "diagnostics"})
    if (const json::value* value = told.if_contains(name)) state[name] = *value;
  const InsightRun run{.name = "lifetime",
                       .algorithm = "lifetime/1 " + std::string(told.at("options").at("model").as_string()),
                       .options = json::serialize(told.at("options")),
                       .state = json::serialize(state),
                       .as_of = rows.until,
                       .data_version = data_version,
                       .fitted = save_lifetime(outcome),
                       .scores = {"lifetime.alive", "lifetime.expected", "lifetime.spend", "lifetime.value"}};
  const std::span<const std::int64_t> scored(rows.customer.data(), outcome.usable() ? rows.size() : 0);
  return write_back(session, run, scored, [&](std::size_t i, GivenResult& result) { give(outcome, i, result); });
}

/// Fields of customers as columns with a row for each of them.
PlainCovariates covariates_of_fields(const AnswerTable& customers, const std::vector<std::string>& names) {
  std::vector<mine::TableColumn> columns;
  for (const std::string& name : names) {
    const AnswerColumn* column = customers.find(name);
    if (column == nullptr)
      throw Error(Problem{.code = Code::not_found,
                          .message = "no field '" + name + "' of customers can be a covariate",
                          .entity = "customer",
                          .field = "covariates",
                          .hint = "a number, a date, a truth or a class; custom fields have the prefix x_"});
    if (column->remarks)
      throw Error(Problem{.code = Code::invalid,
                          .message = "the field '" + name + "' differs between nearly all customers",
                          .entity = "customer",
                          .field = "covariates"});
    columns.push_back(column->cells);
  }
  PlainCovariates out = covariates_of(columns);
  out.customers = customers.id;
  return out;
}

struct FieldCovariates {
  PlainCovariates rate, leaving;
  std::int64_t data_version = 0;
};
FieldCovariates field_covariates(const View& view, const std::vector<std::int64_t>& buyers,
                                 const LifetimeRequest& request) {
  if (request.covariates.empty() && request.leaving_names().empty()) return {};
  const AnswerTable customers = rows_of(read_customer_answers(view), buyers);
  return {covariates_of_fields(customers, request.covariates), covariates_of_fields(customers, request.leaving_names()),
          customers.data_version};
}

}  // namespace

InsightResult run_lifetime(Session& session, const InsightOptions& options) {
  const json::object given = checked_options(lifetime_schema, options.json);
  LifetimeRequest request = lifetime_request(given, options.as_of);
  request.rows.zone = Zone::of(session.view().info().zone);
  const Facts facts = read_facts(session);
  const CustomerLines lines = lines_of(facts);
  const LifetimeRows rows = lifetime_rows(lines, request.rows);
  const FieldCovariates known = field_covariates(session.view(), rows.customer, request);
  const LifetimeCovariates covariates{&known.rate, &known.leaving};
  const std::int64_t data_version = std::max(facts.data_version, known.data_version);
  const LifetimeOutcome outcome =
      predict_lifetimes(lines, rows, covariates, request, {session.options().executor, session.options().progress});
  json::object summary = lifetime_json(rows, covariates, request, outcome);
  tell_run(summary, "lifetime", data_version, outcome.usable() ? rows.size() : 0);
  if (options.write_back)
    summary["model_id"] = std::to_string(write_lifetimes(session, rows, outcome, summary, data_version).value);
  InsightResult result{summary_text(summary), data_version, outcome.usable() ? rows.size() : 0};
  if (options.table) result.table = lifetime_table(rows, outcome, id_column(rows.customer));
  return result;
}

}  // namespace emptor
