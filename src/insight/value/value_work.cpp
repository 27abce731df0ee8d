#include "insight/value/value_work.hpp"

#include <limits>
#include <utility>

#include "emptor/mine/amount_judgement.hpp"

namespace emptor {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

mine::Correlations correlations_of(const ValueMeasures& measures, std::size_t rows, const mine::Run& run) {
  if (rows == 0) return {};
  std::vector<double> columns;
  for (const std::vector<double>& column : measures.of) {
    columns.insert(columns.end(), column.begin(), column.end());
    if (column.empty()) columns.insert(columns.end(), rows, nothing);
  }
  return mine::correlate({columns.data(), rows, value_dimension_count, 1, rows},
                         {.method = mine::CorrelationMethod::spearman}, run);
}

/// Learned on a window that is over at `learnt`; the weights asked for where nothing can be learned.
ValueWeights weights_from(const ValueRows& learnt, const ValueMeasures& measures, const ValueRequest& request,
                          bool& learned) {
  learned = false;
  if (request.combine == ValueCombine::weights) return request.weights;
  const std::optional<ValueWeights> weights = learn_weights(learnt, measures);
  learned = weights.has_value();
  return weights.value_or(request.weights);
}

/// Judges the score on the window just past, with weights that did not see it.
void judge_score(const ValueSource& source, const std::vector<ValueRows>& rows, const ValueMeasures& past,
                 const ValueRequest& request, const mine::Run& run, ValueOutcome& out) {
  const std::string lack = lack_of_earnings(rows[1]);
  if (!lack.empty()) {
    out.verdict = "insufficient: " + lack;
    return;
  }
  ValueWeights weights = request.weights;
  if (request.combine == ValueCombine::learned && rows[0].size() > 0) {
    bool learned = false;
    weights = weights_from(rows[0], measure_value(source, rows[0], request, run), request, learned);
  }
  const std::vector<double> came = next_earned_of(rows[1]);
  out.score_gini = mine::normalised_gini(came, score_value(past, weights));
  out.contribution_gini = mine::normalised_gini(came, past.at(ValueDimension::contribution));
  if (!(*out.score_gini > 0))
    out.verdict = "insufficient: the score told nothing of what the window just past earned";
  else if (*out.score_gini > *out.contribution_gini)
    out.verdict = "sufficient";
  else
    out.verdict = "no better than the contribution: rank customers by that where the next window's earnings count";
}

/// As known before the window just past, against what it earned.
void judge_drivers(const ValueSource& source, const ValueRows& past, const ValueRequest& request, const mine::Run& run,
                   ValueOutcome& out) {
  if (!lack_of_earnings(past).empty()) return;
  const ValueDrivers drivers =
      measure_drivers(source.lines, source.details, past.customer, past.day, request.rows.purchases);
  const std::vector<double> came = next_earned_of(past);
  for (std::size_t i = 0; i < value_driver_count; ++i) {
    if (drivers.of[i].empty()) continue;
    std::vector<double> columns = drivers.of[i];
    columns.insert(columns.end(), came.begin(), came.end());
    const mine::Correlations ranks = mine::correlate({columns.data(), past.size(), 2, 1, past.size()},
                                                     {.method = mine::CorrelationMethod::spearman}, run);
    const double rank = ranks.coefficient(0, 1);
    if (rank == rank)
      out.driver_results[i] = {rank, ranks.p_value(0, 1),
                               mine::correlation_interval(mine::CorrelationMethod::spearman, rank, ranks.rows[1]),
                               ranks.rows[1]};
  }
}

/// A dimension that is there today and was not on the day it could be judged is an index.
void settle_states(const ValueMeasures& measures, ValueJudgement& judgement) {
  for (std::size_t i = 0; i < value_dimension_count; ++i) {
    if (measures.of[i].empty()) {
      judgement[i] = {MeasureState::absent, measures.lack[i]};
    } else if (judgement[i].state == MeasureState::absent) {
      judgement[i] = {MeasureState::index, "before the window just past " + judgement[i].why};
    }
  }
  DimensionJudgement& growth = judgement[static_cast<std::size_t>(ValueDimension::growth)];
  if (growth.state == MeasureState::judged && measures.change->reliability == 0)
    growth = {MeasureState::index, "what changed lately is no more than chance explains"};
}

/// How well what was known before the window just past told what that brought; and the weights that follow.
void judge_past(const ValueSource& source, const std::vector<ValueRows>& rows, const ValueRequest& request,
                const mine::Run& run, ValueOutcome& out) {
  ValueMeasures past;
  if (rows[1].size() > 0) {
    past = measure_value(source, rows[1], request, run);
    out.judgement = judge_value(source, rows[1], past, request, run);
  }
  judge_score(source, rows, past, request, run, out);
  judge_drivers(source, rows[1], request, run, out);
  out.weights = weights_from(rows[1], past, request, out.learned);
}

/// What is given: all that is known now.
void assess_today(const ValueSource& source, ValueRows rows, const ValueRequest& request, const mine::Run& run,
                  ValueOutcome& out) {
  out.rows = std::move(rows);
  out.measures = measure_value(source, out.rows, request, run);
  settle_states(out.measures, out.judgement);
  out.score = score_value(out.measures, out.weights);
  out.tier = tiers_of(out.rows, out.measures, out.score, request);
  out.keys = key_accounts(out.rows, out.measures, request);
  out.correlations = correlations_of(out.measures, out.rows.size(), run);
  const std::span<const std::int64_t> customers = out.rows.customer;
  out.drivers = measure_drivers(source.lines, source.details, customers, out.rows.day, request.rows.purchases);
  out.moves = find_moves(source.lines, customers, out.rows.day, request.rows.purchases, request.changes, run);
}

}  // namespace

ValueOutcome assess_value(const ValueSource& source, const ValueRequest& request, const mine::Run& run) {
  ValueOutcome out;
  const std::optional<Date> until = request.until ? request.until : source.lines.last_day(request.rows.purchases);
  if (!until) {
    out.verdict = "insufficient: there are no purchases";
    return out;
  }
  const std::int32_t period = request.rows.period;
  const Date days[] = {{until->days - 2 * period}, {until->days - period}, *until};
  const Earnings earnings(source.lines, source.details, request.rows.purchases, days[0]);
  std::vector<ValueRows> rows = value_rows(source.lines, earnings, days, request.rows);
  if (earnings.by_margin())  // an amount is no profit that a cost could be taken off
    for (ValueRows& one : rows) take_off(source.contacts, request.rows.period, one);
  out.until = until;
  out.judged_on = days[1];
  out.by_margin = earnings.by_margin();
  out.cost_known = earnings.known();
  if (rows[2].size() == 0) {
    out.verdict = "insufficient: nobody had bought by the day";
    return out;
  }
  judge_past(source, rows, request, run, out);
  assess_today(source, std::move(rows[2]), request, run, out);
  return out;
}

}  // namespace emptor
