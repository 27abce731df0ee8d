#include "core/arrow_block.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <optional>

#include "core/arrow_convert.hpp"
#include "emptor/core/decimal.hpp"
#include "emptor/core/random.hpp"
#include "support/made_arrow.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

struct Expected {
  Taken taken = Taken::missing;
  std::int64_t number = 0;
};

template <class Convert>
Expected expected(const ArrowCell& cell, const Convert& convert) {
  if (is_missing(cell)) return {};
  const auto number = convert(cell);
  return number ? Expected{Taken::there, *number} : Expected{Taken::wrong};
}

/// Each block against the cells, whose reading has tests of its own.
void check_as_cells(MadeColumn column) {
  MadeArrow made({std::move(column)});
  ArrowArrayStream stream = made.stream();
  const ArrowTable table(&stream);
  const auto blocks = std::make_unique<std::array<NumberBlock, 4>>();
  const Zone zones[] = {Zone(), Zone::of("Asia/Shanghai")};
  const ArrowRows all{0, 0, table.rows(0)};
  take_wholes(table, 0, all, (*blocks)[0]);
  take_micros(table, 0, all, (*blocks)[1]);
  take_days(table, 0, all, zones[0], (*blocks)[2]);
  take_days(table, 0, all, zones[1], (*blocks)[3]);
  for (std::size_t i = 0; i < all.count; ++i) {
    const ArrowCell cell = table.cell(0, 0, i);
    const auto day = [&](const Zone& zone) {
      return expected(cell, [&](const ArrowCell& value) -> std::optional<std::int64_t> {
        const auto date = day_of(value, zone);
        return date ? std::optional<std::int64_t>(date->days) : std::nullopt;
      });
    };
    const Expected of[] = {expected(cell, whole_of),
                           expected(cell, [](const ArrowCell& value) { return micros_of(value); }), day(zones[0]),
                           day(zones[1])};
    for (std::size_t block = 0; block < 4; ++block) {
      CHECK((*blocks)[block].taken[i] == of[block].taken);
      if (of[block].taken == Taken::there) CHECK((*blocks)[block].number[i] == of[block].number);
    }
  }
}

}  // namespace

TEST_CASE("arrow block: every kind of column reads as its cells do") {
  check_as_cells(numbers<std::int64_t>("n", "l", {0, -5, 9'223'372'036'854, 9'223'372'036'855, INT64_MIN}));
  check_as_cells(numbers<std::int32_t>("n", "i", {7, INT32_MIN}));
  check_as_cells(numbers<std::int16_t>("n", "s", {7, -7}));
  check_as_cells(numbers<std::uint64_t>("n", "L", {7, UINT64_MAX}));
  check_as_cells(numbers<double>("x", "g", {1.5, -0.0, 3, __builtin_nan(""), 1e300, 9.8, INFINITY}));
  check_as_cells(numbers<float>("x", "f", {1.5F, 9.8F, 4}));
  check_as_cells(numbers<Wide>("d", "d:38,2", {Wide{12'345}, Wide{-1}}));
  check_as_cells(texts("t", {"", "12", "2024-02-29", "2024-01-01T23:30:00Z", "neither"}));
  check_as_cells(numbers<std::int32_t>("d", "tdD", {0, -1, 19'782, INT32_MAX, INT32_MIN}));
  check_as_cells(numbers<std::int64_t>("d", "tdm", {86'400'000, -1}));
  for (const char* format : {"tss:", "tsm:", "tsu:", "tsn:", "tsn:UTC", "tsu:Europe/Berlin"})
    check_as_cells(numbers<std::int64_t>("t", format, {0, -1, 86'399'999'999'999, 1'700'000'000'000'000, INT64_MAX}));
}

TEST_CASE("arrow block: what is marked as missing is missing, also behind an offset") {
  MadeColumn marked = numbers<std::int64_t>("n", "l", {1, 2, 3});
  marked.buffers[0] = std::string("\x05", 1);
  marked.nulls = 1;
  check_as_cells(marked);
  marked.offset = 1;
  marked.length = 2;
  check_as_cells(marked);
  MadeColumn coded = numbers<std::int8_t>("t", "c", {1, 0, 1});
  coded.dictionary = std::make_shared<MadeColumn>(texts("", {"4", "5"}));
  check_as_cells(coded);
}

TEST_CASE("arrow block: a double's millionths are those of its exact value, half to even") {
  Random random(3);
  const auto agree = [](double value) {
    const auto exact = Decimal::from_double(value);
    const bool fits = exact && exact->fits_micros();
    REQUIRE(micros_of_double(value).has_value() == fits);
    if (fits) CHECK(*micros_of_double(value) == exact->micros());
  };
  for (int i = 0; i < 100'000; ++i) {
    const double whole = static_cast<double>(random.below(std::uint64_t{1} << random.below(54)));
    agree(whole / 1e6);
    agree(-(whole + .5) / 1e6);
    agree(whole / 128);  // ends in halves of the sixth digit
    agree(std::nextafter((whole + .5) / 1e6, 0));
  }
}
