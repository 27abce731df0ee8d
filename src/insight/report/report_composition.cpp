#include <algorithm>
#include <boost/json.hpp>

#include "insight/campaigns/campaign_words.hpp"
#include "insight/composition/composition_words.hpp"
#include "insight/report/report_composition.hpp"
#include "insight/report/report_sections.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t most_groups = 20, most_sentences = 8;

double number_of(const json::value& value) { return value.is_number() ? value.to_number<double>() : 0; }

ReportGroup group_of(const json::value& told) {
  ReportGroup one;
  if (told.at("name").is_string()) one.name = told.at("name").as_string();
  one.unknown = told.at("unknown").as_bool();
  one.merged = told.at("merged").to_number<std::int64_t>();
  one.customers = told.at("customers").to_number<std::int64_t>();
  one.orders = told.at("orders").to_number<std::int64_t>();
  one.revenue = Decimal::parse(std::string_view(told.at("revenue").as_string())).value_or(Decimal());
  one.share = number_of(told.at("share").at("value"));
  if (told.at("growth").is_object())
    one.growth = {{number_of(told.at("growth").at("value")), number_of(told.at("growth").at("lower")),
                   number_of(told.at("growth").at("upper"))}};
  if (const json::value* brings = told.as_object().if_contains("brings"); brings != nullptr && brings->is_string())
    one.brings = brings->as_string();
  return one;
}

/// Groups with a name.
std::size_t named_groups(const json::value& dimension) {
  const json::array& groups = dimension.at("groups").as_array();
  return static_cast<std::size_t>(
      std::count_if(groups.begin(), groups.end(), [](const json::value& one) { return one.at("name").is_string(); }));
}

/// Where customers are, by the places that tell most of them apart: regions, else countries, else towns.
const json::value* places_of(const json::array& dimensions) {
  for (const std::string_view name : {"region", "country", "city"})
    for (const json::value& one : dimensions)
      if (one.at("name").as_string() == name && named_groups(one) > 1) return &one;
  return nullptr;
}

std::string_view group_name(const ReportGroup& one, const Voice& voice) {
  if (one.unknown) return voice.say(words::not_known);
  return one.merged == 0 ? std::string_view(one.name) : voice.say(words::small_groups);
}

std::string growth_cell(const ReportGroup& one) {
  if (!one.growth) return "–";
  const auto& [value, lower, upper] = *one.growth;
  return shown_percent(value, true) + " <span class=\"note\">(" + shown_percent(lower, true) + " … " +
         shown_percent(upper, true) + ")</span>";
}

std::string brings_cell(const ReportGroup& one, const Voice& voice) {
  if (one.brings.empty()) return {};
  return escaped(voice.say(one.brings == "more" ? words::brings_more : words::brings_less));
}

std::string sentences_list(const std::vector<std::array<std::string, 2>>& sentences, const Voice& voice) {
  if (sentences.empty()) return {};
  std::string html = "<ul>";
  for (std::size_t i = 0; i < std::min(sentences.size(), most_sentences); ++i)
    html += "<li>" + escaped(sentences[i][voice.html_language() == "en" ? 0 : 1]) + "</li>";
  return html + "</ul>\n";
}

std::vector<std::array<std::string, 2>> sentences_of(const json::object& state, const char* name) {
  std::vector<std::array<std::string, 2>> all;
  if (const json::value* list = state.if_contains(name); list != nullptr && list->is_array())
    for (const json::value& one : list->as_array())
      all.push_back({std::string(one.at("en").as_string()), std::string(one.at("zh").as_string())});
  return all;
}

}  // namespace

std::optional<ReportComposition> composition_on_record(const View& view) {
  const std::vector<Record> models =
      view.select({.entity = "model", .where = Where::equal("name", "composition"), .limit = 1});
  if (models.empty()) return std::nullopt;
  boost::system::error_code failed;
  const json::value state = json::parse(models.front().get("state").text(), failed);
  const json::value* dimensions = !failed && state.is_object() ? state.as_object().if_contains("dimensions") : nullptr;
  if (dimensions == nullptr || !dimensions->is_array()) return std::nullopt;
  ReportComposition out;
  const json::value& concentration = state.at("concentration");
  out.gini = number_of(concentration.at("gini"));
  out.top_10 = number_of(concentration.at("top_10"));
  out.findings = sentences_of(state.as_object(), "findings");
  out.white_spots = sentences_of(state.as_object(), "white_spots");
  if (const json::value* places = places_of(dimensions->as_array())) {
    out.dimension = places->at("name").as_string();
    for (const json::value& one : places->at("groups").as_array())
      if (out.groups.size() < most_groups) out.groups.push_back(group_of(one));
  }
  return out;
}

std::string composition_section(const Voice& voice, const ReportFigures& figures) {
  if (!figures.composition) return {};
  const ReportComposition& all = *figures.composition;
  using namespace words;
  std::string body;
  if (!all.groups.empty()) {
    std::vector<std::pair<std::string, double>> bars;
    const Language language = voice.html_language() == "en" ? Language::english : Language::chinese;
    const std::string dimension(dimension_words(all.dimension, language));
    TableWriter table(dimension);
    const auto column = [&](const Text& text) { return "#" + std::string(voice.say(text)); };
    table.head({dimension, column(customers), column(share), column(orders), column(revenue), column(growth),
                std::string(voice.say(against_others))});
    for (const ReportGroup& one : all.groups) {
      const std::string name(group_name(one, voice));
      bars.emplace_back(name, one.revenue.to_double());
      table.row({escaped(name), with_thousands(one.customers), shown_percent(one.share), with_thousands(one.orders),
                 voice.amount(one.revenue), growth_cell(one), brings_cell(one, voice)});
    }
    body += "<figure class=\"card\"><figcaption>" + escaped(voice.say(revenue)) + "</figcaption>" +
            group_chart(voice, dimension, bars) + "</figure>\n" + table.html();
  }
  body += sentences_list(all.findings, voice) + sentences_list(all.white_spots, voice);
  return section("places", voice.say(places),
                 voice.say(places_lead, {shown_percent(all.top_10), shown_number(all.gini, 2)}), body);
}

}  // namespace emptor
