#include <algorithm>
#include <iterator>

#include "core/options.hpp"
#include "insight/facts/customer_fields.hpp"
#include "insight/facts/stored_details.hpp"
#include "insight/insight_runs.hpp"
#include "insight/value/value_groups.hpp"
#include "insight/writing/alert_writing.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr double settled_share = 0.97;  // cash discounts are no debts

constexpr std::string_view dimension_scores[value_dimension_count] = {"value.contribution", "value.future",
                                                                      "value.loyalty", "value.credit", "value.growth"};
constexpr std::string_view driver_scores[value_driver_count] = {"value.deal_proneness", "value.brand_sensitivity",
                                                                "value.price_level"};

/// The rank of each row among the key accounts, from 1; 0 of the others.
std::vector<std::size_t> key_ranks(const ValueOutcome& outcome) {
  std::vector<std::size_t> ranks(outcome.rows.size());
  for (std::size_t rank = 0; rank < outcome.keys.size(); ++rank) ranks[outcome.keys[rank]] = rank + 1;
  return ranks;
}

void give_value(const ValueRequest& request, const ValueOutcome& outcome, std::size_t row, std::size_t key_rank,
                GivenResult& result) {
  for (std::size_t i = 0; i < value_dimension_count; ++i) {
    const std::vector<double>& measure = outcome.measures.of[i];
    if (!measure.empty() && measure[row] == measure[row]) result.scores.push_back({dimension_scores[i], measure[row]});
  }
  const std::string& tier = request.tiers[outcome.tier[row]].name;
  result.scores.push_back({"value.score", outcome.score[row], tier});
  if (key_rank > 0) result.scores.push_back({"value.key_account", static_cast<double>(key_rank), "key account"});
  for (std::size_t i = 0; i < value_driver_count; ++i) {
    const std::vector<double>& driver = outcome.drivers.of[i];
    if (!driver.empty() && driver[row] == driver[row]) result.scores.push_back({driver_scores[i], driver[row]});
  }
  result.tag = "value." + tier;
}

/// One a customer whose value moved: the better the tier the more pressing, a loss more than a gain.
std::vector<GivenAlert> alerts_of(const ValueRequest& request, const ValueOutcome& outcome) {
  std::vector<GivenAlert> alerts;
  for (const ValueMove& move : outcome.moves.alarms) {
    const std::int64_t pressing = std::max<std::int64_t>(4 - outcome.tier[move.row], 1);
    alerts.push_back({outcome.rows.customer[move.row], "value_change", pressing + (move.is_loss() ? 1 : 0),
                      move_reason(move, request.language)});
  }
  return alerts;
}

Id write_value(Session& session, const ValueRequest& request, const ValueOutcome& outcome, const json::object& told,
               std::int64_t data_version) {
  json::object state;  // nothing that names a customer: it outlives an erasure
  for (const char* part :
       {"dimensions", "rank_correlations", "score", "tiers", "drivers", "moved", "portrait", "earnings", "verdict"})
    if (const json::value* value = told.if_contains(part)) state[part] = *value;
  InsightRun run{.name = "value",
                 .algorithm = "value/1 " + std::string(outcome.learned ? "learned" : "weights"),
                 .options = json::serialize(told.at("options")),
                 .state = json::serialize(state),
                 .as_of = outcome.until.value_or(Date{}),
                 .data_version = data_version,
                 .scores = {"value.score", "value.key_account"}};
  run.scores.insert(run.scores.end(), std::begin(dimension_scores), std::end(dimension_scores));
  run.scores.insert(run.scores.end(), std::begin(driver_scores), std::end(driver_scores));
  const std::vector<std::size_t> ranks = key_ranks(outcome);
  const Id model = write_back(session, run, outcome.rows.customer, [&](std::size_t row, GivenResult& result) {
    give_value(request, outcome, row, ranks[row], result);
  });
  write_alerts(session, run, model, alerts_of(request, outcome), request.rows.period);
  return model;
}

/// Who the key accounts are; names are not told where results may be kept.
json::array key_accounts_json(const View& view, const ValueOutcome& outcome) {
  json::array told;
  for (const std::size_t row : outcome.keys) {
    const Id id{outcome.rows.customer[row]};
    json::object one = {{"customer_id", std::to_string(id.value)}, {"external_id", external_id_of(view, id)}};
    for (const ValueDimension dimension : {ValueDimension::contribution, ValueDimension::future})
      if (const auto& measure = outcome.measures.at(dimension); !measure.empty())
        one[value_dimension_names[static_cast<std::size_t>(dimension)]] = measure[row];
    told.push_back(std::move(one));
  }
  return told;
}

}  // namespace

InsightResult run_value(Session& session, const InsightOptions& options) {
  const ValueRequest request = value_request(checked_options(value_schema, options.json), options.as_of);
  const Facts facts = read_facts(session);
  const View view = session.view();
  const LineDetails details = read_line_details(view, facts);
  const Receivables receivables = read_receivables(view, facts, settled_share);
  const ContactCosts contacts = read_contact_costs(view);
  const std::int64_t data_version =
      std::max({facts.data_version, details.data_version, receivables.data_version, contacts.data_version});
  const ValueOutcome outcome = assess_value({lines_of(facts), details, receivables, contacts}, request,
                                            {session.options().executor, session.options().progress});
  json::object summary = value_json(request, outcome);
  summary["key_accounts"] = key_accounts_json(view, outcome);
  const ValueGroup group = stored_group(view, request, outcome);
  PortraitColumns behaviour = behaviour_of(outcome), columns = read_customer_fields(view, outcome.rows.customer);
  columns.numbers.insert(columns.numbers.begin(), std::make_move_iterator(behaviour.numbers.begin()),
                         std::make_move_iterator(behaviour.numbers.end()));
  summary["portrait"] = portrait_json(group, draw_portrait(columns, group.within));
  tell_run(summary, "value", data_version, outcome.rows.size());
  if (options.write_back)
    summary["model_id"] = std::to_string(write_value(session, request, outcome, summary, data_version).value);
  InsightResult result{summary_text(summary), data_version, outcome.rows.size()};
  if (options.table) result.table = value_table(request, outcome, id_column(outcome.rows.customer));
  return result;
}

}  // namespace emptor
