#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/elementary.hpp"
#include "insight/facts/measure_rule.hpp"
#include "insight/habits/habit_work.hpp"
#include "insight/value/value_drivers.hpp"

namespace emptor {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr double log_of_2 = 0.6931471805599453;
constexpr std::uint32_t none = LineKinds::none;
constexpr std::size_t least_gaps = 4;  // for a burstiness: fewer are regular or bursty by chance

std::vector<double>& at(HabitMeasures& measures, HabitMeasure measure) {
  return measures[static_cast<std::size_t>(measure)];
}

/// Goh and Barabasi (EPL 81 (2008), 48002), for few gaps as Kim and Jo (Phys. Rev. E 94 (2016), 032311), eq. 28.
double burstiness_of(const std::vector<double>& gaps) {
  const auto n = static_cast<double>(gaps.size());
  double sum = 0, squares = 0;  // whole numbers of days, so that sums are exact
  for (const double gap : gaps) {
    sum += gap;
    squares += gap * gap;
  }
  const double mean = sum / n, ratio = std::sqrt(std::max(0.0, squares / n - mean * mean)) / mean;
  const double more = std::sqrt(n + 1), less = std::sqrt(n - 1);
  return (more * ratio - less) / ((more - 2) * ratio + less);
}

double median_of(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  const std::size_t middle = numbers.size() / 2;
  return numbers.size() % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
}

void measure_baskets(const Occasions& occasions, HabitMeasures& out) {
  for (std::size_t row = 0; row < occasions.customers(); ++row) {
    const std::span<const Occasion> own = occasions.of(row);
    const auto n = static_cast<double>(own.size());
    Wide amount = 0;
    std::uint64_t lines = 0;
    for (const Occasion& one : own) {
      amount += one.amount;
      lines += one.lines;
    }
    at(out, HabitMeasure::basket).push_back(static_cast<double>(amount) / Decimal::micros_per_unit / n);
    at(out, HabitMeasure::lines).push_back(static_cast<double>(lines) / n);
    at(out, HabitMeasure::returned)
        .push_back(static_cast<double>(occasions.returned[row]) / static_cast<double>(lines));
  }
}

void measure_pace(const Occasions& occasions, HabitMeasures& out) {
  std::vector<double> gaps;
  for (std::size_t row = 0; row < occasions.customers(); ++row) {
    gaps.clear();
    const std::span<const Occasion> own = occasions.of(row);
    for (std::size_t i = 1; i < own.size(); ++i) gaps.push_back(own[i].day - own[i - 1].day);
    at(out, HabitMeasure::gap).push_back(gaps.empty() ? nothing : median_of(gaps));
    at(out, HabitMeasure::burstiness).push_back(gaps.size() < least_gaps ? nothing : burstiness_of(gaps));
  }
}

/// What a customer buys: how many lines of each category, and how often one that is new.
class Repertoire {
 public:
  void add(std::uint32_t category, std::int32_t day) {
    ++counts_[category];
    ++lines_;
    if (day != day_) ++days_;
    const bool fresh = counts_[category] == 1;
    if (days_ > 1 && fresh && day != new_on_) {
      ++new_days_;
      new_on_ = day;
    }
    day_ = day;
  }
  bool empty() const { return lines_ == 0; }
  void append_to(HabitMeasures& out) const {
    const auto n = static_cast<double>(lines_);
    double most = 0, pairs = 0, entropy = 0;
    for (const auto& [category, count] : counts_) {
      const auto own = static_cast<double>(count);
      most = std::max(most, own);
      pairs += own * (own - 1);
      entropy -= own / n * elementary::log(own / n);
    }
    entropy += static_cast<double>(counts_.size() - 1) / (2 * n);
    at(out, HabitMeasure::categories).push_back(static_cast<double>(counts_.size()));
    at(out, HabitMeasure::first_share).push_back(most / n);
    at(out, HabitMeasure::variety).push_back(lines_ < 2 ? nothing : 1 - pairs / (n * (n - 1)));
    at(out, HabitMeasure::entropy).push_back(entropy / log_of_2);
    at(out, HabitMeasure::novelty)
        .push_back(days_ < 2 ? nothing : static_cast<double>(new_days_) / static_cast<double>(days_ - 1));
  }

 private:
  std::map<std::uint32_t, std::uint64_t> counts_;
  std::uint64_t lines_ = 0, days_ = 0, new_days_ = 0;
  std::int32_t day_ = std::numeric_limits<std::int32_t>::min(), new_on_ = day_;
};

void append_nothing(HabitMeasures& out) {
  for (const HabitMeasure one : {HabitMeasure::categories, HabitMeasure::first_share, HabitMeasure::variety,
                                 HabitMeasure::entropy, HabitMeasure::novelty})
    at(out, one).push_back(nothing);
}

void measure_repertoires(const HabitSource& source, const Occasions& occasions, Date until, Purchases purchases,
                         HabitMeasures& out) {
  if (source.category.of.empty()) return;
  const std::int64_t least = least_amount(purchases);
  std::size_t row = 0;
  source.lines.each([&](std::int64_t customer, std::span<const TimedLine> own) {
    if (row == occasions.customers() || occasions.customer[row] != customer) return;
    Repertoire repertoire;
    for (const TimedLine& line : own) {
      const std::uint32_t category = source.category.of[line.place];
      if (line.day <= until.days && category != none && is_purchase(line.amount, line.quantity, least))
        repertoire.add(category, line.day);
    }
    if (repertoire.empty())
      append_nothing(out);
    else
      repertoire.append_to(out);
    ++row;
  });
}

}  // namespace

HabitMeasures measure_habits(const HabitSource& source, const Occasions& occasions, Date until, Purchases purchases) {
  HabitMeasures out;
  measure_baskets(occasions, out);
  measure_pace(occasions, out);
  measure_repertoires(source, occasions, until, purchases, out);
  ValueDrivers drivers = measure_drivers(source.lines, source.details, occasions.customer, until, purchases);
  at(out, HabitMeasure::deals) = std::move(drivers.of[static_cast<std::size_t>(ValueDriver::deal_proneness)]);
  at(out, HabitMeasure::price_level) = std::move(drivers.of[static_cast<std::size_t>(ValueDriver::price_level)]);
  return out;
}

std::vector<FirstPurchase> first_purchases(const Occasions& occasions, const LineKinds& category, Date until) {
  constexpr std::int32_t days_to_return = 90;
  constexpr std::size_t most = 10;
  struct Count {
    std::uint64_t customers = 0, again = 0;
    std::map<std::uint32_t, std::uint64_t> next;
  };
  std::map<std::uint32_t, Count> counts;
  for (std::size_t row = 0; row < occasions.customers(); ++row) {
    const std::span<const Occasion> own = occasions.of(row);
    if (own[0].category == none || own[0].day + days_to_return > until.days) continue;
    Count& count = counts[own[0].category];
    ++count.customers;
    if (own.size() < 2 || own[1].day > own[0].day + days_to_return) continue;
    ++count.again;
    if (own[1].category != none) ++count.next[own[1].category];
  }
  std::vector<FirstPurchase> firsts;
  for (const auto& [first, count] : counts) {
    FirstPurchase one{
        .category = category.names[first], .next = {}, .customers = count.customers, .again = count.again};
    for (const auto& [next, times] : count.next) {
      if (times <= one.next_count) continue;
      one.next = category.names[next];
      one.next_count = times;
    }
    one.share = mine::share_interval(static_cast<double>(one.again), static_cast<double>(one.customers));
    firsts.push_back(std::move(one));
  }
  std::stable_sort(firsts.begin(), firsts.end(),
                   [](const FirstPurchase& a, const FirstPurchase& b) { return a.customers > b.customers; });
  if (firsts.size() > most) firsts.resize(most);
  return firsts;
}

}  // namespace emptor
