#include <algorithm>
#include <boost/json.hpp>

#include "insight/report/report_sections.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

ReportMarket::Sentence sentence_of(const json::value& told) {
  return {std::string(told.at("en").as_string()), std::string(told.at("zh").as_string())};
}

std::string_view said(const ReportMarket::Sentence& sentence, const Voice& voice) {
  return sentence[voice.html_language() == "en" ? 0 : 1];
}

std::string segments_table(const Voice& voice, const std::vector<ReportMarketSegment>& segments) {
  if (segments.empty()) return {};
  using namespace words;
  TableWriter table(voice.say(market_segments));
  table.head({std::string(voice.say(segment)), "#" + std::string(voice.say(customers)),
              "#" + std::string(voice.say(revenue)), std::string(voice.say(sets_apart))});
  for (const ReportMarketSegment& one : segments) {
    std::string findings;
    for (const ReportMarket::Sentence& finding : one.findings)
      findings += (findings.empty() ? "" : "<br>") + escaped(said(finding, voice));
    table.row({escaped(one.name), with_thousands(one.customers), expected_amount(voice, one.revenue), findings});
  }
  return table.html();
}

}  // namespace

std::optional<ReportMarket> market_on_record(const View& view) {
  const std::vector<Record> models =
      view.select({.entity = "model", .where = Where::equal("name", "market"), .limit = 1});
  if (models.empty()) return std::nullopt;
  boost::system::error_code failed;
  const json::value state = json::parse(models.front().get("state").text(), failed);
  const json::value* told = !failed && state.is_object() ? state.as_object().if_contains("told") : nullptr;
  if (told == nullptr || !told->is_object()) return std::nullopt;
  ReportMarket out;
  for (const json::value& one : told->at("segments").as_array()) {
    ReportMarketSegment segment{.name = std::string(one.at("name").as_string()),
                                .customers = one.at("customers").to_number<std::int64_t>(),
                                .revenue = one.at("revenue").to_number<double>(),
                                .findings = {}};
    for (const json::value& finding : one.at("findings").as_array()) segment.findings.push_back(sentence_of(finding));
    out.segments.push_back(std::move(segment));
  }
  for (const json::value& one : told->at("competitors").as_array()) out.competitors.push_back(sentence_of(one));
  if (out.segments.empty() && out.competitors.empty()) return std::nullopt;
  return out;
}

std::string market_section(const Voice& voice, const ReportFigures& figures) {
  if (!figures.market) return {};
  using namespace words;
  std::string body = segments_table(voice, figures.market->segments);
  if (!figures.market->competitors.empty()) {
    body += "<h3>" + escaped(voice.say(competitors)) + "</h3><ul>";
    for (const ReportMarket::Sentence& one : figures.market->competitors)
      body += "<li>" + escaped(said(one, voice)) + "</li>";
    body += "</ul>\n";
  }
  return section("market", voice.say(market), voice.say(market_lead), body);
}

}  // namespace emptor
