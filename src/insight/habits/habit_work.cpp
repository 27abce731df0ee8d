#include "insight/habits/habit_work.hpp"

#include <algorithm>
#include <limits>

namespace emptor {
namespace {

constexpr std::uint64_t least_judged = 30;  // customers, of a dimension

std::string verdict_of(const std::vector<HabitJudgement>& judgements) {
  std::uint64_t most = 0;
  for (const HabitJudgement& one : judgements) {
    if (one.customers >= least_judged && one.lower > 0) return "sufficient";
    most = std::max(most, one.customers);
  }
  if (most < least_judged)
    return "insufficient: " + std::to_string(most) +
           " customers bought often enough before the window just past and in it; " + std::to_string(least_judged) +
           " are needed";
  return "no habits: shares of their own tell no more of customers' next purchases than the shares of all";
}

/// Whether a dimension is one of habits: customers' own shares told more of the window just past than those of all. A
/// quarter comes back too seldom to be judged so.
bool holds(const std::vector<HabitJudgement>& judgements, HabitDimension dimension) {
  if (dimension == HabitDimension::quarter) return true;
  const std::string_view name = habit_dimension_names[static_cast<std::size_t>(dimension)];
  return std::any_of(judgements.begin(), judgements.end(), [&](const HabitJudgement& one) {
    return one.dimension == name && one.customers >= least_judged && one.lower > 0;
  });
}

}  // namespace

HabitOutcome find_customer_habits(const HabitSource& source, const HabitRequest& request, const mine::Run& run) {
  HabitOutcome out;
  out.until = request.until ? request.until : source.lines.last_day(request.purchases);
  out.verdict = "insufficient: there are no purchases";
  if (!out.until) return out;
  out.occasions = read_occasions(source, request.purchases, out.until->days);
  if (out.occasions.customers() == 0) return out;
  out.tables = tabulate_habits(source, out.occasions, std::numeric_limits<std::int32_t>::min(), out.until->days);
  out.measures = measure_habits(source, out.occasions, *out.until, request.purchases);
  out.judgements = judge_habits(source, out.occasions, *out.until, request);
  out.verdict = verdict_of(out.judgements);
  if (out.verdict == "sufficient") {
    out.habits = find_habits(out.tables, request);
    std::erase_if(out.habits, [&](const Habit& one) { return !holds(out.judgements, one.dimension); });
  }
  out.changes = find_habit_changes(source, out.occasions, *out.until, request, run);
  out.firsts = first_purchases(out.occasions, source.category, *out.until);
  out.groups = group_by_habit(out.tables, out.measures, request, run);
  return out;
}

}  // namespace emptor
