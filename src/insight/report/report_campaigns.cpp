#include <algorithm>
#include <boost/json.hpp>

#include "core/sort_stably.hpp"
#include "insight/campaigns/campaign_words.hpp"
#include "insight/report/report_sections.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

double number_of(const json::object& object, const char* name, const char* of) {
  const json::value* group = object.if_contains(name);
  if (group == nullptr || !group->is_object() || !group->at(of).is_number()) return 0;
  return group->at(of).to_number<double>();
}

ReportCampaign campaign_of(const json::object& told) {
  ReportCampaign one;
  one.name = told.at("name").as_string();
  one.verdict = told.at("verdict").as_string();
  one.treated = told.at("treated").to_number<std::int64_t>();
  one.held_out = told.at("held_out").to_number<std::int64_t>();
  one.cost = Decimal::parse(std::string_view(told.at("cost").as_string())).value_or(Decimal());
  one.effect = number_of(told, "response", "difference");
  one.lower = number_of(told, "response", "lower");
  one.upper = number_of(told, "response", "upper");
  one.added_revenue = number_of(told, "added_revenue", "value");
  one.profit = number_of(told, "profit", "value");
  one.profit_lower = number_of(told, "profit", "lower");
  one.profit_upper = number_of(told, "profit", "upper");
  return one;
}

/// Days sort as their texts do; campaigns without one come last.
std::string first_day_of(const json::value& campaign) {
  const json::value& day = campaign.at("first_day");
  return day.is_string() ? std::string(day.as_string()) : std::string();
}

std::string_view lack_of(std::string_view verdict, const Voice& voice) {
  constexpr std::pair<std::string_view, const words::Text*> lacks[] = {
      {"no_members", &words::lacks_members}, {"no_first_day", &words::lacks_first_day},
      {"not_over", &words::lacks_end},       {"no_hold_out", &words::lacks_hold_out},
      {"too_few", &words::lacks_rows},       {"wrong_ratio", &words::lacks_chance}};
  for (const auto& [name, text] : lacks)
    if (name == verdict) return voice.say(*text);
  return {};
}

std::string range(const std::string& value, const std::string& lower, const std::string& upper) {
  return value + " <span class=\"note\">(" + lower + " … " + upper + ")</span>";
}

std::vector<std::string> row_of(const Voice& voice, const ReportCampaign& one) {
  std::vector<std::string> cells = {escaped(one.name), with_thousands(one.treated), with_thousands(one.held_out)};
  if (one.verdict != "measured") {
    cells.insert(cells.end(), {"<span class=\"note\">" + escaped(lack_of(one.verdict, voice)) + "</span>", "–",
                               voice.amount(one.cost), "–"});
    return cells;
  }
  cells.push_back(
      range(shown_percent(one.effect, true), shown_percent(one.lower, true), shown_percent(one.upper, true)));
  cells.push_back(expected_amount(voice, one.added_revenue));
  cells.push_back(voice.amount(one.cost));
  cells.push_back(range(expected_amount(voice, one.profit), expected_amount(voice, one.profit_lower),
                        expected_amount(voice, one.profit_upper)));
  return cells;
}

}  // namespace

std::vector<ReportCampaign> campaigns_on_record(const View& view, std::size_t count) {
  const std::vector<Record> models =
      view.select({.entity = "model", .where = Where::equal("name", "campaigns"), .limit = 1});
  std::vector<ReportCampaign> campaigns;
  if (models.empty()) return campaigns;
  boost::system::error_code failed;
  const json::value state = json::parse(models.front().get("state").text(), failed);
  const json::value* list = !failed && state.is_object() ? state.as_object().if_contains("campaigns") : nullptr;
  if (list == nullptr || !list->is_array()) return campaigns;  // a host's own model of this name
  std::vector<const json::value*> told;
  for (const json::value& one : list->as_array()) told.push_back(&one);
  sort_stably(told, [](const json::value* a, const json::value* b) { return first_day_of(*a) > first_day_of(*b); });
  told.resize(std::min(told.size(), count));
  for (const json::value* one : told) campaigns.push_back(campaign_of(one->as_object()));
  return campaigns;
}

std::string campaigns_section(const Voice& voice, const ReportFigures& figures) {
  if (figures.campaigns.empty()) return {};
  using namespace words;
  TableWriter table(voice.say(campaigns));
  const auto column = [&](const Text& text) { return "#" + std::string(voice.say(text)); };
  table.head({std::string(voice.say(campaign)), column(contacted), column(held_out), column(campaign_effect),
              column(added_revenue), column(campaign_cost), column(campaign_profit)});
  for (const ReportCampaign& one : figures.campaigns) table.row(row_of(voice, one));
  return section("campaigns", voice.say(campaigns), voice.say(campaigns_lead), table.html());
}

}  // namespace emptor
