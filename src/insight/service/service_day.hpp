/// The day for which insights about service stand.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>

#include "emptor/insight/facts.hpp"
#include "emptor/insight/measures.hpp"

namespace emptor {

/// The first moment after a day.
inline std::int64_t end_of_day(Date day, const Zone& zone) { return zone.instant_of(Date{day.days + 1}, 0).micros; }

/// The day that is asked for, else the last one with a purchase or with one of these moments; nothing without either.
inline std::optional<Date> service_day(const std::optional<Date>& asked, const Facts& facts, const Zone& zone,
                                       std::initializer_list<std::optional<std::int64_t>> moments) {
  std::optional<Date> day = last_purchase_day(facts);
  for (const std::optional<std::int64_t>& moment : moments) {
    if (!moment) continue;
    const Date known = zone.date_of(Instant{*moment});
    day = day ? std::max(*day, known) : known;
  }
  return day && asked ? asked : day;
}

}  // namespace emptor
