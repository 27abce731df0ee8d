#include "insight/habits/habit_occasions.hpp"

#include <algorithm>

#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

constexpr std::int64_t micros_an_hour = 3600 * micros_per_second;

std::uint32_t kind_at(const LineKinds& kinds, std::uint32_t place) {
  return kinds.of.empty() ? LineKinds::none : kinds.of[place];
}

class OccasionReading {
 public:
  OccasionReading(const HabitSource& source, Purchases purchases, std::int32_t until)
      : source_(source), least_(least_amount(purchases)), until_(until) {}

  Occasions read() {
    source_.lines.each(
        [&](std::int64_t customer, std::span<const TimedLine> lines) { read_customer(customer, lines); });
    return std::move(out_);
  }

 private:
  void read_customer(std::int64_t customer, std::span<const TimedLine> lines) {
    std::uint32_t returned = 0;
    const std::size_t first = out_.all.size();
    for (const TimedLine& line : lines) {
      if (line.day > until_) continue;
      if (line.amount < 0 || line.quantity < 0) ++returned;
      if (is_purchase(line.amount, line.quantity, least_)) add(line, first);
    }
    if (out_.all.size() == first) return;
    out_.customer.push_back(customer);
    out_.starts.push_back(out_.all.size());
    out_.returned.push_back(returned);
  }

  void add(const TimedLine& line, std::size_t first) {
    if (out_.all.size() == first || out_.all.back().day != line.day) {
      out_.all.push_back({.day = line.day,
                          .hour = hour_of(line.at, line.day, source_.zone),
                          .channel = kind_at(source_.channel, line.place),
                          .method = kind_at(source_.method, line.place)});
      greatest_ = -1;
    }
    Occasion& occasion = out_.all.back();
    ++occasion.lines;
    occasion.amount += line.amount;
    if (line.amount <= greatest_) return;
    greatest_ = line.amount;
    occasion.category = kind_at(source_.category, line.place);
  }

  const HabitSource& source_;
  std::int64_t least_, greatest_ = -1;
  std::int32_t until_;
  Occasions out_;
};

}  // namespace

std::int32_t hour_of(std::int64_t at, std::int32_t day, const Zone& zone) {
  std::int64_t wall = at - day * micros_per_day;
  if (!zone.is_utc()) {
    const std::int64_t passed = at - zone.instant_of(Date{day}, 0).micros;
    // On a day of change so much has passed, but the clock was moved meanwhile.
    wall = passed + at - zone.instant_of(Date{day}, std::clamp<std::int64_t>(passed, 0, micros_per_day - 1)).micros;
  }
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(wall / micros_an_hour, 0, 23));
}

Occasions read_occasions(const HabitSource& source, Purchases purchases, std::int32_t until) {
  return OccasionReading(source, purchases, until).read();
}

}  // namespace emptor
