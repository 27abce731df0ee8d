#include "insight/causes/cause_work.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view period_texts[] = {"month", "quarter", "week"};

json::array parts_json(const std::vector<CausePart>& parts) {
  json::array told;
  for (const CausePart& one : parts)
    told.push_back(json::object{{"name", one.name}, {"amount", decimal_json(one.amount)}});
  return told;
}

json::array categories_json(const std::vector<CategoryPart>& categories) {
  json::array told;
  for (const CategoryPart& one : categories)
    told.push_back(json::object{{"category", one.name},
                                {"change", decimal_json(one.change)},
                                {"volume", decimal_json(one.volume)},
                                {"price", decimal_json(one.price)},
                                {"mix", decimal_json(one.mix)}});
  return told;
}

json::object group_json(const CauseGroup& group) {
  json::array of;
  for (const auto& [dimension, value] : group.of)
    of.push_back(json::object{{"dimension", dimension}, {"value", value}});
  return {{"of", std::move(of)},
          {"before", decimal_json(group.before)},
          {"after", decimal_json(group.after)},
          {"beyond_share", group.excess / Decimal::micros_per_unit},
          {"share_of_change", number_json(group.power)},
          {"surprise", group.surprise},
          {"moved", group.moved},
          {"usual", group.usual},
          {"adjusted_p", group.adjusted}};
}

json::object groups_json(const GroupFindings& groups, std::size_t most) {
  json::array named;
  for (const CauseGroup& one : groups.named)
    if (named.size() < most) named.push_back(group_json(one));
  return {{"tested", groups.tested},           {"history", groups.history}, {"whole_moved", groups.total_moved},
          {"whole_usual", groups.total_usual}, {"whole_p", groups.total_p}, {"named", std::move(named)}};
}

json::array coincidences_json(const std::vector<Coincidence>& all) {
  json::array told;
  for (const Coincidence& one : all)
    told.push_back(json::object{{"kind", one.kind},
                                {"evidence", one.measured ? "hold-out" : "coincidence"},
                                {"amount", one.amount ? decimal_json(*one.amount) : json::value()},
                                {"en", one.english},
                                {"zh", one.chinese}});
  return told;
}

}  // namespace

json::object causes_json(const CauseRequest& request, const CauseOutcome& outcome, const Voice& english,
                         const Voice& chinese) {
  json::object told = {{"until", outcome.until ? json::value(to_string(*outcome.until)) : json::value()},
                       {"verdict", outcome.verdict},
                       {"options",
                        {{"period", period_texts[static_cast<std::size_t>(request.period)]},
                         {"false_alarms", request.groups.false_alarms},
                         {"least_share", request.groups.least_share},
                         {"groups", request.most_groups},
                         {"language", code_of(request.language)}}}};
  json::array comparisons;
  for (const Comparison& one : outcome.comparisons)
    comparisons.push_back(json::object{{"compared_with", one.name},
                                       {"before", name_of(request.period, one.before)},
                                       {"after", name_of(request.period, one.after)},
                                       {"revenue_before", decimal_json(one.revenue_before)},
                                       {"revenue_after", decimal_json(one.revenue_after)},
                                       {"change", decimal_json(one.change())},
                                       {"factors", parts_json(one.factors)},
                                       {"customers", parts_json(one.bridge)},
                                       {"categories", categories_json(one.categories)},
                                       {"groups", groups_json(one.groups, request.most_groups)},
                                       {"meanwhile", coincidences_json(one.coincidences)},
                                       {"en", cause_words(one, request, english)},
                                       {"zh", cause_words(one, request, chinese)}});
  told["comparisons"] = std::move(comparisons);
  return told;
}

NamedTable causes_table(const CauseOutcome& outcome) {
  struct Row {
    const Comparison* of;
    std::string kind, name;
    std::int64_t amount;
  };
  std::vector<Row> rows;
  for (const Comparison& one : outcome.comparisons) {
    for (const CausePart& part : one.factors) rows.push_back({&one, "factor", part.name, part.amount});
    for (const CausePart& part : one.bridge) rows.push_back({&one, "customers", part.name, part.amount});
    for (const CategoryPart& part : one.categories) rows.push_back({&one, "category", part.name, part.change});
    for (const CauseGroup& group : one.groups.named) {
      std::string name;
      for (const auto& [dimension, value] : group.of) name += (name.empty() ? "" : " & ") + dimension + "=" + value;
      rows.push_back({&one, "group", name, group.after - group.before});
    }
  }
  NamedTable table;
  Column& compared = table.add("compared_with", Type::text);
  for (const Row& row : rows) compared.append(Value(row.of->name));
  Column& kind = table.add("kind", Type::text);
  for (const Row& row : rows) kind.append(Value(row.kind));
  Column& name = table.add("name", Type::text);
  for (const Row& row : rows) name.append(row.name.empty() ? Value() : Value(row.name));
  Column& amount = table.add("amount", Type::decimal);
  for (const Row& row : rows) amount.append(Value::of_bits(Type::decimal, row.amount));
  Column& share = table.add("share", Type::real);
  for (const Row& row : rows) {
    const std::int64_t change = row.of->change();
    share.append(change == 0 ? Value() : Value(static_cast<double>(row.amount) / static_cast<double>(change)));
  }
  return table;
}

}  // namespace emptor
