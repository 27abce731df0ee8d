#include <algorithm>

#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/insight_runs.hpp"
#include "insight/lifetime/lifetime_work.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view kind_texts[] = {"bg-nbd", "mbg-nbd", "pareto-nbd", "nbd"};
constexpr mine::LifetimeKind kinds[] = {mine::LifetimeKind::bg_nbd, mine::LifetimeKind::mbg_nbd,
                                        mine::LifetimeKind::pareto_nbd, mine::LifetimeKind::nbd};
constexpr std::string_view unit_texts[] = {"week", "day"};
constexpr TimeUnit units[] = {TimeUnit::week, TimeUnit::day};
constexpr std::string_view event_texts[] = {"day", "instant"};
constexpr std::string_view first_texts[] = {"excluded", "included"};

template <class T, std::size_t N>
std::string_view text_of(const T& value, const T (&values)[N], const std::string_view (&texts)[N]) {
  return texts[std::find(std::begin(values), std::end(values), value) - std::begin(values)];
}

std::vector<double> numbers_of(const json::object& options, const char* name) {
  std::vector<double> numbers;
  if (const json::value* list = options.if_contains(name))
    for (const json::value& number : list->as_array()) numbers.push_back(number.to_number<double>());
  return numbers;
}

std::vector<std::string> texts_of(const json::value& list) {
  std::vector<std::string> texts;
  for (const json::value& one : list.as_array()) texts.emplace_back(one.as_string());
  return texts;
}

double number_of(const json::object& options, const char* name, double otherwise) {
  const json::value* value = options.if_contains(name);
  return value == nullptr ? otherwise : value->to_number<double>();
}

}  // namespace

double units_a_year(TimeUnit unit) noexcept { return unit == TimeUnit::week ? 52 : 365; }

const std::string_view lifetime_schema = R"({"type":"object","properties":{
"model":{"type":"string","enum":["bg-nbd","mbg-nbd","pareto-nbd","nbd"],"description":"how customers buy and leave"},
"unit":{"type":"string","enum":["week","day"],"description":"of time, in parameters and horizon"},
"event":{"type":"string","enum":["day","instant"],"description":"what is one purchase: all of one day, or of one instant"},
"first_spend":{"type":"string","enum":["excluded","included"],"description":"whether the first purchase counts in the mean spend"},
"purchases":{"type":"string","enum":["positive","non_negative","net"],"description":"which line items count: sales; free items too (without it); what is taken back comes off the spend"},
"horizon":{"type":"number","minimum":0,"description":"units of time ahead; a year without it"},
"discount":{"type":"number","minimum":0,"maximum":10,"description":"a year; .1 without it"},
"margin":{"type":"number","minimum":0,"maximum":1,"description":"share of the spend that is earned; 1 without it"},
"parameters":{"type":"array","items":{"type":"number"},"description":"of the model, known from elsewhere: nothing is fitted"},
"spend_parameters":{"type":"array","items":{"type":"number"},"description":"p, q, gamma, known from elsewhere"},
"interval_level":{"type":"number","minimum":0.01,"maximum":0.9999,"description":"of intervals of the purchases to come; none without it"},
"diagnostics":{"type":"boolean","description":"check what was fitted: hold-out, tracking, frequencies, independence; true without it"},
"hold_out":{"type":"number","minimum":0,"description":"units of time at the end that the check's model does not see; a third without it"},
"covariates":{"type":"array","items":{"type":"string"},"description":"what is known of customers from the beginning on and may move how often they buy and when they leave: fields of a store's customers; of a plain table columns of numbers or texts, the same in all rows of a customer"},
"leaving_covariates":{"type":"array","items":{"type":"string"},"description":"what may move when they leave; the same as covariates without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of the verdict"}}})";

LifetimeRequest lifetime_request(const json::object& options, const std::optional<Date>& until) {
  LifetimeRequest request;
  request.kind = kinds[choice_option<std::size_t>(options, "model", kind_texts)];
  request.rows.until = until;
  request.rows.unit = units[choice_option<std::size_t>(options, "unit", unit_texts)];
  request.rows.event = choice_option<PurchaseEvent>(options, "event", event_texts);
  request.rows.first = choice_option<FirstSpend>(options, "first_spend", first_texts);
  if (options.contains("purchases")) request.rows.purchases = measure_options(options, {}).purchases;
  request.horizon = number_of(options, "horizon", units_a_year(request.rows.unit));
  request.discount = number_of(options, "discount", request.discount);
  request.margin = number_of(options, "margin", request.margin);
  request.parameters = numbers_of(options, "parameters");
  const auto given = [&](const char* name) -> std::optional<double> {
    if (!options.contains(name)) return std::nullopt;
    return number_of(options, name, 0);
  };
  request.language = language_option(options);
  request.interval_level = given("interval_level");
  request.hold_out = given("hold_out");
  if (const json::value* check = options.if_contains("diagnostics")) request.diagnostics = check->as_bool();
  if (const json::value* names = options.if_contains("covariates")) request.covariates = texts_of(*names);
  if (const json::value* names = options.if_contains("leaving_covariates")) request.leaving = texts_of(*names);
  request.spend_parameters = numbers_of(options, "spend_parameters");
  if (!request.spend_parameters.empty() && request.spend_parameters.size() != 3)
    throw Error(Problem{.code = Code::invalid,
                        .message = "the option 'spend_parameters' has three numbers: p, q, gamma",
                        .field = "spend_parameters"});
  return request;
}

std::vector<std::string> LifetimeRequest::leaving_names() const {
  if (leaving) return *leaving;
  return kind == mine::LifetimeKind::nbd ? std::vector<std::string>() : covariates;
}

json::object lifetime_options_json(const LifetimeRequest& request) {
  json::object told = {{"model", text_of(request.kind, kinds, kind_texts)},
                       {"unit", text_of(request.rows.unit, units, unit_texts)},
                       {"event", event_texts[static_cast<std::size_t>(request.rows.event)]},
                       {"first_spend", first_texts[static_cast<std::size_t>(request.rows.first)]},
                       {"purchases", measure_options_json({.purchases = request.rows.purchases}).at("purchases")},
                       {"horizon", request.horizon},
                       {"discount", request.discount},
                       {"margin", request.margin}};
  if (!request.covariates.empty()) told["covariates"] = json::value_from(request.covariates);
  if (request.language != Language::english) told["language"] = code_of(request.language);
  if (request.leaving) told["leaving_covariates"] = json::value_from(*request.leaving);
  return told;
}

}  // namespace emptor
