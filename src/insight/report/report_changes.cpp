#include <boost/json.hpp>

#include "insight/report/report_sections.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t most_trends = 10;

/// The objects that a model's state lists; none where there is no such model, or a host's own of this name.
json::array listed(const View& view, std::string_view model, std::string_view list) {
  const std::vector<Record> models =
      view.select({.entity = "model", .where = Where::equal("name", model), .fields = {"state"}, .limit = 1});
  if (models.empty()) return {};
  boost::system::error_code failed;
  const json::value state = json::parse(models.front().get("state").text(), failed);
  const json::value* found = !failed && state.is_object() ? state.as_object().if_contains(list) : nullptr;
  return found != nullptr && found->is_array() ? found->as_array() : json::array();
}

ReportChange::Words words_of(const json::object& told) {
  const auto text = [&](const char* name) {
    const json::value* value = told.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
  };
  return {text("en"), text("zh")};
}

std::vector<ReportChange::Part> parts_of(const json::object& told) {
  std::vector<ReportChange::Part> parts;
  const json::value* list = told.if_contains("categories");
  if (list == nullptr || !list->is_array()) return parts;
  for (const json::value& one : list->as_array()) {
    const auto amount = [&](const char* name) {
      return Decimal::parse(std::string_view(one.at(name).as_string())).value_or(Decimal());
    };
    parts.push_back({std::string(one.at("category").as_string()), amount("change"), amount("volume"), amount("price"),
                     amount("mix")});
  }
  return parts;
}

std::string sentences(const Voice& voice, const std::vector<ReportChange::Words>& all) {
  std::string html;
  for (const ReportChange::Words& one : all) html += "<p>" + escaped(voice.say({one.english, one.chinese})) + "</p>\n";
  return html;
}

std::string to_cent(const Voice& voice, const Decimal& amount) {
  return voice.amount(amount.round(2, Rounding::half_even));
}

std::string parts_table(const Voice& voice, const std::vector<ReportChange::Part>& parts) {
  if (parts.empty()) return {};
  using namespace words;
  TableWriter table(voice.say(change_parts));
  const auto column = [&](const Text& text) { return "#" + std::string(voice.say(text)); };
  table.head({std::string(voice.say(category)), column(change_all), column(change_volume), column(change_price),
              column(change_mix)});
  for (const ReportChange::Part& one : parts)
    table.row({one.category.empty() ? "–" : escaped(one.category), to_cent(voice, one.change),
               to_cent(voice, one.volume), to_cent(voice, one.price), to_cent(voice, one.mix)});
  return table.html();
}

}  // namespace

ReportChange gather_changes(const View& view) {
  ReportChange out;
  for (const json::value& one : listed(view, "causes", "comparisons")) {
    if (!one.is_object()) continue;
    if (out.causes.empty()) out.parts = parts_of(one.as_object());
    out.causes.push_back(words_of(one.as_object()));
  }
  for (const json::value& one : listed(view, "trends", "series"))
    if (one.is_object() && one.as_object().contains("slope") && out.trends.size() < most_trends)
      out.trends.push_back(words_of(one.as_object()));
  for (const json::value& one : listed(view, "trends", "leads"))
    if (one.is_object() && out.trends.size() < 2 * most_trends) out.trends.push_back(words_of(one.as_object()));
  return out;
}

std::string changes_section(const Voice& voice, const ReportFigures& figures) {
  const ReportChange& change = figures.change;
  if (change.causes.empty()) return {};
  return section("changes", voice.say(words::changes), voice.say(words::changes_lead),
                 sentences(voice, change.causes) + parts_table(voice, change.parts));
}

std::string trends_section(const Voice& voice, const ReportFigures& figures) {
  if (figures.change.trends.empty()) return {};
  return section("trends", voice.say(words::trends), voice.say(words::trends_lead),
                 sentences(voice, figures.change.trends));
}

}  // namespace emptor
