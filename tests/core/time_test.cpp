#include "emptor/core/time.hpp"

#include <doctest/doctest.h>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;

namespace {
std::int64_t at(const char* text) {
  const std::optional<Instant> instant = parse_instant(text);
  REQUIRE_MESSAGE(instant, text);
  return instant->micros;
}
Instant local(const Zone& zone, const char* date, int hour, int minute) {
  return zone.instant_of(parse_date(date).value(), (hour * 60 + minute) * 60 * micros_per_second);
}
}  // namespace

TEST_CASE("time: days and weekdays are those of the Gregorian calendar") {
  struct Case {
    int year, month, day, days, weekday;
  };
  // Python: (date - date(1970, 1, 1)).days and isoweekday().
  for (const Case& each : {Case{1, 1, 1, -719'162, 1}, Case{1600, 2, 29, -135'081, 2}, Case{1900, 3, 1, -25'508, 4},
                           Case{1970, 1, 1, 0, 4}, Case{2000, 2, 29, 11'016, 2}, Case{2024, 12, 31, 20'088, 2},
                           Case{9999, 12, 31, 2'932'896, 5}, Case{1969, 12, 31, -1, 3}}) {
    const std::optional<Date> date = Date::of(each.year, each.month, each.day);
    REQUIRE(date);
    CHECK(date->days == each.days);
    CHECK(date->weekday() == each.weekday);
  }
}

TEST_CASE("time: every day of 9999 years follows the one before it") {
  Date date = Date::of(1, 1, 1).value();
  int year = 1, month = 1, day = 1;
  const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool all_agree = true;
  for (; year <= 9999; ++date.days) {
    all_agree = all_agree && date.year() == year && date.month() == month && date.day() == day &&
                Date::of(year, month, day) == date;
    const bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    if (++day <= lengths[month - 1] + (month == 2 && leap ? 1 : 0)) continue;
    day = 1;
    if (++month <= 12) continue;
    month = 1;
    ++year;
  }
  CHECK(all_agree);
  CHECK(date.days == 2'932'897);
}

TEST_CASE("time: a day that does not exist is nothing") {
  CHECK(!Date::of(2023, 2, 29));
  CHECK(!Date::of(1900, 2, 29));
  CHECK(!Date::of(2023, 4, 31));
  CHECK(!Date::of(2023, 13, 1));
  CHECK(!Date::of(2023, 0, 1));
  CHECK(!Date::of(2023, 1, 0));
  CHECK(!Date::of(0, 1, 1));
  CHECK(!Date::of(10'000, 1, 1));
}

TEST_CASE("time: dates are written and read as YYYY-MM-DD only") {
  CHECK(to_string(Date{10'134}) == "1997-09-30");
  CHECK(parse_date("1997-09-30") == Date{10'134});
  for (const char* text : {"", "1997-9-30", "1997-09-30 ", "19970930", "1997/09/30", "1997-09-31", "-997-09-30",
                           "1997-09-3", "1997-09-30T00:00"}) {
    CHECK_MESSAGE(!parse_date(text), text);
  }
}

TEST_CASE("time: instants are written with a fraction only where there is one") {
  CHECK(to_string(Instant{875'607'960'000'000}) == "1997-09-30T08:26:00Z");
  CHECK(to_string(Instant{875'607'960'000'001}) == "1997-09-30T08:26:00.000001Z");
  CHECK(to_string(Instant{-1}) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("time: instants are read with a blank or T, with or without seconds, fraction and offset") {
  CHECK(at("1997-09-30T08:26:00Z") == 875'607'960'000'000);
  CHECK(at("1997-09-30 08:26") == 875'607'960'000'000);
  CHECK(at("1997-09-30T10:26:00+02:00") == 875'607'960'000'000);
  CHECK(at("1997-09-30T10:26:00+0200") == 875'607'960'000'000);
  CHECK(at("1997-09-30T10:26:00+02") == 875'607'960'000'000);
  CHECK(at("1997-09-30T02:56:00-05:30") == 875'607'960'000'000);
  CHECK(at("1997-09-30T08:26:00.25Z") == 875'607'960'250'000);
  CHECK(at("1997-09-30T08:26:00.123456789Z") == 875'607'960'123'456);
  for (const char* text : {"", "1997-09-30", "1997-09-30T", "1997-09-30T8:26", "1997-09-30T24:00:00",
                           "1997-09-30T08:60", "1997-09-30T08:26:60Z", "1997-09-30T08:26:00.Z", "1997-09-30T08:26:00 Z",
                           "1997-09-30T08:26:00Zx", "1997-09-30T08:26:00+2", "1997-09-30T08:26:00+24:00",
                           "1997-02-29T08:26:00Z", "1997-09-30_08:26", "1997-09-30T08:26:00.0123456789Z"}) {
    CHECK_MESSAGE(!parse_instant(text), text);
  }
}

TEST_CASE("time: random instants read back from their text") {
  Random random(3);
  for (int round = 0; round < 20'000; ++round) {
    const Instant instant{static_cast<std::int64_t>(random.below(300'000'000'000'000'000)) - 60'000'000'000'000'000};
    REQUIRE(parse_instant(to_string(instant)) == instant);
  }
}

TEST_CASE("time: a wall-clock time is an instant of its zone") {
  // Python's zoneinfo, fold=0.
  CHECK(local(Zone::of("Europe/Berlin"), "2023-07-01", 12, 0).micros == 1'688'205'600'000'000);
  CHECK(local(Zone::of("Asia/Kolkata"), "2020-01-01", 0, 0).micros == 1'577'817'000'000'000);
  CHECK(local(Zone::of("Asia/Shanghai"), "1997-09-30", 0, 0).micros == 875'548'800'000'000);
  CHECK(local(Zone(), "1997-09-30", 8, 26).micros == 875'607'960'000'000);
}

TEST_CASE("time: of two instants with the same wall-clock time the earlier is taken") {
  CHECK(local(Zone::of("Europe/Berlin"), "2023-10-29", 2, 30).micros == 1'698'539'400'000'000);
  CHECK(local(Zone::of("America/New_York"), "2024-11-03", 1, 30).micros == 1'730'611'800'000'000);
  CHECK(local(Zone::of("Australia/Lord_Howe"), "2021-04-04", 1, 45).micros == 1'617'461'100'000'000);
}

TEST_CASE("time: a wall-clock time in a gap is the first instant after it") {
  CHECK(local(Zone::of("Europe/Berlin"), "2023-03-26", 2, 30).micros == at("2023-03-26T01:00:00Z"));
  CHECK(local(Zone::of("America/New_York"), "2024-03-10", 2, 30).micros == at("2024-03-10T07:00:00Z"));
  CHECK(local(Zone::of("America/Sao_Paulo"), "2018-11-04", 0, 0).micros == at("2018-11-04T03:00:00Z"));
}

TEST_CASE("time: the day of an instant is the day of its zone") {
  const Instant instant{at("2023-12-31T23:30:00Z")};
  CHECK(to_string(Zone().date_of(instant)) == "2023-12-31");
  CHECK(to_string(Zone::of("Europe/Berlin").date_of(instant)) == "2024-01-01");
  CHECK(to_string(Zone::of("America/New_York").date_of(instant)) == "2023-12-31");
  CHECK(to_string(Zone().date_of(Instant{-1})) == "1969-12-31");
}

TEST_CASE("time: an instant and its wall-clock time agree outside of changes of the clock") {
  const Zone zone = Zone::of("Europe/Berlin");
  for (int days = 11'000; days < 20'000; days += 7) {
    const Instant noon = zone.instant_of(Date{days}, 12 * 3'600 * micros_per_second);
    REQUIRE(zone.date_of(noon) == Date{days});
    REQUIRE(zone.date_of(zone.instant_of(Date{days}, 0)) == Date{days});
    REQUIRE(zone.date_of(Instant{zone.instant_of(Date{days}, 0).micros - 1}) == Date{days - 1});
  }
}

TEST_CASE("time: after 2037, where the database's list of changes ends, the offset stays as it is") {
  const Zone berlin = Zone::of("Europe/Berlin");
  CHECK(to_string(berlin.date_of(Instant{at("2037-07-01T22:30:00Z")})) == "2037-07-02");
  CHECK(to_string(berlin.date_of(Instant{at("2038-07-01T22:30:00Z")})) == "2038-07-01");
  CHECK(to_string(berlin.date_of(Instant{at("2038-07-01T23:30:00Z")})) == "2038-07-02");
}

TEST_CASE("time: an unknown zone is not found, and UTC needs no database") {
  try {
    Zone::of("Mars/Olympus");
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == Code::not_found);
    CHECK(!error.first().hint.empty());
  }
  CHECK(Zone::of("UTC").name() == "UTC");
  CHECK(Zone::of("Asia/Tokyo").name() == "Asia/Tokyo");
}

TEST_CASE("time: the system's clock goes forward and stands in this century") {
  const Clock clock = system_clock();
  const Instant first = clock();
  CHECK(first.micros > at("2020-01-01T00:00:00Z"));
  CHECK(clock() >= first);
}
