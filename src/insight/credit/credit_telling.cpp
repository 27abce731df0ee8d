#include "insight/credit/credit_telling.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "emptor/core/exact_sum.hpp"
#include "insight/credit/credit_words.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// Customers who are told of together.
struct RiskGroup {
  std::size_t customers = 0, bad = 0;  ///< bad: rated D or E
  IntegerSum open, overdue, advised;
  DoubleSum risk, at_stake;

  void add(const CreditOutcome& outcome, std::size_t i) {
    const PaymentBehaviour& one = outcome.rows.of[i];
    ++customers;
    bad += outcome.rating[i] >= 3 ? 1U : 0U;
    open.add(one.open);
    overdue.add(one.overdue);
    advised.add(outcome.advised[i]);
    risk.add(outcome.risk[i]);
    at_stake.add(outcome.risk[i] * static_cast<double>(one.open) / Decimal::micros_per_unit);
  }
  json::object told(const CreditOutcome& outcome) const {
    json::object all = {
        {"customers", customers},
        {"open", decimal_json(open)},
        {"overdue", decimal_json(overdue)},
        {"advised_limit", decimal_json(advised)},
        {"rated_d_or_e", bad},
        {"mean_risk", customers == 0 ? json::value() : json::value(risk.value() / static_cast<double>(customers))}};
    // An index is no chance, so that nothing can be expected by it.
    if (outcome.chosen == "scorecard") all["open_at_risk"] = at_stake.value();
    return all;
  }
};

json::array qualities_json(const CreditOutcome& outcome) {
  json::array all;
  for (const CreditQuality& one : outcome.qualities) {
    json::object told = {{"name", one.name}, {"auc", one.auc}, {"gini", one.gini}, {"ks", one.ks}};
    if (one.brier) told["brier"] = *one.brier;
    if (one.calibration_slope) told["calibration_slope"] = *one.calibration_slope;
    all.push_back(std::move(told));
  }
  return all;
}

json::array card_columns_json(const mine::Scorecard& card) {
  json::array all;
  for (std::size_t c = 0; c < card.columns.size(); ++c)
    all.push_back(json::object{{"name", credit_feature_names[c]},
                               {"use", name_of(card.columns[c].use)},
                               {"information_value", card.binning.columns[c].information_value}});
  return all;
}

json::object ratings_json(const CreditOutcome& outcome) {
  std::array<RiskGroup, rating_count> groups;
  for (std::size_t i = 0; i < outcome.rows.size(); ++i) groups[outcome.rating[i]].add(outcome, i);
  json::object all;
  for (std::size_t r = 0; r < rating_count; ++r) all[rating_names[r]] = groups[r].told(outcome);
  return all;
}

json::object classes_json(const CreditOutcome& outcome, const CustomerClasses& classes) {
  std::map<std::string, RiskGroup> groups;
  for (std::size_t i = 0; i < outcome.rows.size(); ++i) {
    const auto found = classes.find(outcome.rows.of[i].customer);
    groups[found == classes.end() ? "none" : found->second].add(outcome, i);
  }
  json::object all;
  for (const auto& [name, group] : groups) all[name] = group.told(outcome);
  return all;
}

/// Adds columns of a number or amount a customer.
class RowWriter {
 public:
  RowWriter(NamedTable& table, const BehaviourRows& rows) : table_(table), rows_(rows) {}
  template <class Number>
  void reals(std::string_view name, const Number& number) {
    Column& column = table_.add(name, Type::real);
    for (const PaymentBehaviour& one : rows_.of) {
      const double value = number(one);
      column.append(std::isnan(value) ? Value() : Value(value));
    }
  }
  template <class Count>
  void counts(std::string_view name, const Count& count) {
    Column& column = table_.add(name, Type::integer);
    for (const PaymentBehaviour& one : rows_.of) column.append(Value(std::int64_t{count(one)}));
  }
  template <class Micros>
  void amounts(std::string_view name, const Micros& micros) {
    Column& column = table_.add(name, Type::decimal);
    for (const PaymentBehaviour& one : rows_.of) {
      const std::optional<std::int64_t> value = micros(one);
      column.append(value ? Value::of_bits(Type::decimal, *value) : Value());
    }
  }

 private:
  NamedTable& table_;
  const BehaviourRows& rows_;
};

void add_behaviour(NamedTable& table, const BehaviourRows& rows) {
  RowWriter write(table, rows);
  using Row = PaymentBehaviour;
  write.counts("receivables_due", [](const Row& one) { return one.due; });
  write.reals("share_late", [](const Row& one) { return one.late_share(); });
  write.reals("share_seriously_late", [](const Row& one) { return one.serious_share(); });
  write.reals("median_days_late", [](const Row& one) { return one.median_late; });
  write.reals("p90_days_late", [](const Row& one) { return one.high_late; });
  write.reals("trend_days_late", [](const Row& one) { return one.trend; });
  write.amounts("open", [](const Row& one) { return std::optional(one.open); });
  write.amounts("overdue", [](const Row& one) { return std::optional(one.overdue); });
  write.counts("days_overdue", [](const Row& one) { return one.oldest_overdue; });
  write.amounts("limit", [](const Row& one) { return one.limit; });
  write.reals("limit_use", [](const Row& one) { return one.limit_use(); });
}

}  // namespace

json::object credit_options_json(const CreditRequest& request) {
  json::object told = {{"horizon_days", request.rules.horizon},
                       {"overdue_days", request.rules.overdue_days},
                       {"grace_days", request.rules.grace_days},
                       {"settled_share", request.settled_share},
                       {"language", request.language == Language::chinese ? "zh" : "en"}};
  if (!request.rating_cuts.empty()) told["rating_cuts"] = json::value_from(request.rating_cuts);
  return told;
}

json::object credit_json(const Receivables& receivables, const CreditRequest& request, const CreditOutcome& outcome,
                         const CustomerClasses& classes) {
  json::object told = {{"until", outcome.until ? json::value(to_string(*outcome.until)) : json::value()},
                       {"customers", outcome.rows.size()},
                       {"receivables", receivables.rows.size()},
                       {"payments", receivables.payments},
                       {"without_amount", receivables.without_amount},
                       {"before_payments", receivables.before_payments},
                       {"foreign_limits", receivables.foreign_limits},
                       {"verdict", outcome.verdict},
                       {"chosen", outcome.chosen.empty() ? json::value() : json::value(outcome.chosen)},
                       {"models", qualities_json(outcome)},
                       {"options", credit_options_json(request)}};
  if (!outcome.until) return told;
  json::array learnt;
  for (const Date day : outcome.learnt_on) learnt.push_back(json::value(to_string(day)));
  told["learnt_on"] = std::move(learnt);
  told["tested_on"] = to_string(outcome.tested_on);
  told["tested"] = outcome.tested;
  told["rating_cuts"] = json::value_from(outcome.cuts);
  told["ratings"] = ratings_json(outcome);
  told["classes"] = classes.empty() ? json::value() : json::value(classes_json(outcome, classes));
  RiskGroup all;
  for (std::size_t i = 0; i < outcome.rows.size(); ++i) all.add(outcome, i);
  told["all"] = all.told(outcome);
  if (!outcome.card) return told;
  told["serious_share"] = outcome.serious_share;
  told["attributes"] = card_columns_json(*outcome.card);
  return told;
}

std::string credit_words(const CreditRequest& request, const CreditOutcome& outcome, std::size_t i,
                         std::size_t reason) {
  const std::vector<CreditFeature>& all = outcome.reasons[i];
  if (reason < all.size()) return credit_reason(outcome.rows.of[i], all[reason], request.rules, request.language);
  return reason == 0 ? no_credit_reason(request.language) : std::string();
}

NamedTable credit_table(const Receivables& receivables, const CreditRequest& request, const CreditOutcome& outcome,
                        Column customers) {
  NamedTable table;
  table.add("customer", customers.type) = std::move(customers);
  if (outcome.chosen.empty()) return table;
  table.add(outcome.card ? "chance" : "index", Type::real) = real_column(outcome.risk);
  if (outcome.card) table.add("points", Type::real) = real_column(outcome.points);
  Column& rating = table.add("rating", Type::text);
  for (const std::uint8_t one : outcome.rating) rating.append(Value(rating_names[one]));
  for (std::size_t reason = 0; reason < credit_reason_count; ++reason) {
    Column& column = table.add("reason_" + std::to_string(reason + 1), Type::text);
    for (std::size_t i = 0; i < outcome.rows.size(); ++i)
      column.append(Value(std::string_view(credit_words(request, outcome, i, reason))));
  }
  add_behaviour(table, outcome.rows);
  Column& advised = table.add("advised_limit", Type::decimal);
  for (const std::int64_t one : outcome.advised) advised.append(Value::of_bits(Type::decimal, one));
  Column& stated = table.add("stated_rating", Type::text);
  for (const PaymentBehaviour& one : outcome.rows.of) {
    const CreditTerms* terms = receivables.terms_on(one.customer, outcome.until->days);
    stated.append(terms == nullptr ? Value() : Value(std::string_view(terms->rating)));
  }
  Column& blocked = table.add("blocked", Type::boolean);
  for (const PaymentBehaviour& one : outcome.rows.of)
    blocked.append(Value(receivables.blocked_on(one.customer, outcome.until->days)));
  return table;
}

}  // namespace emptor
