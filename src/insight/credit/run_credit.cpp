#include "core/base64.hpp"
#include "core/options.hpp"
#include "insight/credit/credit_telling.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/insight_runs.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// The four classes by value, where the insight value_class has left them.
CustomerClasses value_classes(const View& view) {
  constexpr std::string_view prefix = "class.";
  const Query query{.entity = "tag",
                    .where = Where::equal("source", "value_class"),
                    .fields = {"customer_id", "name"},
                    .limit = 10'000};
  CustomerClasses classes;
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const std::string_view name = batch.columns[1].text(i);
    classes[batch.columns[0].bits[i]] = name.starts_with(prefix) ? name.substr(prefix.size()) : name;
  });
  return classes;
}

double units_of(std::int64_t micros) { return Decimal::from_micros(micros).to_double(); }

void give(const CreditRequest& request, const CreditOutcome& outcome, std::size_t i, GivenResult& result) {
  const std::string rating(rating_names[outcome.rating[i]]);
  const PaymentBehaviour& one = outcome.rows.of[i];
  result.scores.push_back({outcome.card ? "credit.chance" : "credit.index", outcome.risk[i], rating});
  if (outcome.card) result.scores.push_back({"credit.points", outcome.points[i]});
  result.scores.push_back({"credit.reason", units_of(one.open), credit_words(request, outcome, i, 0)});
  result.scores.push_back({"credit.overdue", units_of(one.overdue), rating});
  result.scores.push_back({"credit.advised_limit", units_of(outcome.advised[i])});
  result.tag = "credit." + rating;
}

Id write_credit(Session& session, const CreditRequest& request, const CreditOutcome& outcome, const json::object& told,
                const std::vector<std::int64_t>& customers, std::int64_t data_version) {
  json::object state = {{"models", told.at("models")}, {"verdict", outcome.verdict}};
  if (outcome.card) state["card"] = to_base64(save(*outcome.card));
  const InsightRun run{.name = "credit",
                       .algorithm = "credit/1 " + (outcome.chosen.empty() ? "none" : outcome.chosen),
                       .options = json::serialize(told.at("options")),
                       .state = json::serialize(state),
                       .as_of = outcome.until.value_or(Date{}),
                       .data_version = data_version,
                       .scores = {"credit.chance", "credit.index", "credit.points", "credit.reason", "credit.overdue",
                                  "credit.advised_limit"}};
  return write_back(session, run, customers,
                    [&](std::size_t i, GivenResult& result) { give(request, outcome, i, result); });
}

}  // namespace

const std::string_view credit_schema = R"({"type":"object","properties":{
"horizon_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days of the window that is foretold; 90 without it"},
"overdue_days":{"type":"integer","minimum":1,"maximum":3650,"description":"days from which on a receivable is seriously overdue; 30 without it"},
"grace_days":{"type":"integer","minimum":0,"maximum":365,"description":"days after the day due that are still in time; 3 without it"},
"settled_share":{"type":"number","minimum":0.5,"maximum":1,"description":"of an amount, from which on it is settled; .95 without it"},
"rating_cuts":{"type":"array","items":{"type":"number","minimum":0,"maximum":1},"description":"where the classes B, C, D and E begin"},
"language":{"type":"string","enum":["en","zh"],"description":"of reasons and verdict"}}})";

InsightResult run_credit(Session& session, const InsightOptions& options) {
  const CreditRequest request = credit_request(checked_options(credit_schema, options.json), options.as_of);
  const Facts facts = read_facts(session);
  const View view = session.view();
  const Receivables receivables = read_receivables(view, facts, request.settled_share);
  const CreditOutcome outcome =
      predict_credit(receivables, request, {session.options().executor, session.options().progress});
  json::object summary = credit_json(receivables, request, outcome, value_classes(view));
  std::vector<std::int64_t> customers;
  for (const PaymentBehaviour& one : outcome.rows.of) customers.push_back(one.customer);
  tell_run(summary, "credit", receivables.data_version, customers.size());
  if (options.write_back)
    summary["model_id"] =
        std::to_string(write_credit(session, request, outcome, summary, customers, receivables.data_version).value);
  InsightResult result{summary_text(summary), receivables.data_version, customers.size()};
  if (options.table) result.table = credit_table(receivables, request, outcome, id_column(customers));
  return result;
}

}  // namespace emptor
