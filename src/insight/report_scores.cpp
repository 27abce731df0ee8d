#include "insight/report_sections.hpp"

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

/// An amount that a model expects, in whole units of the currency.
std::string expected_amount(const Voice& voice, double amount) {
  return voice.amount(static_cast<std::int64_t>(std::llround(std::clamp(amount, -9e12, 9e12))) *
                      Decimal::micros_per_unit);
}

std::string last_purchase_of(const Measures& measures, std::size_t row) {
  return to_string(Date{measures.as_of.days - static_cast<std::int32_t>(measures.recency[row])});
}

}  // namespace

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
  return section("leaving", voice.say(leaving), voice.say(leaving_lead), table.html());
}

}  // namespace emptor
