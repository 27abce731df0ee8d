#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "insight/campaigns/campaign_words.hpp"
#include "insight/report/report_sections.hpp"
#include "insight/words/words_beside.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t most_rows = 12;

/// The state that an insight left with its model, with all that a section looks at; nothing without it.
json::object state_of(const View& view, std::string_view insight, const char* needed) {
  const std::vector<Record> models =
      view.select({.entity = "model", .where = Where::equal("name", insight), .fields = {"state"}, .limit = 1});
  if (models.empty()) return {};
  boost::system::error_code failed;
  const json::value state = json::parse(models.front().get("state").text(), failed);
  const bool ours = !failed && state.is_object() && state.as_object().contains(needed);
  return ours ? state.as_object() : json::object();
}

std::string text_of(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

double number_of(const json::value& object, const char* name) {
  const json::value* value = object.is_object() ? object.as_object().if_contains(name) : nullptr;
  return value != nullptr && value->is_number() ? value->to_number<double>() : std::nan("");
}

std::string shown(double number, int digits) { return std::isfinite(number) ? shown_number(number, digits) : "–"; }

std::string range_of(const json::value& told, int digits) {
  return shown(number_of(told, "value"), digits) + " <span class=\"note\">(" + shown(number_of(told, "lower"), digits) +
         " … " + shown(number_of(told, "upper"), digits) + ")</span>";
}

std::string share_of(const json::value& told) {
  const double share = number_of(told, "value");
  return std::isfinite(share) ? shown_percent(share) : "–";
}

std::string paragraph(const std::string& words) { return words.empty() ? words : "<p>" + escaped(words) + "</p>\n"; }

/// Sentences of the rows that hold, as a list.
std::string findings(const Voice& voice, const json::array& rows) {
  std::string html;
  std::size_t told = 0;
  for (const json::value& row : rows) {
    const json::value* holds = row.as_object().if_contains("holds");
    if (holds == nullptr || !holds->as_bool() || ++told > most_rows) continue;
    html += "<li>" + escaped(words_in(voice, row.as_object())) + "</li>";
  }
  return html.empty() ? html : "<ul>" + html + "</ul>\n";
}

/// Names of groups are the store's own, but for the four classes.
std::string group_name(const Voice& voice, const std::string& by, const std::string& name) {
  constexpr std::string_view codes[] = {"vip", "care", "adapt", "indifferent"};
  if (by == "tier")
    for (std::size_t i = 0; i < words::class_names.size(); ++i)
      if (name == codes[i]) return std::string(voice.say(words::class_names[i]));
  return name;
}

std::string opinion_table(const Voice& voice, const json::array& groups) {
  using namespace words;
  TableWriter table(voice.say(satisfaction));
  const auto column = [&](const Text& text) { return "#" + std::string(voice.say(text)); };
  table.head({std::string(voice.say(opinion_group)), column(opinion_answers), column(opinion_headline),
              column(opinion_satisfied), column(opinion_dissatisfied)});
  for (const json::value& value : groups) {
    const json::object& group = value.as_object();
    const std::string by = text_of(group, "by");
    const json::value* against = group.if_contains("against_others");
    const bool told = by.empty() || by == "period" || (against != nullptr && against->at("stands_out").as_bool());
    if (!told) continue;
    const double answers = number_of(value, "answers");
    const std::string scale = text_of(group, "scale");
    table.row({escaped(scale + (by.empty() ? std::string() : ": " + group_name(voice, by, text_of(group, "name")))),
               with_thousands(std::llround(answers)), range_of(group.at("headline"), scale == "nps" ? 1 : 2),
               shown_percent(number_of(value, "satisfied") / answers),
               shown_percent(number_of(value, "dissatisfied") / answers)});
  }
  return table.html();
}

std::string service_table(const Voice& voice, const json::array& groups) {
  using namespace words;
  TableWriter table(voice.say(service));
  const auto column = [&](const Text& text) { return "#" + std::string(voice.say(text)); };
  table.head({std::string(voice.say(opinion_group)), column(service_cases), column(service_open),
              column(service_answer), column(service_solution), column(service_first), column(service_late)});
  for (const json::value& value : groups) {
    const json::object& group = value.as_object();
    const std::string by = text_of(group, "by");
    if (!by.empty() && by != "tier" && by != "topic" && by != "channel") continue;
    table.row({escaped(by.empty() ? std::string(voice.say(total)) : group_name(voice, by, text_of(group, "name"))),
               with_thousands(std::llround(number_of(value, "cases"))),
               with_thousands(std::llround(number_of(value, "open"))),
               shown(number_of(group.at("hours_to_answer"), "median"), 1),
               shown(number_of(group.at("days_to_solution"), "median"), 1), share_of(group.at("first_contact")),
               share_of(group.at("solutions_late"))});
  }
  return table.html();
}

}  // namespace

std::string satisfaction_section(const Voice& voice, const View& view) {
  const json::object told = state_of(view, "satisfaction", "afterwards");
  if (told.empty() || told.at("groups").as_array().empty()) return {};
  std::string body = paragraph(words_in(voice, told));
  for (const json::value& survey : told.at("surveys").as_array())
    body += paragraph(words_in(voice, survey.as_object()));
  for (const json::value& bias : told.at("who_answers").as_array())
    body += paragraph(words_in(voice, bias.as_object()));
  body += opinion_table(voice, told.at("groups").as_array());
  body +=
      findings(voice, told.at("drivers").as_array()) + findings(voice, told.at("signs_of_dissatisfaction").as_array());
  body += paragraph(words_in(voice, told.at("afterwards").as_object()));
  return section("satisfaction", voice.say(words::satisfaction), voice.say(words::satisfaction_lead), body);
}

std::string service_section(const Voice& voice, const View& view) {
  const json::object told = state_of(view, "service", "tiers_against_others");
  if (told.empty() || told.at("groups").as_array().empty()) return {};
  std::string body = paragraph(words_in(voice, told));
  body += service_table(voice, told.at("groups").as_array());
  for (const json::value& gap : told.at("tiers_against_others").as_array())
    if (gap.at("longer").as_bool()) body += paragraph(words_in(voice, gap.as_object()));
  body += paragraph(words_in(voice, told.at("queue").as_object()));
  return section("service", voice.say(words::service), voice.say(words::service_lead), body);
}

}  // namespace emptor
