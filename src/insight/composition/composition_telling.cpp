#include "insight/composition/composition_telling.hpp"

#include <algorithm>
#include <cmath>

#include "insight/composition/composition_words.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t most_told = 20;  // findings and white spots in words
constexpr std::string_view more_or_less[] = {"less", "", "more"};

json::value interval_json(const std::optional<mine::RateInterval>& interval) {
  if (!interval) return nullptr;
  return json::object{{"value", interval->value}, {"lower", interval->lower}, {"upper", interval->upper}};
}
json::value day_text(std::int32_t day) {
  return day == CompositionRows::never ? json::value() : json::value(to_string(Date{day}));
}
/// Revenue a customer, over that of everybody.
std::optional<double> index_of(const CompositionGroup& group, const CompositionOutcome& outcome) {
  const auto whole = static_cast<double>(outcome.revenue.value());
  if (whole <= 0 || group.share.value <= 0) return std::nullopt;
  return static_cast<double>(group.revenue.value()) / whole / group.share.value;
}
std::string_view standing(const CompositionGroup& group, const CompositionRequest& request) {
  return more_or_less[group.stands_out(request.false_findings) + 1];
}
json::value text_or_null(std::string_view text) { return text.empty() ? json::value() : json::value(text); }

json::object group_json(const CompositionGroup& group, const CompositionOutcome& outcome,
                        const CompositionRequest& request) {
  json::object told = {{"name", text_or_null(group.name)},
                       {"unknown", group.unknown},
                       {"merged", group.merged},
                       {"customers", group.customers},
                       {"share", interval_json(group.share)},
                       {"buyers", group.buyers},
                       {"orders", group.orders},
                       {"revenue", decimal_json(group.revenue)},
                       {"revenue_share", interval_json(group.revenue_share)},
                       {"margin", outcome.by_margin ? decimal_json(group.margin) : json::value()},
                       {"before", outcome.has_before ? decimal_json(group.before) : json::value()},
                       {"growth", interval_json(group.growth)},
                       {"last_day", day_text(group.last_day)}};
  const std::optional<double> index = index_of(group, outcome);
  told["index"] = index ? json::value(*index) : json::value();
  if (group.merged != 0) return told;
  told["cliffs_delta"] = group.delta;
  told["p_value"] = group.p_value;
  told["adjusted"] = group.adjusted;
  told["brings"] = text_or_null(standing(group, request));
  return told;
}

json::object part_json(const CompositionPart& part, const CompositionOutcome& outcome,
                       const CompositionRequest& request) {
  json::array groups, spots;
  for (const CompositionGroup& group : part.groups) groups.push_back(group_json(group, outcome, request));
  for (const std::size_t spot : part.white_spots)
    spots.push_back(json::object{{"name", part.groups[spot].name},
                                 {"customers", part.groups[spot].customers},
                                 {"last_day", day_text(part.groups[spot].last_day)}});
  return {{"name", part.name},
          {"place", part.place},
          {"herfindahl", part.herfindahl},
          {"groups", std::move(groups)},
          {"white_spots", std::move(spots)}};
}

struct Finding {
  const CompositionPart* part;
  const CompositionGroup* group;
};

json::array findings_json(const CompositionRequest& request, const CompositionOutcome& outcome) {
  std::vector<Finding> findings;
  for (const CompositionPart& part : outcome.parts)
    for (const CompositionGroup& group : part.groups)
      if (group.merged == 0 && group.stands_out(request.false_findings) != 0) findings.push_back({&part, &group});
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::abs(a.group->delta) > std::abs(b.group->delta);
  });
  findings.resize(std::min(findings.size(), most_told));
  json::array told;
  for (const auto& [part, group] : findings)
    told.push_back(json::object{{"dimension", part->name},
                                {"group", text_or_null(group->name)},
                                {"brings", standing(*group, request)},
                                {"en", composition_finding(*part, *group, outcome, Language::english)},
                                {"zh", composition_finding(*part, *group, outcome, Language::chinese)}});
  return told;
}

json::array spots_json(const CompositionRequest& request, const CompositionOutcome& outcome) {
  json::array told;
  for (const CompositionPart& part : outcome.parts)
    for (const std::size_t spot : part.white_spots) {
      if (told.size() == most_told) return told;
      const auto say = [&](Language language) {
        return white_spot_words(part, part.groups[spot], request.window_days, language);
      };
      told.push_back(json::object{{"en", say(Language::english)}, {"zh", say(Language::chinese)}});
    }
  return told;
}

json::object concentration_json(const Concentration& one) {
  return {{"customers", one.customers}, {"gini", one.gini},     {"top_1", one.top_1},
          {"top_10", one.top_10},       {"top_20", one.top_20}, {"herfindahl", one.herfindahl}};
}

void add_interval(NamedTable& table, const std::string& name,
                  const std::vector<std::optional<mine::RateInterval>>& all) {
  const auto column = [&](const std::string& of, double mine::RateInterval::*member) {
    Column& out = table.add(of, Type::real);
    for (const auto& one : all) out.append(one ? Value((*one).*member) : Value());
  };
  column(name, &mine::RateInterval::value);
  column(name + "_lower", &mine::RateInterval::lower);
  column(name + "_upper", &mine::RateInterval::upper);
}

}  // namespace

json::object composition_json(const CompositionRequest& request, const CompositionOutcome& outcome) {
  json::object told = {{"until", outcome.until ? json::value(to_string(*outcome.until)) : json::value()},
                       {"verdict", outcome.verdict},
                       {"customers", outcome.customers},
                       {"buyers", outcome.buyers},
                       {"orders", outcome.orders},
                       {"revenue", decimal_json(outcome.revenue)},
                       {"options",
                        {{"window_days", request.window_days},
                         {"least_cell", request.least_cell},
                         {"most_groups", request.most_groups},
                         {"postal_characters", request.postal_characters},
                         {"false_findings", request.false_findings},
                         {"by", json::value_from(request.by)},
                         {"language", code_of(request.language)}}}};
  if (outcome.verdict != "sufficient") return told;
  told["margin"] = outcome.by_margin ? decimal_json(outcome.margin) : json::value();
  told["before"] = outcome.has_before ? decimal_json(outcome.before) : json::value();
  told["growth"] = interval_json(outcome.growth);
  told["concentration"] = concentration_json(outcome.concentration);
  json::array parts;
  for (const CompositionPart& part : outcome.parts) parts.push_back(part_json(part, outcome, request));
  told["dimensions"] = std::move(parts);
  told["tests"] = outcome.tests;
  told["findings"] = findings_json(request, outcome);
  told["white_spots"] = spots_json(request, outcome);
  return told;
}

NamedTable composition_table(const CompositionRequest& request, const CompositionOutcome& outcome) {
  std::vector<const CompositionGroup*> groups;
  NamedTable table;
  Column& dimension = table.add("dimension", Type::text);
  for (const CompositionPart& part : outcome.parts)
    for (const CompositionGroup& group : part.groups) {
      dimension.append(Value(std::string_view(part.name)));
      groups.push_back(&group);
    }
  const auto add = [&](const char* name, Type type, const auto& value) {
    Column& column = table.add(name, type);
    for (const CompositionGroup* group : groups) column.append(value(*group));
  };
  using Group = CompositionGroup;
  const auto whole = [](auto count) { return Value(static_cast<std::int64_t>(count)); };
  const auto money = [](const IntegerSum& micros) { return Value(micros.micros_to_decimal()); };
  add("group", Type::text, [](const Group& one) { return Value(std::string_view(one.name)); });
  add("merged", Type::integer, [&](const Group& one) { return whole(one.merged); });
  add("customers", Type::integer, [&](const Group& one) { return whole(one.customers); });
  add("buyers", Type::integer, [&](const Group& one) { return whole(one.buyers); });
  add("orders", Type::integer, [&](const Group& one) { return whole(one.orders); });
  add("revenue", Type::decimal, [&](const Group& one) { return money(one.revenue); });
  add("margin", Type::decimal, [&](const Group& one) { return outcome.by_margin ? money(one.margin) : Value(); });
  add("before", Type::decimal, [&](const Group& one) { return outcome.has_before ? money(one.before) : Value(); });
  add("cliffs_delta", Type::real, [](const Group& one) { return one.merged == 0 ? Value(one.delta) : Value(); });
  add("adjusted", Type::real, [](const Group& one) { return one.merged == 0 ? Value(one.adjusted) : Value(); });
  add("brings", Type::text, [&](const Group& one) { return Value(standing(one, request)); });
  std::vector<std::optional<mine::RateInterval>> shares, revenue_shares, growths;
  for (const CompositionGroup* group : groups) {
    shares.emplace_back(group->share);
    revenue_shares.push_back(group->revenue_share);
    growths.push_back(group->growth);
  }
  add_interval(table, "share", shares);
  add_interval(table, "revenue_share", revenue_shares);
  add_interval(table, "growth", growths);
  return table;
}

}  // namespace emptor
