#include <algorithm>
#include <limits>
#include <set>

#include "insight/habits/habit_work.hpp"
#include "insight/habits/joint_tests.hpp"

namespace emptor {
namespace {

constexpr std::uint32_t none = LineKinds::none;
constexpr std::int32_t months_of_two_years = 24;

std::uint32_t cell_of(const Occasion& one, HabitDimension dimension) {
  switch (dimension) {
    case HabitDimension::day_part:
      return static_cast<std::uint32_t>(one.hour / 6);
    case HabitDimension::weekday:
      return static_cast<std::uint32_t>(Date{one.day}.weekday() - 1);
    case HabitDimension::weekend:
      return Date{one.day}.weekday() > 5 ? 1 : 0;
    case HabitDimension::month_part:
      return static_cast<std::uint32_t>(std::min((Date{one.day}.day() - 1) / 10, 2));
    case HabitDimension::channel:
      return one.channel;
    case HabitDimension::method:
      return one.method;
    default:
      return none;
  }
}

std::vector<std::string> cells_of(const HabitSource& source, HabitDimension dimension) {
  switch (dimension) {
    case HabitDimension::day_part:
      return {"night", "morning", "afternoon", "evening"};
    case HabitDimension::weekday:
      return {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    case HabitDimension::weekend:
      return {"workday", "weekend"};
    case HabitDimension::month_part:
      return {"early_month", "mid_month", "late_month"};
    case HabitDimension::quarter:
      return {"q1", "q2", "q3", "q4"};
    case HabitDimension::channel:
      return source.channel.names;
    default:
      return source.method.names;
  }
}

std::int32_t month_of(std::int32_t day) { return Date{day}.year() * 12 + Date{day}.month() - 1; }
std::size_t quarter_of(std::int32_t month) { return static_cast<std::size_t>(month % 12 / 3); }

/// Months with a purchase after the customer's first, so that whoever came late is compared with the others of that
/// time only; two whole years are needed, so that a quarter comes back.
class QuarterTable {
 public:
  QuarterTable(const Occasions& occasions, std::int32_t until) : occasions_(occasions), last_(month_of(until)) {
    for (std::size_t row = 0; row < occasions.customers(); ++row) {
      first_.push_back(month_of(occasions.of(row).front().day));
      begin_ = std::min(begin_, first_.back());
    }
    if (last_ < begin_) return;
    active_.assign(static_cast<std::size_t>(last_ - begin_ + 1), 0);
    known_.assign(active_.size(), 0);
    for (std::size_t row = 0; row < first_.size(); ++row) {
      if (first_[row] < last_) ++known_[static_cast<std::size_t>(first_[row] + 1 - begin_)];
      each_month(row, [&](std::int32_t month) { ++active_[static_cast<std::size_t>(month - begin_)]; });
    }
    for (std::size_t i = 1; i < known_.size(); ++i) known_[i] += known_[i - 1];
  }

  void fill(HabitTable& table) const {
    table.counts.assign(first_.size() * 4, 0);
    table.expected.assign(first_.size() * 4, 0.25);
    for (std::size_t row = 0; row < first_.size(); ++row) {
      if (last_ - first_[row] < months_of_two_years) continue;
      each_month(row, [&](std::int32_t month) { ++table.counts[row * 4 + quarter_of(month)]; });
      expect(row, &table.expected[row * 4]);
    }
  }

 private:
  template <class Visit>
  void each_month(std::size_t row, const Visit& visit) const {
    std::int32_t former = first_[row];
    for (const Occasion& one : occasions_.of(row)) {
      const std::int32_t month = month_of(one.day);
      if (month > former && month <= last_) visit(former = month);
    }
  }
  void expect(std::size_t row, double* shares) const {
    double of[4] = {}, all = 0;
    for (std::int32_t month = first_[row] + 1; month <= last_; ++month) {
      const auto at = static_cast<std::size_t>(month - begin_);
      const double rate = static_cast<double>(active_[at]) / static_cast<double>(known_[at]);
      of[quarter_of(month)] += rate;
      all += rate;
    }
    if (all > 0) std::transform(std::begin(of), std::end(of), shares, [&](double one) { return one / all; });
  }

  const Occasions& occasions_;
  std::int32_t last_, begin_ = std::numeric_limits<std::int32_t>::max();
  std::vector<std::int32_t> first_;
  std::vector<std::uint64_t> active_, known_;  ///< customers who bought in a month; who had bought before it
};

void count_occasions(const Occasions& occasions, HabitDimension dimension, std::int32_t from, std::int32_t until,
                     HabitTable& table) {
  table.counts.assign(occasions.customers() * table.cells.size(), 0);
  for (std::size_t row = 0; row < occasions.customers(); ++row)
    for (const Occasion& one : occasions.of(row)) {
      if (one.day < from || one.day > until) continue;
      const std::uint32_t cell = cell_of(one, dimension);
      if (cell != none) ++table.counts[row * table.cells.size() + cell];
    }
}

std::size_t cells_in_use(const HabitTable& table) {
  std::set<std::size_t> used;
  for (std::size_t i = 0; i < table.counts.size() && used.size() < 2; ++i)
    if (table.counts[i] > 0) used.insert(i % table.cells.size());
  return used.size();
}

std::string lack_of(HabitDimension dimension) {
  switch (dimension) {
    case HabitDimension::day_part:
      return "the data tell no hour, or all purchases are of one";
    case HabitDimension::quarter:
      return "no customer was seen for two years after the first purchase";
    case HabitDimension::channel:
      return "no order has a channel, or all have the same";
    case HabitDimension::method:
      return "no payment has a method, or all have the same";
    default:
      return "all purchases are alike";
  }
}

bool tells_hours(const Occasions& occasions) {
  return std::any_of(occasions.all.begin(), occasions.all.end(),
                     [&](const Occasion& one) { return one.hour != occasions.all.front().hour; });
}

double share_of(const HabitTable& table, const Habit& habit) {
  const double weight = table.prior.weight;
  return (habit.count + weight * habit.base) / (habit.all + weight);
}

/// Every cell of everybody with enough occasions: all that is tested together.
std::vector<Habit> habits_beyond_chance(const HabitTables& tables, const HabitRequest& request) {
  JointTests<Habit> tests(request.false_findings);
  for (std::size_t d = 0; d < tables.size(); ++d) {
    const HabitTable& table = tables[d];
    if (!table.usable()) continue;
    const std::size_t cells = table.cells.size();
    for (std::size_t row = 0; row * cells < table.counts.size(); ++row) {
      const std::uint32_t all = table.all(row);
      if (all < request.least_occasions) continue;
      for (std::size_t cell = 0; cell < cells; ++cell) {
        Habit test{row, static_cast<HabitDimension>(d), cell, table.count(row, cell), all, table.base(row, cell)};
        test.p_value = mine::binomial_above(test.count, all, test.base);
        tests.add(std::move(test));
      }
    }
  }
  return std::move(tests).holding();
}

}  // namespace

std::uint32_t HabitTable::all(std::size_t row) const {
  std::uint32_t sum = 0;
  for (std::size_t cell = 0; cell < cells.size(); ++cell) sum += count(row, cell);
  return sum;
}

HabitTables tabulate_habits(const HabitSource& source, const Occasions& occasions, std::int32_t from,
                            std::int32_t until) {
  HabitTables tables;
  const bool from_the_first = from == std::numeric_limits<std::int32_t>::min();
  for (std::size_t d = 0; d < tables.size(); ++d) {
    const auto dimension = static_cast<HabitDimension>(d);
    HabitTable& table = tables[d];
    table.cells = cells_of(source, dimension);
    if (dimension != HabitDimension::quarter)
      count_occasions(occasions, dimension, from, until, table);
    else if (from_the_first)
      QuarterTable(occasions, until).fill(table);
    if (cells_in_use(table) < 2 || (dimension == HabitDimension::day_part && !tells_hours(occasions)))
      table.lack = lack_of(dimension);
    else
      table.prior = mine::fit_share_prior(table.counts, table.cells.size());
  }
  return tables;
}

std::vector<Habit> find_habits(const HabitTables& tables, const HabitRequest& request) {
  std::vector<Habit> habits = habits_beyond_chance(tables, request);
  for (Habit& one : habits) one.share = share_of(tables[static_cast<std::size_t>(one.dimension)], one);
  std::erase_if(habits, [&](const Habit& one) { return one.lift() < request.least_lift; });
  std::stable_sort(habits.begin(), habits.end(), [](const Habit& a, const Habit& b) {
    return a.row != b.row ? a.row < b.row : a.p_value < b.p_value;
  });
  return habits;
}

}  // namespace emptor
