// Habits as options, words, JSON and a table.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "insight/habits/habit_work.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/taken_number.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

struct CellWords {
  std::string_view name, english, chinese;
};
constexpr CellWords cell_words[] = {
    {"night", "at night", "凌晨"},
    {"morning", "in the morning", "上午"},
    {"afternoon", "in the afternoon", "下午"},
    {"evening", "in the evening", "晚上"},
    {"monday", "on Mondays", "周一"},
    {"tuesday", "on Tuesdays", "周二"},
    {"wednesday", "on Wednesdays", "周三"},
    {"thursday", "on Thursdays", "周四"},
    {"friday", "on Fridays", "周五"},
    {"saturday", "on Saturdays", "周六"},
    {"sunday", "on Sundays", "周日"},
    {"workday", "on workdays", "工作日"},
    {"weekend", "at weekends", "周末"},
    {"early_month", "from the 1st to the 10th", "上旬"},
    {"mid_month", "from the 11th to the 20th", "中旬"},
    {"late_month", "from the 21st on", "下旬"},
    {"q1", "from January to March", "一季度"},
    {"q2", "from April to June", "二季度"},
    {"q3", "from July to September", "三季度"},
    {"q4", "from October to December", "四季度"},
};

std::string percent_text(double share) {
  char buffer[32];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), 100 * share, std::chars_format::fixed, 1).ptr;
  return std::string(std::begin(buffer), end) + " %";
}

std::string_view name_of(HabitDimension dimension) {
  return habit_dimension_names[static_cast<std::size_t>(dimension)];
}

const HabitTable& table_of(const HabitOutcome& outcome, const Habit& habit) {
  return outcome.tables[static_cast<std::size_t>(habit.dimension)];
}

json::object dimension_json(const HabitOutcome& outcome, std::size_t dimension) {
  const HabitTable& table = outcome.tables[dimension];
  json::object told = {{"name", habit_dimension_names[dimension]}};
  if (!table.usable()) {
    told["lack"] = table.lack;
    return told;
  }
  std::vector<std::uint64_t> having(table.cells.size());
  for (const Habit& habit : outcome.habits)
    if (static_cast<std::size_t>(habit.dimension) == dimension) ++having[habit.cell];
  json::array cells;
  for (std::size_t cell = 0; cell < table.cells.size(); ++cell)
    cells.push_back({{"cell", table.cells[cell]}, {"base", table.prior.base[cell]}, {"customers", having[cell]}});
  told["weight"] = table.prior.weight;
  told["cells"] = std::move(cells);
  return told;
}

json::object judgement_json(const HabitJudgement& one) {
  return {{"dimension", one.dimension}, {"customers", one.customers},
          {"occasions", one.occasions}, {"base_loss", one.base_loss},
          {"raw_loss", one.raw_loss},   {"shrunk_loss", one.shrunk_loss},
          {"gain", one.gain},           {"lower", one.lower},
          {"upper", one.upper},         {"habits_before", one.habits},
          {"habits_kept", one.kept}};
}

json::object changes_json(const HabitRequest& request, const HabitOutcome& outcome) {
  json::object kinds;
  std::uint64_t customers = 0;
  for (std::size_t i = 0; i < outcome.changes.all.size(); ++i) {
    const HabitChange& one = outcome.changes.all[i];
    customers += i == 0 || one.row != outcome.changes.all[i - 1].row ? 1 : 0;
    json::value& count = kinds[one.what];
    count = (count.is_null() ? 0 : count.to_number<std::int64_t>()) + 1;
  }
  return {{"tests", outcome.changes.tests},
          {"changes", outcome.changes.all.size()},
          {"customers", customers},
          {"false_alarms", request.false_alarms},
          {"kinds", std::move(kinds)}};
}

json::array firsts_json(const HabitOutcome& outcome) {
  json::array told;
  for (const FirstPurchase& one : outcome.firsts)
    told.push_back({{"category", one.category},
                    {"customers", one.customers},
                    {"again", one.again},
                    {"share", one.share.value},
                    {"lower", one.share.lower},
                    {"upper", one.share.upper},
                    {"next", one.next.empty() ? json::value() : json::value(one.next)},
                    {"next_count", one.next_count}});
  return told;
}

json::object group_json(const HabitGroups& groups, std::size_t group) {
  constexpr double firm = 0.6;  // Hennig (2007): below it a cluster is not to be trusted
  const Portrait& portrait = groups.portraits[group];
  const std::vector<double>& overlap = groups.model.stability.cluster_overlap;
  json::array english, chinese;
  for (const PortraitFinding& finding : portrait.findings) {
    english.push_back(json::value(finding_in_words(finding, Language::english)));
    chinese.push_back(json::value(finding_in_words(finding, Language::chinese)));
  }
  json::object told = {{"group", group + 1},
                       {"name", group_name(portrait, Language::english)},
                       {"name_zh", group_name(portrait, Language::chinese)},
                       {"customers", portrait.within},
                       {"en", std::move(english)},
                       {"zh", std::move(chinese)}};
  if (group < overlap.size()) {
    told["overlap"] = overlap[group];
    told["stable"] = overlap[group] >= firm;
  }
  return told;
}

json::object groups_json(const HabitGroups& groups) {
  if (!groups.why.empty() || groups.portraits.empty()) return {{"why", groups.why}};
  json::array all, fields;
  for (std::size_t group = 0; group < groups.portraits.size(); ++group) all.push_back(group_json(groups, group));
  for (const std::string& field : groups.fields) fields.push_back(json::value(field));
  const mine::KmeansChoice& choice = groups.model.choice;
  double silhouette = 0;
  for (const mine::KmeansCandidate& one : choice.candidates)
    if (one.k == groups.portraits.size()) silhouette = one.silhouette;
  return {{"fields", std::move(fields)},
          {"silhouette", silhouette},
          {"rand_index", groups.model.stability.mean_rand_index},
          {"groups", std::move(all)}};
}

}  // namespace

const std::string_view habits_schema = R"({"type":"object","properties":{
"least_occasions":{"type":"integer","minimum":3,"maximum":1000,"description":"days with a purchase from which on habits are looked for; 5 without it"},
"false_findings":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1,"description":"share of the habits that are told that may be none, on average; .05 without it"},
"least_lift":{"type":"number","minimum":1,"maximum":100,"description":"how many times as often as all, from which on it is told; 1.25 without it"},
"recent_days":{"type":"integer","minimum":7,"maximum":3650,"description":"the window in which habits may have changed, and that judges them; 180 without it"},
"false_alarms":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1,"description":"share of the changes that are told that may be none, on average; .05 without it"},
"most_groups":{"type":"integer","minimum":2,"maximum":50,"description":"groups by habit; 8 without it"},
"purchases":{"type":"string","enum":["positive","non_negative","net"],"description":"which line items are purchases"},
"language":{"type":"string","enum":["en","zh"],"description":"of words and verdict"}}})";

HabitRequest habit_request(const json::object& options, const std::optional<Date>& until) {
  HabitRequest request;
  request.until = until;
  take_number(options, "least_occasions", request.least_occasions);
  take_number(options, "false_findings", request.false_findings);
  take_number(options, "least_lift", request.least_lift);
  take_number(options, "recent_days", request.recent_days);
  take_number(options, "false_alarms", request.false_alarms);
  take_number(options, "most_groups", request.most_groups);
  request.purchases = measure_options(options, {}).purchases;
  request.language = language_option(options);
  return request;
}

std::string habit_cell_words(std::string_view dimension, const std::string& cell, Language language) {
  const bool chinese = language == Language::chinese;
  if (dimension == name_of(HabitDimension::channel)) return (chinese ? "通过" : "by ") + cell;
  if (dimension == name_of(HabitDimension::method)) return (chinese ? "用" : "paying by ") + cell;
  for (const CellWords& one : cell_words)
    if (one.name == cell) return std::string(chinese ? one.chinese : one.english);
  return cell;
}

std::string group_name(const Portrait& portrait, Language language) {
  const bool chinese = language == Language::chinese;
  std::string name;
  for (std::size_t i = 0; i < std::min<std::size_t>(portrait.findings.size(), 2); ++i) {
    const PortraitFinding& finding = portrait.findings[i];
    const std::string field(field_in_words(finding.field, language));
    const bool more = finding.effect() > 0;
    if (i > 0) name += chinese ? "，" : ", ";
    name += chinese ? field + (more ? "高" : "低") : (more ? "high " : "low ") + field;
  }
  return name.empty() ? (chinese ? "无明显特点" : "no mark") : name;
}

std::string habit_words(const HabitOutcome& outcome, const Habit& habit, Language language) {
  const std::string cell =
      habit_cell_words(name_of(habit.dimension), table_of(outcome, habit).cells[habit.cell], language);
  const std::string count = std::to_string(habit.count), all = std::to_string(habit.all);
  const bool quarter = habit.dimension == HabitDimension::quarter;
  if (language == Language::chinese)
    return "习惯" + cell + "购买：" + all + (quarter ? "个有购买的月份" : "次购买") + "中占" + count +
           (quarter ? "个" : "次") + "，总体为 " + percent_text(habit.base);
  return "buys " + cell + ": " + count + " of " + all + (quarter ? " months with a purchase" : " purchases") +
         ", against " + percent_text(habit.base) + " of all";
}

std::string habit_tag(const HabitOutcome& outcome, const Habit& habit) {
  const std::string& cell = table_of(outcome, habit).cells[habit.cell];
  if (habit.dimension == HabitDimension::channel) return "habit:channel:" + cell;
  if (habit.dimension == HabitDimension::method) return "habit:pays:" + cell;
  return "habit:" + cell;
}

json::object habits_json(const HabitRequest& request, const HabitOutcome& outcome) {
  json::array dimensions, judgements;
  if (outcome.until && outcome.occasions.customers() > 0)
    for (std::size_t d = 0; d < habit_dimension_count; ++d) dimensions.push_back(dimension_json(outcome, d));
  for (const HabitJudgement& one : outcome.judgements) judgements.push_back(judgement_json(one));
  std::uint64_t having = 0;
  for (std::size_t i = 0; i < outcome.habits.size(); ++i)
    having += i == 0 || outcome.habits[i].row != outcome.habits[i - 1].row ? 1 : 0;
  return {{"until", outcome.until ? json::value(to_string(*outcome.until)) : json::value()},
          {"customers", outcome.occasions.customers()},
          {"occasions", outcome.occasions.all.size()},
          {"habits", outcome.habits.size()},
          {"with_habit", having},
          {"dimensions", std::move(dimensions)},
          {"judged", std::move(judgements)},
          {"changed", changes_json(request, outcome)},
          {"first_purchases", firsts_json(outcome)},
          {"groups", groups_json(outcome.groups)},
          {"verdict", outcome.verdict},
          {"options",
           {{"least_occasions", request.least_occasions},
            {"false_findings", request.false_findings},
            {"least_lift", request.least_lift},
            {"recent_days", request.recent_days},
            {"false_alarms", request.false_alarms},
            {"most_groups", request.most_groups},
            {"purchases", measure_options_json({.purchases = request.purchases}).at("purchases")},
            {"language", code_of(request.language)}}}};
}

NamedTable habits_table(const HabitRequest& request, const HabitOutcome& outcome, const Column& customers) {
  NamedTable table;
  table.add("customer", customers.type);
  table.add("occasions", Type::integer);
  for (const char* name : {"habit", "tag"}) table.add(name, Type::text);
  for (const char* name : {"lift", "share", "confidence"}) table.add(name, Type::real);
  for (const std::string_view name : habit_measure_names) table.add(name, Type::real);
  for (const char* name : {"changed", "group", "best_channel", "best_time"}) table.add(name, Type::text);
  std::size_t next_habit = 0, next_change = 0;
  const auto text = [](const std::string& given) { return given.empty() ? Value() : Value(std::string_view(given)); };
  const auto number = [](double given) { return std::isfinite(given) ? Value(given) : Value(); };
  for (std::size_t row = 0; row < outcome.occasions.customers(); ++row) {
    std::size_t column = 0;
    const auto put = [&](const Value& value) { table.columns[column++].append(value); };
    put(customers.value(row));
    put(static_cast<std::int64_t>(outcome.occasions.of(row).size()));
    while (next_habit < outcome.habits.size() && outcome.habits[next_habit].row < row) ++next_habit;
    const bool any = next_habit < outcome.habits.size() && outcome.habits[next_habit].row == row;
    const Habit habit = any ? outcome.habits[next_habit] : Habit{};
    const std::string words = any ? habit_words(outcome, habit, request.language) : std::string();
    const std::string tag = any ? habit_tag(outcome, habit) : std::string();
    put(text(words));
    put(text(tag));
    put(any ? Value(habit.lift()) : Value());
    put(any ? Value(habit.share) : Value());
    put(any ? Value(habit.confidence()) : Value());
    for (const std::vector<double>& measure : outcome.measures) put(measure.empty() ? Value() : number(measure[row]));
    while (next_change < outcome.changes.all.size() && outcome.changes.all[next_change].row < row) ++next_change;
    const bool changed = next_change < outcome.changes.all.size() && outcome.changes.all[next_change].row == row;
    const std::string change =
        changed ? change_words(outcome.changes.all[next_change], request.language) : std::string();
    put(text(change));
    const std::uint32_t group = outcome.groups.of.empty() ? HabitGroups::none : outcome.groups.of[row];
    const std::string name =
        group == HabitGroups::none ? std::string() : group_name(outcome.groups.portraits[group], request.language);
    put(text(name));
    const BestContact contact = outcome.contacts.empty() ? BestContact{} : outcome.contacts[row];
    put(text(contact.channel));
    put(text(contact.day_part));
  }
  return table;
}

std::string change_words(const HabitChange& change, Language language) {
  const bool chinese = language == Language::chinese;
  if (change.what == "pace") {
    if (change.cell == "silent") return chinese ? "购买中断" : "has fallen silent";
    if (change.cell == "faster") return chinese ? "购买更频繁" : "buys faster than before";
    return chinese ? "购买变慢" : "buys slower than before";
  }
  if (change.what == "spend") {
    if (chinese) return change.cell == "more" ? "每次消费增加" : "每次消费减少";
    return change.cell == "more" ? "spends more a purchase" : "spends less a purchase";
  }
  const std::string cell = habit_cell_words(change.what, change.cell, language);
  const std::string before = percent_text(change.before), after = percent_text(change.after);
  if (chinese) return cell + "购买占比由 " + before + " 变为 " + after;
  return "buys " + cell + ": " + after + " lately, " + before + " before";
}

}  // namespace emptor
