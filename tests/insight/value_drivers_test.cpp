#include "insight/value/value_drivers.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/made_facts.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr std::int64_t unit = Decimal::micros_per_unit;

double at(const ValueDrivers& drivers, ValueDriver driver, std::size_t row) {
  return drivers.of[static_cast<std::size_t>(driver)][row];
}

ValueDrivers drivers_of(const Facts& facts, const LineDetails& details, std::int32_t day = 1'000) {
  return measure_drivers(lines_of(facts), details, facts.customers, {day}, Purchases::positive);
}

/// Two customers of four lines each, the last of the second after day 10.
Facts facts() {
  return made_facts({{1, 1, 1, 10},
                     {1, 2, 2, 20},
                     {1, 3, 3, 30},
                     {1, 4, 4, 80, 2},
                     {2, 5, 1, 50},
                     {2, 6, 2, 60},
                     {2, 7, 3, -60, -1},
                     {2, 8, 20, 70}});
}

}  // namespace

TEST_CASE("drivers: [I11] deals by discount, and by list price where no line has one") {
  LineDetails details;
  details.discount = {0, unit / 10, LineDetails::unknown, unit / 2, 0, 0, unit, unit / 5};
  ValueDrivers drivers = drivers_of(facts(), details);
  CHECK(drivers.deals_by == "discount");
  CHECK(at(drivers, ValueDriver::deal_proneness, 0) == doctest::Approx(.5));
  CHECK(at(drivers, ValueDriver::deal_proneness, 1) == doctest::Approx(1.0 / 3));  // what was taken back is no purchase
  CHECK(at(drivers_of(facts(), details, 10), ValueDriver::deal_proneness, 1) == 0);
  details.discount.clear();
  details.list_price = {10 * unit, 21 * unit, 30 * unit, 40 * unit, LineDetails::unknown, 61 * unit, unit, 70 * unit};
  drivers = drivers_of(facts(), details);
  CHECK(drivers.deals_by == "list_price");
  CHECK(at(drivers, ValueDriver::deal_proneness, 0) == doctest::Approx(.25));  // 20 of 21; 80 for two at 40 is no deal
  CHECK(at(drivers, ValueDriver::deal_proneness, 1) == doctest::Approx(.5));   // 60 of 61
}

TEST_CASE("drivers: [I11] brand sensitivity is 1 for one brand and 0 for what any customers share") {
  LineDetails details;
  details.brand = {7, 7, 7, 7, 7, 8, 8, 9};
  const ValueDrivers drivers = drivers_of(facts(), details);
  CHECK(drivers.brands_by == "brand");
  CHECK(at(drivers, ValueDriver::brand_sensitivity, 0) == 1);
  // All lines: 7 five times, 8 and 9 once: 20 of 42 pairs. The second customer has no pair.
  CHECK(at(drivers, ValueDriver::brand_sensitivity, 1) == doctest::Approx((0 - 20.0 / 42) / (1 - 20.0 / 42)));
  details.brand.assign(8, 7);
  CHECK(drivers_of(facts(), details).of[1].empty());
}

TEST_CASE("drivers: [I11] price level is the place among the unit prices of the category") {
  LineDetails details;
  details.category = {1, 1, 1, 1, 1, 1, 1, LineDetails::none};
  const ValueDrivers drivers = drivers_of(facts(), details);
  CHECK(drivers.brands_by == "category");
  // Unit prices 10, 20, 30, 40, 50, 60: places 1/12, 3/12 ... 11/12.
  CHECK(at(drivers, ValueDriver::price_level, 0) == doctest::Approx(4.0 / 12));
  CHECK(at(drivers, ValueDriver::price_level, 1) == doctest::Approx(10.0 / 12));
}

TEST_CASE("drivers: what the data do not tell is absent, and says what it would need") {
  const ValueDrivers drivers = drivers_of(facts(), {});
  for (std::size_t i = 0; i < value_driver_count; ++i) {
    CHECK(drivers.of[i].empty());
    CHECK_FALSE(drivers.lack[i].empty());
  }
}
