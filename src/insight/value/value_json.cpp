#include <cmath>

#include "insight/insight_runs.hpp"
#include "insight/value/value_work.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view state_texts[] = {"absent", "index", "judged"};
constexpr std::string_view criterion_texts[] = {"next_earnings", "next_earnings", "next_purchase", "next_lateness",
                                                "next_change_of_spend"};

json::value number(double value) { return std::isfinite(value) ? json::value(value) : json::value(); }

void tell(json::object& told, const char* name, const std::optional<double>& value) {
  if (value) told[name] = number(*value);
}

json::object calibration_json(const mine::AmountCalibration& calibration) {
  json::array bins;
  for (const mine::AmountBin& bin : calibration.bins)
    bins.push_back(json::object{{"customers", bin.rows}, {"expected", bin.expected}, {"came", bin.came}});
  return {{"ratio", number(calibration.ratio)}, {"error", number(calibration.error)}, {"bins", std::move(bins)}};
}

json::object dimension_json(std::size_t dimension, const ValueOutcome& outcome) {
  const DimensionJudgement& judged = outcome.judgement[dimension];
  json::object told = {{"state", state_texts[static_cast<std::size_t>(judged.state)]}};
  if (!judged.why.empty()) told["why"] = judged.why;
  if (judged.state != MeasureState::absent && dimension == static_cast<std::size_t>(ValueDimension::growth))
    told["reliability"] = outcome.measures.change->reliability;
  if (judged.state != MeasureState::absent && dimension == static_cast<std::size_t>(ValueDimension::future))
    told["model"] = outcome.measures.future_model;
  if (judged.state != MeasureState::judged) return told;
  told["criterion"] = criterion_texts[dimension];
  told["judged_on"] = judged.rows;
  tell(told, "gini", judged.gini);
  tell(told, "auc", judged.auc);
  tell(told, "recency_auc", judged.recency_auc);
  tell(told, "rank_correlation", judged.rank_correlation);
  tell(told, "p_value", judged.p_value);
  tell(told, "observed_change_rank_correlation", judged.observed);
  if (judged.calibration) told["calibration"] = calibration_json(*judged.calibration);
  return told;
}

json::object dimensions_json(const ValueOutcome& outcome) {
  json::object told;
  for (std::size_t i = 0; i < value_dimension_count; ++i) told[value_dimension_names[i]] = dimension_json(i, outcome);
  return told;
}

/// Of each pair of dimensions that are there.
json::array correlations_json(const ValueOutcome& outcome) {
  json::array told;
  if (outcome.rows.size() == 0) return told;
  for (std::size_t a = 0; a < value_dimension_count; ++a)
    for (std::size_t b = a + 1; b < value_dimension_count; ++b) {
      if (outcome.measures.of[a].empty() || outcome.measures.of[b].empty()) continue;
      told.push_back(json::object{{"first", value_dimension_names[a]},
                                  {"second", value_dimension_names[b]},
                                  {"spearman", number(outcome.correlations.coefficient(a, b))},
                                  {"p_value", number(outcome.correlations.p_value(a, b))},
                                  {"customers", outcome.correlations.rows[a * value_dimension_count + b]}});
    }
  return told;
}

json::object weights_json(const ValueWeights& weights) {
  json::object told;
  for (std::size_t i = 0; i < value_dimension_count; ++i) told[value_dimension_names[i]] = weights[i];
  return told;
}

/// Of each tier: customers, what they earned and what their spend comes to, the least score.
json::array tiers_json(const ValueRequest& request, const ValueOutcome& outcome) {
  struct Tier {
    std::size_t customers = 0;
    IntegerSum earned, spend;
    std::optional<double> least_score;
  };
  std::vector<Tier> tiers(request.tiers.size());
  for (std::size_t row = 0; row < outcome.rows.size(); ++row) {
    Tier& tier = tiers[outcome.tier[row]];
    ++tier.customers;
    tier.earned.add(outcome.rows.earned[row]);
    tier.spend.add(outcome.rows.spend[row]);
    tier.least_score = std::min(tier.least_score.value_or(outcome.score[row]), outcome.score[row]);
  }
  json::array told;
  for (std::size_t i = 0; i < tiers.size(); ++i)
    told.push_back(
        json::object{{"name", request.tiers[i].name},
                     {"customers", tiers[i].customers},
                     {"contribution", decimal_json(tiers[i].earned)},
                     {"spend", decimal_json(tiers[i].spend)},
                     {"least_score", tiers[i].least_score ? json::value(*tiers[i].least_score) : json::value()}});
  return told;
}

json::object driver_json(std::size_t driver, const ValueOutcome& outcome) {
  const bool absent = outcome.drivers.of[driver].empty();
  json::object told = {{"state", absent ? "absent" : "index"}};
  if (absent) {
    told["why"] = outcome.drivers.lack[driver];
    return told;
  }
  if (driver == static_cast<std::size_t>(ValueDriver::deal_proneness)) told["by"] = outcome.drivers.deals_by;
  if (driver == static_cast<std::size_t>(ValueDriver::brand_sensitivity)) told["by"] = outcome.drivers.brands_by;
  if (const auto& result = outcome.driver_results[driver])
    told["next_earnings"] = json::object{
        {"spearman", result->rank_correlation}, {"lower", result->interval.lower}, {"upper", result->interval.upper},
        {"p_value", result->p_value},           {"customers", result->rows},       {"moves", result->moves()}};
  return told;
}

json::object moves_json(const ValueMoves& moves) {
  json::object kinds;
  for (const std::string_view name : move_names) kinds[name] = 0;
  for (const ValueMove& move : moves.alarms) {
    json::value& count = kinds[move_names[static_cast<std::size_t>(move.kind)]];
    count = count.as_int64() + 1;
  }
  json::object told = {{"tests", moves.tests}, {"alarms", moves.alarms.size()}, {"kinds", std::move(kinds)}};
  if (!moves.why.empty()) told["why"] = moves.why;
  return told;
}

void add_moves(const ValueOutcome& outcome, NamedTable& table) {
  std::vector<const ValueMove*> of(outcome.rows.size());
  for (const ValueMove& move : outcome.moves.alarms) of[move.row] = &move;
  Column& kind = table.add("moved", Type::text);
  for (const ValueMove* move : of)
    kind.append(move == nullptr ? Value() : Value(move_names[static_cast<std::size_t>(move->kind)]));
  Column& ratio = table.add("moved_ratio", Type::real);
  for (const ValueMove* move : of) ratio.append(move == nullptr ? Value() : Value(move->ratio));
}

}  // namespace

json::object value_json(const ValueRequest& request, const ValueOutcome& outcome) {
  json::object score = {{"weights", weights_json(outcome.weights)},
                        {"combine", outcome.learned ? "learned" : "weights"}};
  tell(score, "gini", outcome.score_gini);
  tell(score, "contribution_gini", outcome.contribution_gini);
  json::object told = {{"until", outcome.until ? json::value(to_string(*outcome.until)) : json::value()},
                       {"customers", outcome.rows.size()},
                       {"verdict", outcome.verdict},
                       {"earnings", outcome.by_margin ? "margin" : "amount"},
                       {"cost_known", outcome.cost_known},
                       {"options", value_options_json(request)}};
  if (!outcome.until) return told;
  told["judged_on"] = to_string(outcome.judged_on);
  told["dimensions"] = dimensions_json(outcome);
  told["rank_correlations"] = correlations_json(outcome);
  told["score"] = std::move(score);
  told["tiers"] = tiers_json(request, outcome);
  told["key_accounts"] = outcome.keys.size();
  json::object drivers;
  for (std::size_t i = 0; i < value_driver_count; ++i) drivers[value_driver_names[i]] = driver_json(i, outcome);
  told["drivers"] = std::move(drivers);
  told["moved"] = moves_json(outcome.moves);
  return told;
}

NamedTable value_table(const ValueRequest& request, const ValueOutcome& outcome, Column customers) {
  NamedTable table;
  table.add("customer", customers.type) = std::move(customers);
  for (std::size_t i = 0; i < value_dimension_count; ++i)
    if (!outcome.measures.of[i].empty())
      table.add(value_dimension_names[i], Type::real) = real_column(outcome.measures.of[i]);
  table.add("score", Type::real) = real_column(outcome.score);
  Column& tier = table.add("tier", Type::text);
  for (const std::uint8_t of : outcome.tier) tier.append(Value(std::string_view(request.tiers[of].name)));
  Column key{.type = Type::integer};
  std::vector<std::int64_t> ranks(outcome.rows.size());
  for (std::size_t rank = 0; rank < outcome.keys.size(); ++rank)
    ranks[outcome.keys[rank]] = static_cast<std::int64_t>(rank) + 1;
  for (const std::int64_t rank : ranks) key.append(rank > 0 ? Value(rank) : Value());
  table.add("key_account", Type::integer) = std::move(key);
  for (std::size_t i = 0; i < value_driver_count; ++i)
    if (!outcome.drivers.of[i].empty())
      table.add(value_driver_names[i], Type::real) = real_column(outcome.drivers.of[i]);
  add_moves(outcome, table);
  return table;
}

}  // namespace emptor
