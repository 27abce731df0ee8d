#include "emptor/core/moment.hpp"

namespace emptor {

std::optional<Instant> parse_moment(std::string_view text, const Zone& zone, DayEdge edge) {
  const std::optional<Date> day = parse_date(text);
  if (!day) return parse_instant(text);
  if (edge == DayEdge::begin) return zone.instant_of(*day, 0);
  return Instant{zone.instant_of(Date{day->days + 1}, 0).micros - 1};
}

}  // namespace emptor
