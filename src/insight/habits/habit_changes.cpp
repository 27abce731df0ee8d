#include <algorithm>
#include <cmath>
#include <limits>

#include "core/elementary.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/mine/contrast.hpp"
#include "emptor/mine/rhythm.hpp"
#include "insight/habits/habit_work.hpp"
#include "insight/habits/joint_tests.hpp"

namespace emptor {
namespace {

constexpr std::int32_t first_of_all = std::numeric_limits<std::int32_t>::min();

/// What was before the window just past, and what is in it.
struct TwoTimes {
  HabitTables early, late;
};
TwoTimes two_times(const HabitSource& source, const Occasions& occasions, Date until, std::int32_t recent_days) {
  const std::int32_t border = until.days - recent_days;
  return {tabulate_habits(source, occasions, first_of_all, border),
          tabulate_habits(source, occasions, border + 1, until.days)};
}

/// The cell that moved most surely; all cells of a dimension are one test.
void test_shares(const HabitTable& early, const HabitTable& late, std::string_view name, std::size_t least,
                 JointTests<HabitChange>& tests) {
  if (!early.usable() || !late.usable()) return;
  const std::size_t cells = early.cells.size();
  for (std::size_t row = 0; row * cells < early.counts.size(); ++row) {
    const std::uint32_t before = early.all(row), after = late.all(row);
    if (before < least || after < least) continue;
    HabitChange change{.row = row, .what = std::string(name)};
    for (std::size_t cell = 0; cell < cells; ++cell) {
      const std::uint32_t own_before = early.count(row, cell), own_after = late.count(row, cell);
      const double p = mine::contrast_shares({own_after, after}, {own_before, before}).p_value;
      if (cell > 0 && p >= change.p_value) continue;
      change.cell = early.cells[cell];
      change.before = static_cast<double>(own_before) / before;
      change.after = static_cast<double>(own_after) / after;
      change.p_value = p;
    }
    change.p_value = std::min(1.0, change.p_value * static_cast<double>(cells));  // Bonferroni
    tests.add(std::move(change));
  }
}

void test_spend(const Occasions& occasions, std::int32_t border, std::size_t least, JointTests<HabitChange>& tests) {
  std::vector<double> before, after;
  for (std::size_t row = 0; row < occasions.customers(); ++row) {
    before.clear();
    after.clear();
    for (const Occasion& one : occasions.of(row))
      (one.day <= border ? before : after)
          .push_back(static_cast<double>(one.amount) / static_cast<double>(Decimal::micros_per_unit));
    if (before.size() < least || after.size() < least) continue;
    const mine::NumberContrast contrast = mine::contrast_numbers(after, before);
    tests.add({row, "spend", contrast.delta.value > 0 ? "more" : "less", contrast.median_outside,
               contrast.median_within, contrast.p_value});
  }
}

std::string_view pace_word(mine::ChangeKind kind) {
  switch (kind) {
    case mine::ChangeKind::faster:
      return "faster";
    case mine::ChangeKind::slower:
      return "slower";
    default:
      return "silent";
  }
}

/// All purchases of a customer are one rhythm.
void test_pace(const Occasions& occasions, Date until, const mine::Run& run, JointTests<HabitChange>& tests) {
  std::vector<std::uint64_t> customers;
  std::vector<std::int64_t> days;
  for (std::size_t row = 0; row < occasions.customers(); ++row)
    for (const Occasion& one : occasions.of(row)) {
      customers.push_back(row);
      days.push_back(one.day);
    }
  if (days.size() == occasions.customers()) return;  // nobody came back
  const std::vector<std::uint32_t> items(days.size(), 0);
  const mine::PurchaseEvents events{customers, items, days};
  const mine::RhythmModel model = fit_rhythm(events, until.days, {}, run);
  for (const mine::RhythmChange& one : find_changes(model, events, until.days, {}, run))
    tests.add(
        {static_cast<std::size_t>(one.customer), "pace", std::string(pace_word(one.kind)), 1, one.ratio, one.p_value});
}

/// Losses of one customer's occasions in the window.
struct Losses {
  double base = 0, raw = 0, shrunk = 0;
  std::uint32_t occasions = 0;
};
Losses losses_of(const HabitTable& early, const HabitTable& late, std::size_t row) {
  Losses out;
  const double all = early.all(row);
  const auto cells = static_cast<double>(early.cells.size());
  for (std::size_t cell = 0; cell < early.cells.size(); ++cell) {
    const std::uint32_t seen = late.count(row, cell);
    if (seen == 0 || early.prior.base[cell] <= 0) continue;  // what nobody had done by then, nothing could foretell
    out.occasions += seen;
    out.base -= seen * elementary::log(early.prior.base[cell]);
    out.raw -= seen * elementary::log((early.count(row, cell) + 0.5) / (all + cells / 2));
    out.shrunk -= seen * elementary::log(mine::shrunk_share(early.prior, cell, early.count(row, cell), all));
  }
  return out;
}

HabitJudgement judge_dimension(const HabitTable& early, const HabitTable& late, std::size_t least) {
  HabitJudgement out;
  DoubleSum base, raw, shrunk, gain, gain_squares;
  for (std::size_t row = 0; row * early.cells.size() < early.counts.size(); ++row) {
    if (early.all(row) < least) continue;
    const Losses losses = losses_of(early, late, row);
    if (losses.occasions == 0) continue;
    ++out.customers;
    out.occasions += losses.occasions;
    base.add(losses.base);
    raw.add(losses.raw);
    shrunk.add(losses.shrunk);
    const double own = (losses.base - losses.shrunk) / losses.occasions;
    gain.add(own);
    gain_squares.add(own * own);
  }
  if (out.customers < 2) return out;
  const auto n = static_cast<double>(out.customers), occasions = static_cast<double>(out.occasions);
  out.base_loss = base.value() / occasions;
  out.raw_loss = raw.value() / occasions;
  out.shrunk_loss = shrunk.value() / occasions;
  out.gain = gain.value() / n;
  const double variance = std::max(0.0, (gain_squares.value() - n * out.gain * out.gain) / (n - 1));
  const double error = 1.959963984540054 * std::sqrt(variance / n);
  out.lower = out.gain - error;
  out.upper = out.gain + error;
  return out;
}

}  // namespace

HabitChanges find_habit_changes(const HabitSource& source, const Occasions& occasions, Date until,
                                const HabitRequest& request, const mine::Run& run) {
  JointTests<HabitChange> tests(request.false_alarms);
  const TwoTimes times = two_times(source, occasions, until, request.recent_days);
  for (std::size_t d = 0; d < habit_dimension_count; ++d)
    test_shares(times.early[d], times.late[d], habit_dimension_names[d], request.least_occasions, tests);
  test_spend(occasions, until.days - request.recent_days, request.least_occasions, tests);
  test_pace(occasions, until, run, tests);
  HabitChanges changes{tests.size(), {}};
  changes.all = std::move(tests).holding();
  std::stable_sort(changes.all.begin(), changes.all.end(), [](const HabitChange& a, const HabitChange& b) {
    return a.row != b.row ? a.row < b.row : a.p_value < b.p_value;
  });
  return changes;
}

std::vector<HabitJudgement> judge_habits(const HabitSource& source, const Occasions& occasions, Date until,
                                         const HabitRequest& request) {
  const TwoTimes times = two_times(source, occasions, until, request.recent_days);
  const std::vector<Habit> found = find_habits(times.early, request);
  std::vector<HabitJudgement> judgements;
  for (std::size_t d = 0; d < habit_dimension_count; ++d) {
    const HabitTable &early = times.early[d], &late = times.late[d];
    if (!early.usable() || !early.expected.empty()) continue;
    judgements.push_back(judge_dimension(early, late, request.least_occasions));
    HabitJudgement& judgement = judgements.back();
    judgement.dimension = habit_dimension_names[d];
    for (const Habit& habit : found) {
      if (habit.dimension != static_cast<HabitDimension>(d)) continue;
      const std::uint32_t all = late.all(habit.row);
      if (all == 0) continue;
      ++judgement.habits;
      judgement.kept += late.count(habit.row, habit.cell) > habit.base * all ? 1 : 0;
    }
  }
  return judgements;
}

}  // namespace emptor
