#include "core/options.hpp"
#include "insight/insight_runs.hpp"
#include "insight/offers/offer_base.hpp"
#include "insight/offers/offer_writing.hpp"
#include "insight/replenishment/replenishment_work.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// Where the pairs of each customer begin; their customers beside.
struct CustomerPairs {
  std::vector<std::int64_t> customers;
  std::vector<std::size_t> starts;
};

CustomerPairs by_customer(const std::vector<DuePair>& due) {
  CustomerPairs out;
  for (std::size_t i = 0; i < due.size(); ++i) {
    if (i > 0 && due[i].rhythm.customer == due[i - 1].rhythm.customer) continue;
    out.customers.push_back(static_cast<std::int64_t>(due[i].rhythm.customer));
    out.starts.push_back(i);
  }
  out.starts.push_back(due.size());
  return out;
}

Id write(Session& session, const ReplenishmentRequest& request, const ReplenishmentOutcome& outcome,
         const json::object& told, std::int64_t data_version) {
  const InsightRun run{
      .name = "replenishment",
      .algorithm = "rhythm/1",
      .options = json::serialize(told.at("options")),
      .state = json::serialize(json::object{{"models", told.at("models")}, {"verdict", outcome.verdict}}),
      .as_of = outcome.until,
      .data_version = data_version,
      .scores = {}};
  const CustomerPairs pairs = by_customer(outcome.due);
  return write_offers(session, run, pairs.customers, [&](std::size_t i, std::vector<GivenOffer>& offers) {
    for (std::size_t k = pairs.starts[i]; k < pairs.starts[i + 1]; ++k) {
      const DuePair& pair = outcome.due[k];
      offers.push_back({outcome.products[pair.rhythm.item], pair.chance, due_reason(pair, request.language), "sell",
                        last_due_day(pair)});
    }
  });
}

std::vector<std::int64_t> customers_of(const std::vector<DuePair>& due) {
  std::vector<std::int64_t> customers;
  for (const DuePair& pair : due) customers.push_back(static_cast<std::int64_t>(pair.rhythm.customer));
  return customers;
}

}  // namespace

InsightResult run_replenishment(Session& session, const InsightOptions& options) {
  const ReplenishmentRequest request =
      replenishment_request(checked_options(replenishment_schema, options.json), options.as_of);
  const Facts facts = read_facts(session);
  const CustomerLines lines = lines_of(facts);
  const Date day = request.until ? *request.until : lines.last_day(request.purchases).value_or(Date{});
  const std::vector<std::int64_t> left_out =
      request.consent ? customers_without_offers(session.view(), day) : std::vector<std::int64_t>();
  const ReplenishmentOutcome outcome =
      find_due(lines, request, left_out, {session.options().executor, session.options().progress});
  json::object summary = replenishment_json(request, outcome);
  tell_run(summary, "replenishment", facts.data_version, outcome.customers);
  if (options.write_back)
    summary["model_id"] = std::to_string(write(session, request, outcome, summary, facts.data_version).value);
  InsightResult result{summary_text(summary), facts.data_version, outcome.customers};
  if (options.table)
    result.table = due_table(outcome, id_column(customers_of(outcome.due)), id_column(outcome.products));
  return result;
}

}  // namespace emptor
