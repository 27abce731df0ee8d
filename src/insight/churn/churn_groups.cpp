#include "insight/churn/churn_groups.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/sort_stably.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/mine/correlation.hpp"
#include "insight/churn/churn_work.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t told_reasons = 5, told_stated = 5;

/// 0 where either does not vary.
double rank_correlation(const std::vector<double>& pairs, const mine::Run& run) {
  if (pairs.size() < 4) return 0;
  const mine::NumberView x(pairs.data(), pairs.size() / 2, 2, 2, 1);
  const double found = mine::correlate(x, {.method = mine::CorrelationMethod::spearman}, run).coefficient(0, 1);
  return std::isnan(found) ? 0 : found;
}

GroupReason reason_of(const ChurnOutcome& outcome, const std::vector<std::size_t>& rows, std::size_t feature,
                      const mine::Run& run) {
  DoubleSum weight, mean;
  std::vector<double> pairs;
  for (const std::size_t row : rows) {
    const double share = outcome.shares[row * churn_feature_count + feature];
    weight.add(std::abs(share));
    mean.add(share);
    const double value = outcome.rows.at(row, static_cast<ChurnFeature>(feature));
    if (std::isnan(value)) continue;
    pairs.push_back(value);
    pairs.push_back(share);
  }
  const auto count = static_cast<double>(rows.size());
  return {static_cast<ChurnFeature>(feature), weight.value() / count, mean.value() / count,
          rank_correlation(pairs, run)};
}

ChurnGroup group_of(std::string name, const ChurnOutcome& outcome, const std::vector<std::size_t>& rows,
                    const mine::Run& run) {
  ChurnGroup group{.name = std::move(name), .customers = rows.size(), .reasons = {}, .stated = {}};
  DoubleSum chance, loss;
  group.stated.resize(outcome.stated.reasons.size());
  for (const std::size_t row : rows) {
    chance.add(outcome.chance[row]);
    if (!outcome.value.empty()) loss.add(outcome.chance[row] * outcome.value[row]);
    if (outcome.stated.recent.empty()) continue;
    for (const std::uint32_t reason : outcome.stated.recent[row]) ++group.stated[reason];
  }
  group.mean_chance = chance.value() / static_cast<double>(rows.size());
  group.expected_loss = outcome.value.empty() ? std::numeric_limits<double>::quiet_NaN() : loss.value();
  for (std::size_t feature = 0; feature < churn_feature_count; ++feature)
    group.reasons.push_back(reason_of(outcome, rows, feature, run));
  sort_stably(group.reasons, [](const GroupReason& a, const GroupReason& b) { return a.weight > b.weight; });
  return group;
}

json::array reasons_json(const ChurnGroup& group, Language language) {
  json::array told;
  for (const GroupReason& one : group.reasons) {
    if (!(one.weight > 0) || told.size() == told_reasons) break;
    told.push_back({{"feature", churn_feature_names[static_cast<std::size_t>(one.feature)]},
                    {"mean_absolute", one.weight},
                    {"mean", one.mean},
                    {"direction", one.direction},
                    {"text", churn_influence(one.feature, one.direction, one.mean, language)}});
  }
  return told;
}

/// The reasons that most customers of the group gave, against the customers who stayed.
json::array stated_json(const ChurnGroup& group, const StatedReasons& all, Language language) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < group.stated.size(); ++i)
    if (group.stated[i] > 0 && all.reasons[i].tells()) order.push_back(i);
  sort_stably(order, [&](std::size_t a, std::size_t b) { return group.stated[a] > group.stated[b]; });
  json::array told;
  for (const std::size_t i : order) {
    if (told.size() == told_stated) break;
    const mine::RateInterval lift = mine::ratio_interval(double(group.stated[i]), double(group.customers),
                                                         double(all.reasons[i].stayed), double(all.stayed));
    told.push_back({{"reason", stated_text(all, i, language)},
                    {"customers", group.stated[i]},
                    {"lift", lift.value},
                    {"interval", {lift.lower, lift.upper}}});
  }
  return told;
}

}  // namespace

std::vector<ChurnGroup> churn_groups(const ChurnOutcome& outcome, const CustomerGroups& groups, const mine::Run& run) {
  std::vector<std::vector<std::size_t>> rows(groups.names.size());
  std::vector<std::size_t> all;
  for (std::size_t row = 0; row < outcome.chance.size(); ++row) {
    all.push_back(row);
    const std::uint32_t group = groups.of(outcome.rows.customer[row]);
    if (group != CustomerGroups::none) rows[group].push_back(row);
  }
  std::vector<ChurnGroup> told;
  if (all.empty()) return told;
  told.push_back(group_of("", outcome, all, run));
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!rows[i].empty()) told.push_back(group_of(groups.names[i], outcome, rows[i], run));
  return told;
}

json::array churn_groups_json(const std::vector<ChurnGroup>& groups, const ChurnOutcome& outcome, Language language) {
  json::array told;
  for (const ChurnGroup& group : groups) {
    json::object one = {{"group", group.name.empty() ? json::value() : json::value(group.name)},
                        {"customers", group.customers},
                        {"mean_chance", group.mean_chance},
                        {"expected_loss", number_json(group.expected_loss)},
                        {"reasons", reasons_json(group, language)}};
    if (!outcome.stated.reasons.empty()) one["stated"] = stated_json(group, outcome.stated, language);
    told.push_back(std::move(one));
  }
  return told;
}

json::object churn_correlations(const ChurnRows& rows, const mine::Run& run) {
  const mine::NumberView x(rows.x.data(), rows.size(), churn_feature_count, churn_feature_count, 1);
  const mine::Correlations all = mine::correlate(x, {.method = mine::CorrelationMethod::spearman}, run);
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < churn_feature_count; ++i)
    if (!std::isnan(all.coefficient(i, i))) kept.push_back(i);
  json::array names, matrix;
  for (const std::size_t i : kept) {
    names.push_back(json::value(churn_feature_names[i]));
    json::array line;
    for (const std::size_t j : kept) line.push_back(number_json(all.coefficient(i, j)));
    matrix.push_back(std::move(line));
  }
  return {{"method", "spearman"}, {"features", std::move(names)}, {"coefficients", std::move(matrix)}};
}

}  // namespace emptor
