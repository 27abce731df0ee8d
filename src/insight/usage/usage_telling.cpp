// Usage as options, words, JSON and a table.
#include <algorithm>
#include <numeric>

#include "insight/insight_runs.hpp"
#include "insight/tables/taken_number.hpp"
#include "insight/usage/usage_work.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t most_told = 20;  // products in a summary; the table has all

json::object interval_json(const mine::RateInterval& one) {
  return {{"value", one.value}, {"lower", one.lower}, {"upper", one.upper}};
}

json::object product_json(const ProductUsage& one, const Value& name) {
  json::object told = {{"product", one.product},
                       {"name", name.present() ? json::value(name.text()) : json::value()},
                       {"customers", one.customers},
                       {"in_use", one.in_use},
                       {"before", one.before},
                       {"lost", one.lost},
                       {"gained", one.gained},
                       {"adjusted", one.adjusted},
                       {"losing", one.losing},
                       {"penetration", interval_json(one.penetration)},
                       {"repeat_rate", interval_json(one.repeat_rate)},
                       {"days_to_repeat", one.days_to_repeat ? json::value(*one.days_to_repeat) : json::value()},
                       {"subscriptions", one.subscriptions},
                       {"assets", one.assets},
                       {"enrolments", one.enrolments},
                       {"delivered", one.delivered},
                       {"claimed", one.claimed},
                       {"attended", one.attended},
                       {"problems_per_100", interval_json(one.problems_per_100)},
                       {"repairs_per_100", interval_json(one.repairs_per_100)},
                       {"return_rate", interval_json(one.return_rate)},
                       {"unused", one.unused}};
  if (!one.adoption.empty()) {
    json::array curve;
    for (const std::uint64_t customers : one.adoption) curve.push_back(json::value(customers));
    told["adoption"] = std::move(curve);
  }
  return told;
}

/// Those with most users first, and after them those that lose users, are new, or are paid and not used.
std::vector<std::size_t> told_products(const UsageOutcome& outcome) {
  std::vector<std::size_t> order(outcome.products.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return outcome.products[a].in_use > outcome.products[b].in_use;
  });
  std::vector<std::size_t> told;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const ProductUsage& one = outcome.products[order[i]];
    if (i < most_told || ((one.losing || one.unused > 0 || !one.adoption.empty()) && told.size() < 3 * most_told))
      told.push_back(order[i]);
  }
  return told;
}

}  // namespace

const std::string_view usage_schema = R"({"type":"object","properties":{
"window_days":{"type":"integer","minimum":7,"maximum":3650,"description":"days within which a purchase is use, and that are compared with as many before; 365 without it"},
"unused_days":{"type":"integer","minimum":7,"maximum":3650,"description":"days without a sign from which on what is paid is unused; 90 without it"},
"quiet_days":{"type":"integer","minimum":0,"maximum":3650,"description":"days within which an alert that was handled is not raised again; 90 without it"},
"false_findings":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1,"description":"share of the products said to lose users that may lose none, on average; .05 without it"},
"purchases":{"type":"string","enum":["positive","non_negative","net"],"description":"which line items are purchases"},
"language":{"type":"string","enum":["en","zh"],"description":"of reasons and verdict"}}})";

UsageRequest usage_request(const json::object& options, const std::optional<Date>& until) {
  UsageRequest request;
  request.until = until;
  take_number(options, "window_days", request.window);
  take_number(options, "unused_days", request.unused_days);
  take_number(options, "quiet_days", request.quiet_days);
  take_number(options, "false_findings", request.false_findings);
  request.purchases = measure_options(options, {}).purchases;
  request.language = language_option(options);
  return request;
}

std::string unused_reason(const CustomerUsage& usage, const UsageRequest& request) {
  const std::string count = std::to_string(usage.unused.size()), days = std::to_string(request.unused_days);
  if (request.language == Language::chinese) return "有" + count + "项付费服务，近" + days + "天未见使用";
  return "pays for " + count + (usage.unused.size() == 1 ? " service" : " services") + " without a sign of use for " +
         days + " days";
}

json::object usage_json(const UsageRequest& request, const UsageOutcome& outcome, const Column& names) {
  json::array products, services;
  for (const std::size_t at : told_products(outcome))
    products.push_back(product_json(outcome.products[at], names.value(at)));
  for (const std::uint64_t users : outcome.by_services) services.push_back(json::value(users));
  const auto customers = [&](auto list) {
    return std::count_if(outcome.customers.begin(), outcome.customers.end(),
                         [&](const CustomerUsage& one) { return !(one.*list).empty(); });
  };
  return {{"until", outcome.until ? json::value(to_string(*outcome.until)) : json::value()},
          {"customers", outcome.customers.size()},
          {"users", outcome.users},
          {"by_services", std::move(services)},
          {"with_lapsed", customers(&CustomerUsage::lapsed)},
          {"with_unused", outcome.signs_known ? json::value(customers(&CustomerUsage::unused)) : json::value()},
          {"products_in_all", outcome.products.size()},
          {"losing", std::count_if(outcome.products.begin(), outcome.products.end(),
                                   [](const ProductUsage& one) { return one.losing; })},
          {"products", std::move(products)},
          {"verdict", outcome.verdict},
          {"options",
           {{"window_days", request.window},
            {"unused_days", request.unused_days},
            {"quiet_days", request.quiet_days},
            {"false_findings", request.false_findings},
            {"purchases", measure_options_json({.purchases = request.purchases}).at("purchases")},
            {"language", code_of(request.language)}}}};
}

NamedTable usage_table(const UsageOutcome& outcome, const Column& products) {
  NamedTable table;
  table.add("product", products.type);
  for (const char* name : {"customers", "in_use", "before", "lost", "gained"}) table.add(name, Type::integer);
  table.add("losing", Type::boolean);
  for (const char* name : {"penetration", "repeat_rate", "days_to_repeat"}) table.add(name, Type::real);
  for (const char* name : {"subscriptions", "assets", "enrolments", "delivered", "claimed", "attended"})
    table.add(name, Type::integer);
  for (const char* name : {"problems_per_100", "problems_lower", "problems_upper", "repairs_per_100", "repairs_lower",
                           "repairs_upper", "return_rate"})
    table.add(name, Type::real);
  table.add("unused", Type::integer);
  for (std::size_t row = 0; row < outcome.products.size(); ++row) {
    const ProductUsage& one = outcome.products[row];
    const auto count = [](std::uint64_t given) { return Value(static_cast<std::int64_t>(given)); };
    const Value cells[] = {products.value(row),
                           count(one.customers),
                           count(one.in_use),
                           count(one.before),
                           count(one.lost),
                           count(one.gained),
                           Value(one.losing),
                           one.penetration.value,
                           one.repeat_rate.value,
                           one.days_to_repeat ? Value(*one.days_to_repeat) : Value(),
                           count(one.subscriptions),
                           count(one.assets),
                           count(one.enrolments),
                           count(one.delivered),
                           count(one.claimed),
                           count(one.attended),
                           one.problems_per_100.value,
                           one.problems_per_100.lower,
                           one.problems_per_100.upper,
                           one.repairs_per_100.value,
                           one.repairs_per_100.lower,
                           one.repairs_per_100.upper,
                           one.return_rate.value,
                           count(one.unused)};
    for (std::size_t column = 0; column < std::size(cells); ++column) table.columns[column].append(cells[column]);
  }
  return table;
}

}  // namespace emptor
