#include <algorithm>

#include "emptor/core/exact_sum.hpp"
#include "emptor/mine/correlation.hpp"
#include "emptor/mine/judgement.hpp"
#include "insight/value/value_levels.hpp"
#include "insight/value/value_measures.hpp"

namespace emptor {
namespace {

std::size_t count_of(const std::vector<double>& y, double value) {
  return static_cast<std::size_t>(std::count(y.begin(), y.end(), value));
}

std::string lack_of_outcomes(const std::vector<double>& y, const char* what) {
  const std::size_t some = count_of(y, 1), others = count_of(y, 0);
  if (some >= least_judged && others >= least_judged) return {};
  return "in the window just past " + std::to_string(some) + " customers " + what + " and " + std::to_string(others) +
         " did not; " + std::to_string(least_judged) + " of each are needed";
}

DimensionJudgement not_judged(std::string why) { return {MeasureState::index, std::move(why)}; }

DimensionJudgement judge_amounts(const ValueRows& rows, const std::vector<double>& order,
                                 const std::vector<double>& expected, const std::string& lack) {
  if (!lack.empty()) return not_judged(lack);
  const std::vector<double> came = next_earned_of(rows);
  DimensionJudgement judged{MeasureState::judged, {}, rows.size()};
  judged.gini = mine::normalised_gini(came, order);
  judged.calibration = mine::calibrate_amounts(came, expected);
  return judged;
}

DimensionJudgement judge_loyalty(const ValueRows& rows, const std::vector<double>& activity) {
  std::string lack = lack_of_outcomes(rows.next_bought, "bought");
  if (!lack.empty()) return not_judged(std::move(lack));
  DimensionJudgement judged{MeasureState::judged, {}, rows.size()};
  std::vector<double> nearness;
  for (const double days : rows.recency) nearness.push_back(-days);
  judged.auc = mine::auc(rows.next_bought, activity);
  judged.recency_auc = mine::auc(rows.next_bought, nearness);
  return judged;
}

/// Whether those who paid less often in time were those of whom a receivable became seriously overdue.
DimensionJudgement judge_credit(const ValueSource& source, const ValueRows& rows, const std::vector<double>& in_time,
                                const ValueRequest& request) {
  const BehaviourRows behaviour = payment_behaviour(source.receivables, rows.day, payment_rules(request));
  std::vector<double> y, risk;
  for (std::size_t row = 0, at = 0; row < rows.size(); ++row) {
    while (at < behaviour.size() && behaviour.of[at].customer < rows.customer[row]) ++at;
    if (at == behaviour.size()) break;
    if (behaviour.of[at].customer != rows.customer[row] || in_time[row] != in_time[row]) continue;
    if (behaviour.outcome[at] != behaviour.outcome[at]) continue;
    y.push_back(behaviour.outcome[at]);
    risk.push_back(-in_time[row]);
  }
  std::string lack = lack_of_outcomes(y, "became seriously overdue");
  if (!lack.empty()) return not_judged(std::move(lack));
  DimensionJudgement judged{MeasureState::judged, {}, y.size()};
  judged.auc = mine::auc(y, risk);
  return judged;
}

/// What is left of y after its line on x.
std::vector<double> beyond(const std::vector<double>& y, const std::vector<double>& x) {
  DoubleSum sum_x, sum_y, xx, xy;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum_x.add(x[i]);
    sum_y.add(y[i]);
  }
  const auto n = static_cast<double>(x.size());
  const double mean_x = sum_x.value() / n, mean_y = sum_y.value() / n;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx.add((x[i] - mean_x) * (x[i] - mean_x));
    xy.add((x[i] - mean_x) * (y[i] - mean_y));
  }
  const double slope = xx.value() > 0 ? xy.value() / xx.value() : 0;
  std::vector<double> rest;
  for (std::size_t i = 0; i < x.size(); ++i) rest.push_back(y[i] - mean_y - slope * (x[i] - mean_x));
  return rest;
}

/// Against what is usual at the level that the last window is believed to have had, not the one that was seen: what
/// falls back by chance, or because all do, is no change of the customer.
DimensionJudgement judge_growth(const ValueRows& rows, const ValueMeasures& measures, const mine::Run& run) {
  const mine::BaseFreeChange& change = *measures.change;
  if (change.reliability == 0) return not_judged("what changed is no more than chance explains");
  const std::vector<std::size_t> known = known_before(rows);
  const LevelHalves next = levels_of(rows.next, known, measures.spend_unit);
  std::vector<double> level;
  for (std::size_t i = 0; i < known.size(); ++i) level.push_back((next.a[i] + next.b[i]) / 2);
  const std::vector<double> following = beyond(level, change.levels);
  std::vector<double> columns = change.changes;
  columns.insert(columns.end(), change.observed.begin(), change.observed.end());
  columns.insert(columns.end(), following.begin(), following.end());
  const mine::Correlations ranks = mine::correlate({columns.data(), known.size(), 3, 1, known.size()},
                                                   {.method = mine::CorrelationMethod::spearman}, run);
  if (ranks.coefficient(0, 2) != ranks.coefficient(0, 2)) return not_judged("all levels of spend are equal");
  DimensionJudgement judged{MeasureState::judged, {}, known.size()};
  judged.rank_correlation = ranks.coefficient(0, 2);
  judged.p_value = ranks.p_value(0, 2);
  judged.observed = ranks.coefficient(1, 2);
  return judged;
}

}  // namespace

std::string lack_of_earnings(const ValueRows& rows) {
  const auto earning = static_cast<std::size_t>(
      std::count_if(rows.next_earned.begin(), rows.next_earned.end(), [](std::int64_t one) { return one != 0; }));
  if (earning < least_judged || earning == rows.size())
    return "in the window just past " + std::to_string(earning) + " of " + std::to_string(rows.size()) +
           " customers earned us something; " + std::to_string(least_judged) + " are needed, and others who did not";
  Wide sum = 0;
  for (const std::int64_t micros : rows.next_earned) sum += micros;
  return sum > 0 ? std::string() : "in the window just past the customers together earned us nothing";
}

ValueJudgement judge_value(const ValueSource& source, const ValueRows& rows, const ValueMeasures& measures,
                           const ValueRequest& request, const mine::Run& run) {
  ValueJudgement judgement;
  const std::string lack = lack_of_earnings(rows);
  const auto judge = [&](ValueDimension dimension, const auto& work) {
    const auto at = static_cast<std::size_t>(dimension);
    if (measures.of[at].empty())
      judgement[at].why = measures.lack[at];
    else
      judgement[at] = work(measures.of[at]);
  };
  judge(ValueDimension::contribution, [&](const auto& own) { return judge_amounts(rows, own, own, lack); });
  judge(ValueDimension::future,
        [&](const auto& own) { return judge_amounts(rows, own, measures.next_expected, lack); });
  judge(ValueDimension::loyalty, [&](const auto& own) { return judge_loyalty(rows, own); });
  judge(ValueDimension::credit, [&](const auto& own) { return judge_credit(source, rows, own, request); });
  judge(ValueDimension::growth, [&](const auto&) { return judge_growth(rows, measures, run); });
  return judgement;
}

}  // namespace emptor
