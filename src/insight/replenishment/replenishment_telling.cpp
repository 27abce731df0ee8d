// Replenishment as options, words, JSON and a table.
#include <algorithm>
#include <cmath>

#include "core/options.hpp"
#include "insight/insight_runs.hpp"
#include "insight/replenishment/replenishment_work.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr double last_day_of_all = 2'932'896;  // 9999-12-31: rhythms of almost nothing have intervals without end

Date day_of(double day) { return Date{static_cast<std::int32_t>(std::floor(std::min(day, last_day_of_all)))}; }

json::object quality_json(const DueQuality& quality) {
  return {{"name", quality.name},
          {"due", quality.due},
          {"bought", quality.bought},
          {"precision", quality.due == 0 ? json::value() : json::value(quality.precision())}};
}

}  // namespace

const std::string_view replenishment_schema = R"({"type":"object","properties":{
"ahead_days":{"type":"integer","minimum":1,"maximum":365,"description":"days within which a product is bought again; 14 without it. As many days just past judge it"},
"least_chance":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1,"description":"of being bought within them, from which a product is due; .3 without it"},
"least_purchases":{"type":"integer","minimum":2,"maximum":1000,"description":"days on which the customer bought the product; 3 without it"},
"count":{"type":"integer","minimum":1,"maximum":100,"description":"products a customer; 3 without it"},
"purchases":{"type":"string","enum":["positive","non_negative","net"],"description":"which line items are purchases"},
"level":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1,"description":"of the interval about the day; .8 without it"},
"consent":{"type":"boolean","description":"whether customers who refused marketing or profiling, or are blocked, are left out; true without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of reasons and verdict"}}})";

ReplenishmentRequest replenishment_request(const json::object& options, const std::optional<Date>& until) {
  ReplenishmentRequest request;
  request.until = until;
  const auto whole = [&](const char* name, auto& number) {
    if (const json::value* value = options.if_contains(name))
      number = value->to_number<std::decay_t<decltype(number)>>();
  };
  whole("ahead_days", request.ahead);
  whole("least_chance", request.least_chance);
  whole("least_purchases", request.least_purchases);
  whole("count", request.count);
  whole("level", request.rhythm.level);
  if (const json::value* consent = options.if_contains("consent")) request.consent = consent->as_bool();
  request.purchases = measure_options(options, {}).purchases;
  request.language = language_option(options);
  return request;
}

Date last_due_day(const DuePair& pair) noexcept { return day_of(pair.rhythm.upper); }

std::string due_reason(const DuePair& due_pair, Language language) {
  const mine::PairRhythm& pair = due_pair.rhythm;
  const std::string times = std::to_string(pair.purchases), gap = std::to_string(std::lround(pair.expected_gap));
  const std::string last = to_string(day_of(static_cast<double>(pair.last_day))),
                    due = to_string(day_of(pair.next_day));
  if (language == Language::chinese)
    return "购买过" + times + "次，约每" + gap + "天一次，上次为" + last + "：预计" + due + "前后需要补货";
  return "bought " + times + " times, about every " + gap + " days, last on " + last + ": due about " + due;
}

NamedTable due_table(const ReplenishmentOutcome& outcome, const Column& customers, const Column& products) {
  NamedTable table;
  table.add("customer", customers.type);
  table.add("product", products.type);
  table.add("chance", Type::real);
  table.add("purchases", Type::integer);
  table.add("last", Type::date);
  table.add("gap", Type::real);
  for (const char* name : {"due", "from", "to"}) table.add(name, Type::date);

  for (std::size_t i = 0; i < outcome.due.size(); ++i) {
    const mine::PairRhythm& pair = outcome.due[i].rhythm;
    const Value cells[] = {customers.value(i),
                           products.value(pair.item),
                           outcome.due[i].chance,
                           static_cast<std::int64_t>(pair.purchases),
                           day_of(static_cast<double>(pair.last_day)),
                           pair.expected_gap,
                           day_of(pair.next_day),
                           day_of(pair.lower),
                           last_due_day(outcome.due[i])};
    for (std::size_t column = 0; column < std::size(cells); ++column) table.columns[column].append(cells[column]);
  }
  return table;
}

json::object replenishment_json(const ReplenishmentRequest& request, const ReplenishmentOutcome& outcome) {
  const ReplenishmentJudgement& judgement = outcome.judgement;
  const bool compared = judgement.rhythm.due > 0 && judgement.not_due.due > 0;
  json::object gain = {{"value", judgement.gain}, {"lower", judgement.lower}, {"upper", judgement.upper}};
  return {{"until", outcome.products.empty() ? json::value() : json::value(to_string(outcome.until))},
          {"customers", outcome.customers},
          {"due", outcome.due.size()},
          {"products", outcome.products.size()},
          {"products_with_rhythm", outcome.products_with_rhythm},
          {"judged", judgement.pairs},
          {"bought_anyway", judgement.bought},
          {"models", json::array{quality_json(judgement.rhythm), quality_json(judgement.mean_gap),
                                 quality_json(judgement.not_due)}},
          {"auc", judgement.auc},
          {"auc_of_recency", judgement.auc_of_recency},
          {"gain_over_not_due", compared ? json::value(std::move(gain)) : json::value()},
          {"verdict", outcome.verdict},
          {"chosen", outcome.verdict == "sufficient" ? json::value("rhythm") : json::value()},
          {"options",
           {{"ahead_days", request.ahead},
            {"least_chance", request.least_chance},
            {"least_purchases", request.least_purchases},
            {"count", request.count},
            {"purchases", measure_options_json({.purchases = request.purchases}).at("purchases")},
            {"level", request.rhythm.level},
            {"consent", request.consent},
            {"language", code_of(request.language)}}}};
}

}  // namespace emptor
