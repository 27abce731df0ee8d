#include <algorithm>
#include <functional>
#include <numeric>

#include "insight/campaigns/campaign_words.hpp"
#include "insight/customer_profit/customer_profit.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

namespace json = boost::json;
using words::Text;

constexpr Text told{
    "{0} of {1} customers cost more than they brought: {2} in all. The most profitable {3} made as much as all "
    "together.",
    "{1} 位客户中有 {0} 位的成本高于贡献，合计 {2}；最盈利的 {3} 客户创造的利润等于总利润。"},
    loses{" {0} {1} costs more than it brings: {2} a customer ({3} to {4}).",
          " {0} {1} 成本高于贡献：人均 {2}（{3} 至 {4}）。"};

json::value sum_json(const std::vector<std::int64_t>& micros) {
  IntegerSum sum;
  for (const std::int64_t one : micros) sum.add(one);
  return decimal_json(sum);
}

struct Losses {
  std::size_t customers = 0;
  IntegerSum micros;
  double share_for_all = 1;  ///< of the customers, the best first, who together make the whole profit
};

Losses losses_of(const ProfitRows& rows) {
  Losses out;
  IntegerSum all, so_far;
  std::vector<std::int64_t> sorted = rows.profit;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  for (const std::int64_t one : sorted) {
    all.add(one);
    if (one < 0) out.micros.add(one);
    out.customers += one < 0 ? 1U : 0U;
  }
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    so_far.add(sorted[i]);
    if (so_far.value() < all.value()) continue;
    out.share_for_all = static_cast<double>(i + 1) / static_cast<double>(sorted.size());
    break;
  }
  return out;
}

std::string words_of(const ProfitOutcome& outcome, const Losses& losses, Language language) {
  const Voice voice(language, 2);
  std::string text = voice.say(told, {with_thousands(static_cast<std::int64_t>(losses.customers)),
                                      with_thousands(static_cast<std::int64_t>(outcome.rows.size())),
                                      voice.amount(losses.micros), shown_percent(losses.share_for_all)});
  for (const ProfitGroup& one : outcome.groups)
    if (one.loses())
      text += voice.say(loses, {one.field, one.kind, shown_number(one.mean, 2), shown_number(one.lower, 2),
                                shown_number(one.upper, 2)});
  return text;
}

json::array groups_json(const ProfitOutcome& outcome) {
  json::array all;
  for (const ProfitGroup& one : outcome.groups)
    all.push_back(json::object{{"field", one.field},
                               {"kind", one.kind},
                               {"customers", one.customers},
                               {"profit", decimal_json(one.profit)},
                               {"mean", one.mean},
                               {"lower", one.lower},
                               {"upper", one.upper},
                               {"adjusted_p", one.adjusted},
                               {"costs_more_than_it_brings", one.loses()}});
  return all;
}

json::object now_json(const ProfitRows& rows) {
  json::object now = {{"revenue", sum_json(rows.revenue)}, {"margin", sum_json(rows.margin)}};
  for (std::size_t kind = 0; kind < cost_kind_count; ++kind) now[cost_kind_names[kind]] = sum_json(rows.costs[kind]);
  now["profit"] = sum_json(rows.profit);
  return now;
}

json::value judged_json(const ProfitJudgement& judged) {
  if (judged.customers == 0) return nullptr;
  return json::object{{"customers", judged.customers},     {"gini", judged.gini},
                      {"naive_gini", judged.naive_gini},   {"mean_absolute_error", judged.error},
                      {"naive_error", judged.naive_error}, {"covered", judged.covered}};
}

}  // namespace

json::object profit_json(const ProfitRequest& request, const ProfitOutcome& outcome) {
  json::object out = {{"until", outcome.until ? json::value(to_string(*outcome.until)) : json::value()},
                      {"customers", outcome.rows.size()},
                      {"verdict", outcome.verdict},
                      {"earnings", outcome.by_margin ? "margin" : "amount"},
                      {"options",
                       {{"period_days", request.period},
                        {"horizon_days", request.horizon},
                        {"discount", request.discount},
                        {"level", request.level},
                        {"language", code_of(request.language)}}}};
  if (outcome.rows.size() == 0) return out;
  const Losses losses = losses_of(outcome.rows);
  out["now"] = now_json(outcome.rows);
  out["model"] = outcome.expected.model.empty() ? json::value() : json::value(outcome.expected.model);
  const std::vector<double>& value = outcome.expected.value;
  out["expected"] = value.empty() ? json::value() : json::value(std::accumulate(value.begin(), value.end(), 0.0));
  out["judged"] = judged_json(outcome.judged);
  out["losing_customers"] = losses.customers;
  out["losses"] = decimal_json(losses.micros);
  out["share_that_makes_all"] = losses.share_for_all;
  out["groups"] = groups_json(outcome);
  out["en"] = words_of(outcome, losses, Language::english);
  out["zh"] = words_of(outcome, losses, Language::chinese);
  return out;
}

NamedTable profit_table(const ProfitOutcome& outcome, Column customers) {
  NamedTable table;
  table.add("customer", customers.type) = std::move(customers);
  const auto amounts = [&](std::string_view name, const std::vector<std::int64_t>& micros) {
    Column& column = table.add(name, Type::decimal);
    for (const std::int64_t one : micros) column.append(Value::of_bits(Type::decimal, one));
  };
  amounts("revenue", outcome.rows.revenue);
  amounts("margin", outcome.rows.margin);
  for (std::size_t kind = 0; kind < cost_kind_count; ++kind) amounts(cost_kind_names[kind], outcome.rows.costs[kind]);
  amounts("profit", outcome.rows.profit);
  if (outcome.expected.model.empty()) return table;
  table.add("expected", Type::real) = real_column(outcome.expected.value);
  table.add("lower", Type::real) = real_column(outcome.expected.lower);
  table.add("upper", Type::real) = real_column(outcome.expected.upper);
  return table;
}

}  // namespace emptor
