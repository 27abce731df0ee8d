#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "insight/report/report_sections.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}
double number_of(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<double>() : 0;
}

std::vector<ScoredCustomer> next_of(const View& view, const json::object& state, std::size_t count) {
  std::vector<ScoredCustomer> next;
  const json::value* ids = state.if_contains("next");
  if (ids == nullptr || !ids->is_array()) return next;
  for (const json::value& one : ids->as_array()) {
    if (next.size() == count) break;
    const Id id{std::strtoll(one.as_string().c_str(), nullptr, 10)};
    ScoredCustomer& listed = next.emplace_back();
    listed.name = shown_name(view, id, view.get("customer", id));
    const Where of =
        Where::all({Where::equal("customer_id", id), Where::in("name", {"outcome.chance", "outcome.reason"})});
    for (const Record& score : view.select({.entity = "score", .where = of, .limit = 2})) {
      if (score.get("name").text() == "outcome.reason")
        listed.reason = score.get("label").text();
      else if (score.get("value").present())
        listed.chance = score.get("value").real();
    }
  }
  return next;
}

std::vector<std::string> driver_texts(const json::object& state) {
  constexpr std::size_t most = 8;
  std::vector<std::string> texts;
  const json::value* drivers = state.if_contains("drivers");
  if (drivers == nullptr || !drivers->is_array()) return texts;
  for (const json::value& one : drivers->as_array())
    if (texts.size() < most) texts.push_back(text_of(one.as_object(), "text"));
  return texts;
}

std::vector<std::string> left_out(const json::object& state) {
  std::vector<std::string> fields;
  const json::value* suspects = state.if_contains("suspects");
  if (suspects == nullptr || !suspects->is_array()) return fields;
  for (const json::value& one : suspects->as_array())
    if (one.at("used") == json::value(false)) fields.push_back(text_of(one.as_object(), "field"));
  return fields;
}

std::string share(double number) { return percent(static_cast<Wide>(std::llround(number * 1'000)), 1'000); }

std::string four_digits(double number) {
  char buffer[32];
  return {buffer, std::to_chars(std::begin(buffer), std::end(buffer), number, std::chars_format::fixed, 4).ptr};
}

std::string goes_by(const Voice& voice, const ReportOutcome& outcome) {
  std::string html = "<h3>" + escaped(voice.say(words::outcome_goes_by)) + "</h3><ul>";
  for (const std::string& text : outcome.drivers) html += "<li>" + escaped(text) + "</li>";
  html += "</ul>\n";
  if (outcome.left_out.empty()) return html;
  std::string fields;
  for (const std::string& field : outcome.left_out) fields += (fields.empty() ? "" : ", ") + field;
  return html + "<p>" + escaped(voice.say(words::outcome_left_out, {fields})) + "</p>\n";
}

std::string next_table(const Voice& voice, const ReportOutcome& outcome) {
  if (outcome.verdict != "sufficient") return "<p>" + escaped(voice.say(words::outcome_doubt)) + "</p>\n";
  using namespace words;
  TableWriter table(voice.say(words::outcome));
  table.head(
      {std::string(voice.say(customer)), "#" + std::string(voice.say(chance)), std::string(voice.say(main_reason))});
  for (const ScoredCustomer& one : outcome.next) table.row({escaped(one.name), share(one.chance), escaped(one.reason)});
  return table.html();
}

}  // namespace

std::optional<ReportOutcome> outcome_on_record(const View& view, std::size_t count) {
  const std::vector<Record> models =
      view.select({.entity = "model", .where = Where::equal("name", "outcome"), .limit = 1});
  if (models.empty()) return std::nullopt;
  boost::system::error_code failed;
  const json::value told = json::parse(models.front().get("state").text(), failed);
  if (failed || !told.is_object()) return std::nullopt;
  const json::object& state = told.as_object();
  const json::value* answer = state.if_contains("answer");
  const json::value* quality = state.if_contains("quality");
  if (answer == nullptr || !answer->is_object() || quality == nullptr || !quality->is_object()) return std::nullopt;
  ReportOutcome out{.title = text_of(answer->as_object(), "title"),
                    .positive = text_of(answer->as_object(), "positive"),
                    .verdict = text_of(state, "verdict"),
                    .opportunities = text_of(state, "of") == "opportunity",
                    .rate = number_of(state, "rate"),
                    .auc = number_of(quality->as_object(), "auc"),
                    .brier = number_of(quality->as_object(), "brier"),
                    .brier_of_rate = number_of(quality->as_object(), "brier_of_rate"),
                    .answered = static_cast<std::int64_t>(number_of(state, "answered")),
                    .events = static_cast<std::int64_t>(number_of(state, "events"))};
  out.drivers = driver_texts(state);
  out.left_out = left_out(state);
  out.next = next_of(view, state, count);
  return out;
}

std::string outcome_section(const Voice& voice, const ReportFigures& figures) {
  if (!figures.outcome) return {};
  const ReportOutcome& one = *figures.outcome;
  const std::string lead =
      voice.say(one.opportunities ? words::outcome_of_deals : words::outcome_lead,
                {one.title, one.positive, with_thousands(one.events), with_thousands(one.answered), share(one.rate),
                 share(one.auc), four_digits(one.brier), four_digits(one.brier_of_rate)});
  return section("outcome", voice.say(words::outcome), lead, goes_by(voice, one) + next_table(voice, one));
}

}  // namespace emptor
