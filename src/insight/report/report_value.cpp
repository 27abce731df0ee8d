#include "insight/report/report_value.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "insight/facts/each_row.hpp"
#include "insight/report/report_figures.hpp"
#include "insight/report/report_sections.hpp"
#include "insight/report/report_state.hpp"
#include "insight/value/value_request.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t most_findings = 8;

std::optional<std::size_t> dimension_of(std::string_view name) {
  const auto at = std::find(value_dimension_names.begin(), value_dimension_names.end(), name);
  if (at == value_dimension_names.end()) return std::nullopt;
  return static_cast<std::size_t>(at - value_dimension_names.begin());
}

void take_state(const json::object& state, ValueFigures& figures) {
  for (const json::object& tier : objects_of(state, "tiers"))
    figures.tiers.push_back({text_of(tier, "name"), count_of(tier, "customers"),
                             Decimal::parse(text_of(tier, "contribution")).value_or(Decimal(0)),
                             Decimal::parse(text_of(tier, "spend")).value_or(Decimal(0))});
  for (const json::object& pair : objects_of(state, "rank_correlations")) {
    const auto first = dimension_of(text_of(pair, "first")), second = dimension_of(text_of(pair, "second"));
    const std::optional<double> number = number_of(pair, "spearman");
    if (!first || !second || !number) continue;
    figures.correlations[*first][*second] = figures.correlations[*second][*first] = *number;
  }
  const json::object portrait = object_of(state, "portrait");
  figures.group = text_of(portrait, "group");
  for (const json::object& finding : objects_of(portrait, "findings"))
    if (figures.portrait.size() < most_findings)
      figures.portrait.push_back({text_of(finding, "en"), text_of(finding, "zh")});
}

std::optional<double> score_of(const View& view, Id customer, std::string_view name) {
  const std::vector<Record> found =
      view.select({.entity = "score",
                   .where = Where::all({Where::equal("customer_id", customer), Where::equal("name", name)}),
                   .limit = 1});
  if (found.empty() || !found.front().get("value").present()) return std::nullopt;
  return found.front().get("value").real();
}

std::vector<ValueFigures::KeyAccount> key_accounts_of(const View& view, std::size_t most) {
  std::vector<std::pair<double, Id>> ranked;
  const Query query{.entity = "score",
                    .where = Where::all({Where::equal("name", "value.key_account"), Where::present("value")}),
                    .fields = {"customer_id", "value"},
                    .limit = 10'000};
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    ranked.emplace_back(batch.columns[1].value(i).real(), Id{batch.columns[0].bits[i]});
  });
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (ranked.size() > most) ranked.resize(most);
  std::vector<ValueFigures::KeyAccount> keys;
  for (const auto& [rank, id] : ranked)
    keys.push_back({shown_name(view, id, view.get("customer", id)), score_of(view, id, "value.contribution"),
                    score_of(view, id, "value.future")});
  return keys;
}

std::string amount_text(const Voice& voice, const std::optional<double>& amount) {
  if (!amount) return "–";
  return voice.amount(static_cast<std::int64_t>(std::llround(std::clamp(*amount, -9e12, 9e12))) *
                      Decimal::micros_per_unit);
}

std::string tier_table(const Voice& voice, const ValueFigures& figures) {
  TableWriter table(voice.say(words::value_tiers));
  const auto column = [&](const words::Text& text) { return "#" + std::string(voice.say(text)); };
  table.head({std::string(voice.say(words::tier)), column(words::customers), column(words::earned_lately),
              column(words::spend)});
  for (const ValueFigures::Tier& tier : figures.tiers)
    table.row({escaped(tier.name), with_thousands(tier.customers), voice.amount(tier.contribution),
               voice.amount(tier.spend)});
  return table.html();
}

std::string correlation_text(const std::optional<double>& number) {
  if (!number) return "–";
  char buffer[48];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), *number, std::chars_format::fixed, 2).ptr;
  return {buffer, end};
}

std::string correlation_table(const Voice& voice, const ValueFigures& figures) {
  const auto name = [&](std::size_t i) { return std::string(voice.say(words::value_dimensions[i])); };
  TableWriter table(voice.say(words::rank_correlations));
  table.head({std::string(voice.say(words::dimension)), "#" + name(0), "#" + name(1), "#" + name(2), "#" + name(3),
              "#" + name(4)});
  for (std::size_t a = 0; a < value_dimension_count; ++a) {
    std::vector<std::string> cells = {escaped(name(a))};
    for (std::size_t b = 0; b < value_dimension_count; ++b)
      cells.push_back(a == b ? std::string() : correlation_text(figures.correlations[a][b]));
    table.row(cells);
  }
  return table.html();
}

std::string key_table(const Voice& voice, const ValueFigures& figures) {
  if (figures.keys.empty()) return {};
  TableWriter table(voice.say(words::key_accounts));
  const auto column = [&](const words::Text& text) { return "#" + std::string(voice.say(text)); };
  table.head({std::string(voice.say(words::customer)), column(words::earned_lately), column(words::value_to_come)});
  for (const ValueFigures::KeyAccount& key : figures.keys)
    table.row({escaped(key.name), amount_text(voice, key.contribution), amount_text(voice, key.future)});
  return table.html();
}

std::string portrait_list(const Voice& voice, const ValueFigures& figures) {
  if (figures.portrait.empty()) return {};
  std::string html = "<h3>" + escaped(voice.say(words::portrait, {figures.group})) + "</h3><ul>";
  for (const ValueFigures::Finding& finding : figures.portrait) {
    const words::Text both{finding.english, finding.chinese};
    html += "<li>" + escaped(voice.say(both)) + "</li>";
  }
  return html + "</ul>";
}

}  // namespace

std::optional<ValueFigures> gather_value(const View& view, std::size_t most_keys) {
  const std::optional<json::object> state = state_of_model(view, "value");
  if (!state) return std::nullopt;
  ValueFigures figures;
  take_state(*state, figures);
  figures.keys = key_accounts_of(view, most_keys);
  if (figures.tiers.empty()) return std::nullopt;
  return figures;
}

std::string value_section(const Voice& voice, const std::optional<ValueFigures>& figures) {
  if (!figures) return {};
  return section("value", voice.say(words::value), voice.say(words::value_lead),
                 tier_table(voice, *figures) + key_table(voice, *figures) + portrait_list(voice, *figures) +
                     correlation_table(voice, *figures));
}

}  // namespace emptor
