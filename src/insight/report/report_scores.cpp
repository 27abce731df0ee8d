#include "insight/report/report_sections.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace emptor {
namespace {

std::string chance_text(double chance) { return percent(static_cast<Wide>(std::llround(chance * 1'000)), 1'000); }

std::string one_digit(double number) {
  char buffer[48];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), number, std::chars_format::fixed, 1).ptr;
  return {buffer, end};
}

std::string last_purchase_of(const Measures& measures, std::size_t row) {
  return to_string(Date{measures.as_of.days - static_cast<std::int32_t>(measures.recency[row])});
}

std::string false_alarm_text(const Voice& voice, const FalseAlarms& rate) {
  return voice.say(
      rate.of_stayers ? words::false_of_stayers : words::false_of_alerted,
      {chance_text(rate.asked), chance_text(rate.realised), chance_text(rate.lower), chance_text(rate.upper)});
}

/// The alerts of the insight churn; empty without one.
std::string alerts_part(const Voice& voice, const ReportFigures& figures) {
  if (figures.alerts.empty()) return {};
  using namespace words;
  std::string lead = voice.say(alerts_lead, {with_thousands(figures.open_alerts)});
  if (figures.false_alarms) lead += " " + false_alarm_text(voice, *figures.false_alarms);
  TableWriter table(voice.say(alerts));
  table.head({std::string(voice.say(customer)), std::string(voice.say(alert_kind)),
              "#" + std::string(voice.say(severity)), std::string(voice.say(main_reason))});
  for (const OpenAlert& one : figures.alerts) {
    const Text& kind = one.kind == "value" ? value_alert : one.kind == "problem" ? problem_alert : churn_alert;
    table.row({escaped(one.name), escaped(voice.say(kind)), std::to_string(one.severity), escaped(one.reason)});
  }
  return "<h3>" + escaped(voice.say(alerts)) + "</h3><p class=\"lead\">" + escaped(lead) + "</p>" + table.html();
}

}  // namespace

std::string expected_amount(const Voice& voice, double amount) {
  return voice.amount(static_cast<std::int64_t>(std::llround(std::clamp(amount, -9e12, 9e12))) *
                      Decimal::micros_per_unit);
}

std::string worth_section(const Voice& voice, const ReportFigures& figures) {
  if (figures.worth.empty()) return {};
  using namespace words;
  TableWriter table(voice.say(worth));
  const auto column = [&](const Text& text) { return "#" + std::string(voice.say(text)); };
  table.head({std::string(voice.say(customer)), column(last_purchase), column(alive), column(purchases_to_come),
              column(value_to_come)});
  for (const ScoredCustomer& one : figures.worth)
    table.row({escaped(one.name), last_purchase_of(figures.rfm.measures, one.row), chance_text(one.alive),
               one_digit(one.purchases), expected_amount(voice, one.value)});
  return section("worth", voice.say(worth), voice.say(worth_lead, {expected_amount(voice, figures.worth_of_all)}),
                 table.html());
}

std::string leaving_section(const Voice& voice, const ReportFigures& figures) {
  if (figures.leaving.empty()) return {};
  using namespace words;
  TableWriter table(voice.say(leaving));
  const auto column = [&](const Text& text) { return "#" + std::string(voice.say(text)); };
  table.head({std::string(voice.say(customer)), column(last_purchase), column(spend), column(chance_of_silence),
              std::string(voice.say(main_reason))});
  const Measures& measures = figures.rfm.measures;
  for (const ScoredCustomer& one : figures.leaving)
    table.row({escaped(one.name), last_purchase_of(measures, one.row), voice.amount(measures.monetary[one.row]),
               chance_text(one.chance), escaped(one.reason)});
  return section("leaving", voice.say(leaving), voice.say(leaving_lead), table.html() + alerts_part(voice, figures));
}

std::string risk_section(const Voice& voice, const ReportFigures& figures) {
  if (!figures.risk) return {};
  using namespace words;
  TableWriter table(voice.say(risk));
  table.head(
      {std::string(voice.say(value_class)), "#A", "#B", "#C", "#D", "#E", "#" + std::string(voice.say(overdue))});
  for (std::size_t c = 0; c < value_class_count; ++c) {
    const ClassRisk& of = (*figures.risk)[c];
    std::vector<std::string> cells = {escaped(voice.say(class_names[c]))};
    for (const std::size_t count : of.rated) cells.push_back(with_thousands(static_cast<std::int64_t>(count)));
    cells.push_back(voice.amount(of.overdue));
    table.row(cells);
  }
  return section("risk", voice.say(risk), voice.say(risk_lead), table.html());
}

}  // namespace emptor
