// The report's section on habits: what customers have of their own, their groups, and what follows a first purchase.
#include <algorithm>

#include "insight/habits/habit_work.hpp"
#include "insight/report/report_sections.hpp"
#include "insight/report/report_state.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t most_rows = 12;

Wide micros(double share) { return static_cast<Wide>(share * 1e6); }

struct HabitRow {
  std::string cell;
  double base = 0;
  std::int64_t customers = 0;
};

Language language_of(const Voice& voice) {
  return voice.html_language() == "en" ? Language::english : Language::chinese;
}

std::string habit_table(const Voice& voice, const json::object& state) {
  std::vector<HabitRow> rows;
  for (const json::object& dimension : objects_of(state, "dimensions"))
    for (const json::object& cell : objects_of(dimension, "cells"))
      if (count_of(cell, "customers") > 0)
        rows.push_back({habit_cell_words(text_of(dimension, "name"), text_of(cell, "cell"), language_of(voice)),
                        number_of(cell, "base").value_or(0), count_of(cell, "customers")});
  if (rows.empty()) return {};
  std::stable_sort(rows.begin(), rows.end(),
                   [](const HabitRow& a, const HabitRow& b) { return a.customers > b.customers; });
  if (rows.size() > most_rows) rows.resize(most_rows);
  TableWriter table(voice.say(words::habits));
  table.head({std::string(voice.say(words::habit)), "#" + std::string(voice.say(words::share_of_all)),
              "#" + std::string(voice.say(words::with_habit))});
  for (const HabitRow& row : rows)
    table.row({escaped(row.cell), percent(micros(row.base), 1'000'000), with_thousands(row.customers)});
  return table.html();
}

std::string group_table(const Voice& voice, const json::object& state) {
  const std::vector<json::object> groups = objects_of(object_of(state, "groups"), "groups");
  if (groups.empty()) return {};
  TableWriter table(voice.say(words::habit_groups));
  table.head({std::string(voice.say(words::habit_group)), "#" + std::string(voice.say(words::customers))});
  for (const json::object& group : groups) {
    const std::string english = text_of(group, "name"), chinese = text_of(group, "name_zh");
    table.row({escaped(voice.say(words::Text{english, chinese})), with_thousands(count_of(group, "customers"))});
  }
  return table.html();
}

std::string first_table(const Voice& voice, const json::object& state) {
  const std::vector<json::object> firsts = objects_of(state, "first_purchases");
  if (firsts.empty()) return {};
  TableWriter table(voice.say(words::first_purchases));
  table.head({std::string(voice.say(words::first_of)), "#" + std::string(voice.say(words::customers)),
              "#" + std::string(voice.say(words::came_back)), std::string(voice.say(words::bought_next))});
  for (const json::object& one : firsts)
    table.row({escaped(text_of(one, "category")), with_thousands(count_of(one, "customers")),
               percent(count_of(one, "again"), count_of(one, "customers")), escaped(text_of(one, "next"))});
  return table.html();
}

}  // namespace

std::string habits_section(const Voice& voice, const ReportFigures& figures) {
  if (!figures.habits) return {};
  const json::object& state = *figures.habits;
  const std::string body = habit_table(voice, state) + group_table(voice, state) + first_table(voice, state);
  if (body.empty()) return {};
  return section("habits", voice.say(words::habits),
                 voice.say(words::habits_lead,
                           {with_thousands(count_of(state, "with_habit")), with_thousands(count_of(state, "customers")),
                            with_thousands(count_of(object_of(state, "changed"), "customers"))}),
                 body);
}

}  // namespace emptor
