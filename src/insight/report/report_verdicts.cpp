#include <boost/json.hpp>

#include "insight/report/report_sections.hpp"
#include "insight/words/verdict_words.hpp"

namespace emptor {

namespace json = boost::json;

std::vector<ReportVerdict> verdicts_on_record(const View& view) {
  std::vector<ReportVerdict> found;
  for (const words::InsightWords& known : words::judging_insights) {
    const std::vector<Record> models =
        view.select({.entity = "model", .where = Where::equal("name", known.name), .fields = {"state"}, .limit = 1});
    if (models.empty()) continue;
    boost::system::error_code failed;
    const json::value state = json::parse(models.front().get("state").text(), failed);
    const json::value* verdict = !failed && state.is_object() ? state.as_object().if_contains("verdict") : nullptr;
    if (verdict != nullptr && verdict->is_string()) found.push_back({known.shown, std::string(verdict->as_string())});
  }
  return found;
}

std::string verdicts_section(const Voice& voice, const ReportFigures& figures) {
  if (figures.verdicts.empty()) return {};
  const Language language = voice.html_language() == "en" ? Language::english : Language::chinese;
  TableWriter table(voice.say(words::verdicts));
  table.head({std::string(voice.say(words::insight)), std::string(voice.say(words::verdict))});
  for (const ReportVerdict& one : figures.verdicts)
    table.row({escaped(voice.say(one.shown)), escaped(told_verdict(one.verdict, language))});
  return section("verdicts", voice.say(words::verdicts), voice.say(words::verdicts_lead), table.html());
}

}  // namespace emptor
