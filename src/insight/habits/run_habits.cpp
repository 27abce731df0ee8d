#include <algorithm>

#include "core/option_reader.hpp"
#include "core/options.hpp"
#include "insight/facts/stored_details.hpp"
#include "insight/facts/stored_kinds.hpp"
#include "insight/habits/habit_contacts.hpp"
#include "insight/insight_runs.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

std::vector<std::string> missed_outcomes(const json::object& options) {
  const json::value* given = options.if_contains("missed_outcomes");
  if (given == nullptr) return {"no answer", "busy", "voicemail", "unreachable", "未接", "无人接听"};
  std::vector<std::string> missed;
  for (const json::value& one : given->get_array()) missed.emplace_back(one.get_string());
  return missed;
}

constexpr double firm_overlap = 0.6;  // Hennig (2007): a cluster below it is not to be trusted

void give_group(const HabitGroups& groups, std::size_t row, Language language, GivenResult& result) {
  const std::uint32_t group = groups.of.empty() ? HabitGroups::none : groups.of[row];
  const std::vector<double>& overlap = groups.model.stability.cluster_overlap;
  if (group == HabitGroups::none || group >= overlap.size() || overlap[group] < firm_overlap) return;
  result.scores.push_back({"habits.group", group + 1.0, group_name(groups.portraits[group], language)});
}

/// Habits and changes stand by row; the rows are asked for in ascending order.
class Giving {
 public:
  Giving(const HabitRequest& request, const HabitOutcome& outcome) : request_(request), outcome_(outcome) {}

  void give(std::size_t row, GivenResult& result) {
    const std::vector<Habit>& habits = outcome_.habits;
    for (bool first = true; habit_ < habits.size() && habits[habit_].row == row; ++habit_, first = false) {
      const Habit& habit = habits[habit_];
      if (first)
        result.scores.push_back({"habits.main", habit.confidence(), habit_words(outcome_, habit, request_.language)});
      result.tags.push_back({habit_tag(outcome_, habit), habit.confidence()});
    }
    const std::vector<HabitChange>& changes = outcome_.changes.all;
    for (bool first = true; change_ < changes.size() && changes[change_].row == row; ++change_, first = false)
      if (first)
        result.scores.push_back(
            {"habits.changed", 1 - changes[change_].adjusted, change_words(changes[change_], request_.language)});
    give_group(outcome_.groups, row, request_.language, result);
    if (outcome_.contacts.empty()) return;
    const BestContact& contact = outcome_.contacts[row];
    if (!contact.channel.empty())
      result.scores.push_back({"habits.best_channel", contact.channel_chance, contact.channel});
    if (!contact.day_part.empty()) result.scores.push_back({"habits.best_time", contact.part_chance, contact.day_part});
  }

 private:
  const HabitRequest& request_;
  const HabitOutcome& outcome_;
  std::size_t habit_ = 0, change_ = 0;
};

Id write_habits(Session& session, const HabitRequest& request, const HabitOutcome& outcome, const json::object& told,
                std::int64_t data_version) {
  json::object state;
  for (const char* part :
       {"customers", "with_habit", "dimensions", "judged", "changed", "first_purchases", "groups", "verdict"})
    state[part] = told.at(part);
  const InsightRun run{
      .name = "habits",
      .algorithm = "habits/1",
      .options = json::serialize(told.at("options")),
      .state = json::serialize(state),
      .as_of = outcome.until.value_or(Date{}),
      .data_version = data_version,
      .scores = {"habits.main", "habits.changed", "habits.group", "habits.best_channel", "habits.best_time"}};
  Giving giving(request, outcome);
  return write_back(session, run, outcome.occasions.customer,
                    [&](std::size_t row, GivenResult& result) { giving.give(row, result); });
}

}  // namespace

std::string_view stored_habits_schema() {
  static const std::string text = with_properties(
      habits_schema,
      R"("missed_outcomes":{"type":"array","items":{"type":"string"},"description":"outcomes of our contacts that did not reach the customer; no answer, busy, voicemail, unreachable and their Chinese without it"})");
  return text;
}

InsightResult run_habits(Session& session, const InsightOptions& options) {
  const json::object given = checked_options(stored_habits_schema(), options.json);
  const HabitRequest request = habit_request(given, options.as_of);
  const Facts facts = read_facts(session);
  const View view = session.view();
  const LineDetails details = read_line_details(view, facts);
  const StoredKinds kinds = read_kinds(view, facts);
  const HabitSource source{lines_of(facts), details,        kinds.channel,
                           kinds.method,    kinds.category, Zone::of(view.info().zone)};
  HabitOutcome outcome =
      find_customer_habits(source, request, {session.options().executor, session.options().progress});
  std::int64_t data_version = std::max({facts.data_version, details.data_version, kinds.data_version});
  if (outcome.until) {
    ContactHabits contacts =
        read_contact_habits(view, outcome.occasions.customer, missed_outcomes(given), *outcome.until);
    outcome.contacts = std::move(contacts.of);
    data_version = std::max(data_version, contacts.data_version);
  }
  json::object summary = habits_json(request, outcome);
  tell_run(summary, "habits", data_version, outcome.occasions.customers());
  if (options.write_back)
    summary["model_id"] = std::to_string(write_habits(session, request, outcome, summary, data_version).value);
  InsightResult result{summary_text(summary), data_version, outcome.occasions.customers()};
  if (options.table) result.table = habits_table(request, outcome, id_column(outcome.occasions.customer));
  return result;
}

}  // namespace emptor
