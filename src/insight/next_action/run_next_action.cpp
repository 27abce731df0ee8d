#include <unordered_map>

#include "core/options.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/insight_runs.hpp"
#include "insight/next_action/next_action_work.hpp"
#include "insight/offers/offer_writing.hpp"

namespace emptor {

namespace json = boost::json;

const std::string_view next_action_schema = R"({"type":"object","properties":{
"contact_cost":{"type":"number","minimum":0,"description":"of a call, or what you do, in the base currency; 5 without it"},
"message_cost":{"type":"number","minimum":0,"description":"of a mailing; .05 without it"},
"care_success":{"type":"number","minimum":0,"maximum":1,"description":"of those who would have left, who stay because of it; .1 without it"},
"win_back_success":{"type":"number","minimum":0,"maximum":1,"description":"of those won back; .05 without it"},
"margin":{"type":"number","minimum":0,"maximum":1,"description":"of what is sold; .3 without it"},
"rest_days":{"type":"integer","minimum":0,"maximum":3650,"description":"after a contact by us, in which only service is due; 14 without it"},
"contacts":{"type":"integer","minimum":0,"maximum":1000000000,"description":"that there are; as many as bring something without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of reasons and verdict"}}})";

namespace {

NextActionOptions action_options(const json::object& options) {
  NextActionOptions out;
  const auto number = [&](const char* name, auto& value) {
    if (const json::value* given = options.if_contains(name)) value = given->to_number<std::decay_t<decltype(value)>>();
  };
  number("contact_cost", out.contact_cost);
  number("message_cost", out.message_cost);
  number("care_success", out.care_success);
  number("win_back_success", out.win_back_success);
  number("margin", out.margin);
  number("rest_days", out.rest_days);
  if (const json::value* contacts = options.if_contains("contacts")) out.contacts = contacts->to_number<std::size_t>();
  return out;
}

json::object options_json(const NextActionOptions& options, Language language) {
  return {{"contact_cost", options.contact_cost},
          {"message_cost", options.message_cost},
          {"care_success", options.care_success},
          {"win_back_success", options.win_back_success},
          {"margin", options.margin},
          {"rest_days", options.rest_days},
          {"contacts", options.contacts ? json::value(*options.contacts) : json::value()},
          {"language", code_of(language)}};
}

/// What was found for all customers, and told.
struct Plan {
  Situations situations;
  std::vector<NextAction> actions;
  Language language = Language::english;
  std::unordered_map<std::int64_t, std::string> product_names = {};

  /// Customers for whom something is to be done.
  std::vector<std::size_t> busy() const {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < actions.size(); ++i)
      if (actions[i].action != CustomerAction::wait) places.push_back(i);
    return places;
  }
  bool sells(std::size_t i) const {
    return actions[i].action == CustomerAction::sell || actions[i].action == CustomerAction::market;
  }
  std::string reason(std::size_t i) const {
    const auto name = product_names.find(sells(i) ? situations.offers[i].product : 0);
    return action_reason(actions[i], situations.of[i], name == product_names.end() ? std::string() : name->second,
                         language);
  }
};

/// Of all products at once: most customers have something to be offered.
std::unordered_map<std::int64_t, std::string> product_names(const View& view) {
  std::unordered_map<std::int64_t, std::string> names;
  each_row(view, {.entity = "product", .fields = {"name"}, .limit = 10'000},
           [&](const Batch& batch, std::size_t i) { names[batch.ids[i].value] = batch.columns[0].value(i).text(); });
  return names;
}

json::object summary_of(const Plan& plan, const std::optional<Date>& day, const json::object& options) {
  json::object actions;
  for (std::size_t k = 0; k < customer_action_names.size(); ++k) {
    std::size_t customers = 0;
    double gain = 0;
    for (const NextAction& action : plan.actions) {
      if (static_cast<std::size_t>(action.action) != k) continue;
      ++customers;
      gain += action.gain;
    }
    actions[customer_action_names[k]] = json::object{{"customers", customers}, {"expected_gain", gain}};
  }
  const bool scored = plan.situations.scored > 0;
  return {
      {"until", day ? json::value(to_string(*day)) : json::value()},
      {"customers", plan.actions.size()},
      {"customers_with_scores", plan.situations.scored},
      {"actions", std::move(actions)},
      {"verdict", scored ? "sufficient" : "insufficient: nobody has a score yet; run lifetime, churn and offers first"},
      {"options", options}};
}

Id write(Session& session, const Plan& plan, const json::object& told, Date day, std::int64_t data_version) {
  const InsightRun run{.name = "next_action",
                       .algorithm = "next_action/1",
                       .options = json::serialize(told.at("options")),
                       .state = json::serialize(json::object{{"actions", told.at("actions")}}),
                       .as_of = day,
                       .data_version = data_version,
                       .scores = {}};
  const std::vector<std::size_t> busy = plan.busy();
  std::vector<std::int64_t> customers;
  for (const std::size_t i : busy) customers.push_back(plan.situations.customers[i]);
  return write_offers(session, run, customers, [&](std::size_t k, std::vector<GivenOffer>& offers) {
    const std::size_t i = busy[k];
    const NextAction& action = plan.actions[i];
    offers.push_back({plan.sells(i) ? plan.situations.offers[i].product : 0, action.gain, plan.reason(i),
                      customer_action_names[static_cast<std::size_t>(action.action)]});
  });
}

NamedTable table_of(const Plan& plan) {
  NamedTable table;
  table.add("customer", Type::id);
  table.add("action", Type::text);
  table.add("gain", Type::real);
  table.add("product", Type::id);
  table.add("reason", Type::text);
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    const std::string reason = plan.reason(i);
    const Value cells[] = {Id{plan.situations.customers[i]},
                           customer_action_names[static_cast<std::size_t>(plan.actions[i].action)],
                           plan.actions[i].gain, Id{plan.sells(i) ? plan.situations.offers[i].product : 0}, reason};
    for (std::size_t column = 0; column < std::size(cells); ++column) table.columns[column].append(cells[column]);
  }
  return table;
}

}  // namespace

InsightResult run_next_action(Session& session, const InsightOptions& options) {
  const json::object given = checked_options(next_action_schema, options.json);
  const NextActionOptions chosen = action_options(given);
  const Facts facts = read_facts(session);
  const std::optional<Date> known = options.as_of ? options.as_of : last_purchase_day(facts);
  const Date day = known.value_or(Date{});
  Plan plan{.situations = read_situations(session.view(), day), .language = language_option(given)};
  plan.product_names = product_names(session.view());
  plan.actions = choose_actions(plan.situations.of, chosen);
  json::object summary = summary_of(plan, known, options_json(chosen, plan.language));
  tell_run(summary, "next_action", facts.data_version, plan.busy().size());
  if (options.write_back)
    summary["model_id"] = std::to_string(write(session, plan, summary, day, facts.data_version).value);
  InsightResult result{summary_text(summary), facts.data_version, plan.actions.size()};
  if (options.table) result.table = table_of(plan);
  return result;
}

}  // namespace emptor
