#include "insight/facts/calendar_periods.hpp"

namespace emptor {
namespace {

constexpr std::int32_t months_of(PeriodKind kind) { return kind == PeriodKind::quarter ? 3 : 1; }

std::int32_t floored(std::int32_t number, std::int32_t by) {
  return number >= 0 ? number / by : -((-number + by - 1) / by);
}

}  // namespace

std::int32_t period_of(PeriodKind kind, std::int32_t day) {
  if (kind == PeriodKind::week) return floored(day + 3, 7);  // 1970-01-01 was a Thursday
  const Date date{day};
  return (date.year() * 12 + date.month() - 1) / months_of(kind);
}

Date begin_of(PeriodKind kind, std::int32_t period) {
  if (kind == PeriodKind::week) return {period * 7 - 3};
  const std::int32_t month = period * months_of(kind);
  return Date::of(month / 12, month % 12 + 1, 1).value_or(Date{});
}

std::string name_of(PeriodKind kind, std::int32_t period) {
  const std::string day = to_string(begin_of(kind, period));
  if (kind == PeriodKind::week) return day;
  if (kind == PeriodKind::month) return day.substr(0, 7);
  return day.substr(0, 4) + "-Q" + std::to_string(period % 4 + 1);
}

std::size_t periods_a_year(PeriodKind kind) noexcept {
  constexpr std::size_t periods[] = {12, 4, 52};
  return periods[static_cast<std::size_t>(kind)];
}

WholePeriods whole_periods(PeriodKind kind, std::int32_t first_day, std::int32_t last_day) {
  WholePeriods whole{period_of(kind, first_day), period_of(kind, last_day)};
  if (begin_of(kind, whole.first).days < first_day) ++whole.first;
  if (begin_of(kind, whole.last + 1).days > last_day + 1) --whole.last;
  return whole;
}

}  // namespace emptor
