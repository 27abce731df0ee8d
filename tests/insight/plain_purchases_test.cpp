#include "insight/tables/plain_purchases.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "support/made_arrow.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

struct Sale {
  std::int64_t customer, day, amount, quantity, order;
  bool lacks_customer, lacks_order;
};

std::vector<Sale> random_rows(Random& random) {
  std::vector<Sale> rows(random.below(60));
  const auto within = [&](std::uint64_t range, std::int64_t from) {
    return static_cast<std::int64_t>(random.below(range)) + from;
  };
  for (Sale& row : rows)
    row = {within(6, -2), within(40, 19'700),    within(9, -3),       within(4, -1),
           within(8, 0),  random.below(10) == 0, random.below(5) == 0};
  return rows;
}

template <class T>
MadeColumn column(std::string name, std::string format, const std::vector<Sale>& rows, std::int64_t Sale::*member,
                  bool Sale::*lacks = nullptr) {
  std::string bytes(rows.size() * sizeof(T), '\0'), marks(rows.size() / 8 + 1, '\0');
  std::int64_t nulls = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const T value = static_cast<T>(rows[i].*member);
    std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof(T));
    if (lacks != nullptr && rows[i].*lacks)
      ++nulls;
    else
      marks[i / 8] = static_cast<char>(marks[i / 8] | 1 << i % 8);
  }
  return {
      std::move(name), std::move(format), static_cast<std::int64_t>(rows.size()), {MadeBuffer(marks), bytes}, nulls};
}

PlainPurchases read(const std::vector<Sale>& rows, bool with_orders, bool with_quantities) {
  MadeArrow made({column<std::int64_t>("who", "l", rows, &Sale::customer, &Sale::lacks_customer),
                  column<std::int32_t>("when", "tdD", rows, &Sale::day),
                  column<double>("paid", "g", rows, &Sale::amount),
                  column<std::int32_t>("count", "i", rows, &Sale::quantity),
                  column<std::int64_t>("receipt", "l", rows, &Sale::order, &Sale::lacks_order)});
  ArrowArrayStream stream = made.stream();
  const ArrowTable table(&stream);
  return plain_purchases(table, {"who", "when", "paid", with_orders ? "receipt" : "", with_quantities ? "count" : ""},
                         Zone());
}

/// What one customer's purchases come to, as the documentation says it.
struct Customer {
  std::int64_t last_day = INT32_MIN, monetary = 0;
  std::set<std::int64_t> orders;
};

std::map<std::int64_t, Customer> by_definition(const std::vector<Sale>& rows, const MeasureOptions& options, Date as_of,
                                               bool with_orders, bool with_quantities) {
  std::map<std::int64_t, Customer> customers;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Sale& row = rows[i];
    const bool late = row.day > as_of.days;
    const bool early = options.horizon_days && row.day <= as_of.days - *options.horizon_days;
    if (row.lacks_customer || late || early) continue;
    const bool free = options.purchases == Purchases::non_negative && row.amount == 0;
    const bool bought = (row.amount > 0 || free) && (!with_quantities || row.quantity >= 0);
    Customer& customer = customers[row.customer];
    if (bought || options.purchases == Purchases::net) customer.monetary += row.amount * 1'000'000;
    if (!bought) continue;
    customer.last_day = std::max(customer.last_day, row.day);
    customer.orders.insert(!with_orders || row.lacks_order ? -1 - static_cast<std::int64_t>(i) : row.order);
  }
  std::erase_if(customers, [&](const auto& one) {
    return one.second.orders.empty() || (options.non_positive == NonPositive::exclude && one.second.monetary <= 0);
  });
  return customers;
}

}  // namespace

TEST_CASE("plain purchases: measures equal their definition for 2,000 random tables") {
  Random random(5);
  std::size_t customers = 0;
  for (int round = 0; round < 2'000; ++round) {
    const std::vector<Sale> rows = random_rows(random);
    const bool with_orders = random.below(2) == 0, with_quantities = random.below(2) == 0;
    MeasureOptions options{.purchases = static_cast<Purchases>(random.below(3)),
                           .non_positive = static_cast<NonPositive>(random.below(2))};
    if (random.below(2) == 0) options.as_of = Date{19'720};
    if (random.below(2) == 0) options.horizon_days = 12;
    const PlainPurchases purchases = read(rows, with_orders, with_quantities);
    const Measures measures = measure_purchases(purchases, options);
    if (options.as_of && measures.size() > 0) CHECK(measures.as_of == *options.as_of);
    const auto expected = by_definition(rows, options, measures.as_of, with_orders, with_quantities);
    REQUIRE(measures.size() == expected.size());
    std::size_t i = 0;
    for (const auto& [id, customer] : expected) {
      const auto place = static_cast<std::size_t>(measures.customer[i] - 1);
      CHECK(purchases.customers.value(place) == Value(id));
      CHECK(measures.recency[i] == measures.as_of.days - customer.last_day);
      CHECK(measures.frequency[i] == static_cast<std::int64_t>(customer.orders.size()));
      CHECK(measures.monetary[i] == customer.monetary);
      ++i;
    }
    customers += measures.size();
  }
  MESSAGE("customers compared: " << customers);
  CHECK(customers > 3'000);
}

TEST_CASE("plain purchases: without a day it is the last with a purchase") {
  const std::vector<Sale> rows = {{1, 19'700, 5, 1, 1, false, false}, {1, 19'710, -5, 1, 2, false, false}};
  CHECK(measure_purchases(read(rows, false, false), {}).as_of == Date{19'700});
  CHECK(measure_purchases(read({}, false, false), {}).size() == 0);
}

TEST_CASE("plain purchases: columns that tell more of a row, what is missing there, and what is no number") {
  const auto columns = [](MadeColumn cost) {
    return std::vector<MadeColumn>{
        numbers<std::int64_t>("who", "l", {1, 2, 1}), numbers<std::int32_t>("when", "tdD", {100, 101, 102}),
        numbers<double>("paid", "g", {10, 20, 30}), std::move(cost), texts("sort", {"tea", "", "tea"})};
  };
  const auto read_all = [&](MadeColumn cost) {
    MadeArrow made(columns(std::move(cost)));
    ArrowArrayStream stream = made.stream();
    const ArrowTable table(&stream);
    return plain_purchases(
        table, {.customer = "who", .date = "when", .amount = "paid", .details = {.cost = "cost", .category = "sort"}},
        Zone());
  };
  MadeColumn cost = numbers<double>("cost", "g", {4, 0, 6.5});
  cost.buffers[0] = std::string(1, '\5');  // the second is missing
  cost.nulls = 1;
  const PlainPurchases purchases = read_all(cost);
  CHECK(purchases.cost == std::vector<std::int64_t>{4'000'000, PlainPurchases::unknown, 6'500'000});
  CHECK(purchases.category == std::vector<std::uint32_t>{0, PlainPurchases::none, 0});
  CHECK(purchases.discount.empty());
  CHECK(purchases.brand.empty());
  try {
    read_all(texts("cost", {"4", "cheap", "6"}));
    FAIL("a text was taken for a cost");
  } catch (const Error& error) {
    CHECK(error.first().field == "cost");
    CHECK(error.first().row == 2);
  }
}
