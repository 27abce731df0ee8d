#include "insight/lifetime/lifetime_rows.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "emptor/core/random.hpp"

using namespace emptor;

namespace {

/// Lines of a few customers, each in the order of time.
CustomerLines lines_over(const std::map<std::int64_t, std::vector<TimedLine>>& customers) {
  return {customers.size(), [](Purchases) { return std::optional(Date{19'790}); },
          [&customers](const auto& visit) {
            for (const auto& [customer, lines] : customers) visit(customer, lines);
          }};
}

TimedLine line_at(std::int32_t day, std::int64_t hour, std::int64_t amount, std::int64_t quantity = 1) {
  return {.at = day * micros_per_day + hour * 3'600 * micros_per_second,
          .amount = amount * 1'000'000,
          .quantity = quantity * 1'000'000,
          .day = day};
}

std::map<std::int64_t, std::vector<TimedLine>> random_customers(Random& random) {
  std::map<std::int64_t, std::vector<TimedLine>> customers;
  for (std::int64_t id = 1; id <= 5; ++id) {
    std::vector<TimedLine>& lines = customers[id];
    for (std::uint64_t count = random.below(9); count > 0; --count)
      lines.push_back(
          line_at(19'700 + static_cast<std::int32_t>(random.below(100)), static_cast<std::int64_t>(random.below(3)) * 8,
                  static_cast<std::int64_t>(random.below(9)) - 2, static_cast<std::int64_t>(random.below(5)) - 1));
    std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  }
  return customers;
}

}  // namespace

TEST_CASE("lifetime rows: by hand") {
  const std::map<std::int64_t, std::vector<TimedLine>> customers = {
      {7, {line_at(19'700, 9, 30), line_at(19'700, 17, 10), line_at(19'714, 9, 20), line_at(19'735, 9, 40)}},
      {8, {line_at(19'783, 9, 5)}},
      {9, {line_at(19'783, 9, -5, -1)}}};
  const LifetimeRows days = lifetime_rows(lines_over(customers), {.until = Date{19'790}});
  CHECK(days.customer == std::vector<std::int64_t>{7, 8});
  CHECK(days.frequency == std::vector<double>{2, 0});
  CHECK(days.recency == std::vector<double>{5, 0});
  CHECK(days.age == std::vector<double>{90.0 / 7, 1});
  CHECK(days.spend == std::vector<double>{30, 0});
  CHECK(days.revenue.micros_to_decimal() == Decimal(105));
  const LifetimeRows instants = lifetime_rows(
      lines_over(customers),
      {.until = Date{19'790}, .unit = TimeUnit::day, .event = PurchaseEvent::instant, .first = FirstSpend::included});
  CHECK(instants.frequency == std::vector<double>{3, 0});
  CHECK(instants.recency == std::vector<double>{35, 0});
  CHECK(instants.age.front() == doctest::Approx(90 + 15.0 / 24));  // to the end of the day
  CHECK(instants.spend == std::vector<double>{25, 5});
}

TEST_CASE("lifetime rows: equal their definition for 2,000 random shops") {
  Random random(9);
  std::size_t rows = 0;
  for (int round = 0; round < 2'000; ++round) {
    const auto customers = random_customers(random);
    const LifetimeRowOptions options{.until = Date{19'780},
                                     .unit = TimeUnit::day,
                                     .event = static_cast<PurchaseEvent>(random.below(2)),
                                     .purchases = static_cast<Purchases>(random.below(3))};
    const LifetimeRows got = lifetime_rows(lines_over(customers), options);
    std::size_t at = 0;
    for (const auto& [id, lines] : customers) {
      std::set<std::int64_t> times;
      std::int64_t sum = 0;
      const bool by_day = options.event == PurchaseEvent::day;
      for (const TimedLine& line : lines) {
        if (line.day > 19'780) continue;
        const bool free = options.purchases == Purchases::non_negative && line.amount == 0;
        const bool bought = (line.amount > 0 || free) && line.quantity >= 0;
        if (bought) times.insert(by_day ? line.day : line.at);
        if (bought ? times.size() > 1 : options.purchases == Purchases::net && !times.empty()) sum += line.amount;
      }
      if (times.empty()) continue;
      REQUIRE(at < got.size());
      const double repeats = static_cast<double>(times.size() - 1);
      const double ticks = by_day ? 1 : static_cast<double>(micros_per_day);
      CHECK(got.customer[at] == id);
      CHECK(got.frequency[at] == repeats);
      CHECK(got.recency[at] == static_cast<double>(*times.rbegin() - *times.begin()) / ticks);
      CHECK(got.spend[at] == (repeats > 0 ? static_cast<double>(sum) / 1e6 / repeats : 0));
      CHECK(got.recency[at] <= got.age[at]);
      ++at;
    }
    CHECK(at == got.size());
    rows += at;
  }
  MESSAGE("rows compared: " << rows);
  CHECK(rows > 5'000);
}
