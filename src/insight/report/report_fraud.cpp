#include <boost/json.hpp>

#include "insight/campaigns/campaign_words.hpp"
#include "insight/report/report_sections.hpp"

namespace emptor {

namespace json = boost::json;

std::optional<ReportFraud> fraud_on_record(const View& view, std::size_t count) {
  const std::vector<Record> models =
      view.select({.entity = "model", .where = Where::equal("name", "fraud"), .limit = 1});
  if (models.empty()) return std::nullopt;
  boost::system::error_code failed;
  const json::value state = json::parse(models.front().get("state").text(), failed);
  const json::value* expected =
      !failed && state.is_object() ? state.as_object().if_contains("expected_false_alarms") : nullptr;
  if (expected == nullptr || !expected->is_number()) return std::nullopt;  // too little to raise any
  const Id model = models.front().id();
  return ReportFraud{
      .expected = expected->to_number<double>(),
      .open = view.count("alert", Where::all({Where::equal("model_id", model), Where::equal("status", "open")})),
      .alerts = open_alerts(view, model, count)};
}

std::string fraud_section(const Voice& voice, const ReportFigures& figures) {
  if (!figures.fraud) return {};
  const ReportFraud& all = *figures.fraud;
  using namespace words;
  std::string body;
  if (!all.alerts.empty()) {
    TableWriter table(voice.say(unusual));
    table.head({std::string(voice.say(customer)), "#" + std::string(voice.say(severity)),
                std::string(voice.say(main_reason))});
    for (const OpenAlert& one : all.alerts)
      table.row({escaped(one.name), with_thousands(one.severity), escaped(one.reason)});
    body = table.html();
  }
  return section("unusual", voice.say(unusual),
                 voice.say(unusual_lead, {with_thousands(all.open), shown_number(all.expected, 1)}), body);
}

}  // namespace emptor
