#include "emptor/core/moment.hpp"

#include <doctest/doctest.h>

using namespace emptor;

TEST_CASE("moment: an instant is itself, a day its first or last microsecond in the zone") {
  const auto moment = [](std::string_view text, const char* zone, DayEdge edge) {
    const auto found = parse_moment(text, Zone::of(zone), edge);
    return found ? to_string(*found) : "none";
  };
  for (const DayEdge edge : {DayEdge::begin, DayEdge::end}) {
    CHECK(moment("2024-05-31T12:00:00Z", "Asia/Shanghai", edge) == "2024-05-31T12:00:00Z");
    for (const char* none : {"", "soon", "2024-02-30", "2024-05-31T", "2024-05-31x"})
      CHECK(moment(none, "UTC", edge) == "none");
  }
  CHECK(moment("2024-05-31", "UTC", DayEdge::begin) == "2024-05-31T00:00:00Z");
  CHECK(moment("2024-05-31", "UTC", DayEdge::end) == "2024-05-31T23:59:59.999999Z");
  CHECK(moment("2024-05-31", "Asia/Shanghai", DayEdge::begin) == "2024-05-30T16:00:00Z");
  CHECK(moment("2024-05-31", "Asia/Shanghai", DayEdge::end) == "2024-05-31T15:59:59.999999Z");
  CHECK(moment("2024-03-31", "Europe/Berlin", DayEdge::end) == "2024-03-31T21:59:59.999999Z");  // a day of 23 hours
}
