#include "support/thousand_rows.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace emptor::test {
namespace {

constexpr std::int64_t rows = 1000;

}  // namespace

ChangeSet thousand_rows() {
  ChangeSet set;
  for (std::int64_t i = 0; i < 100; ++i) {
    const std::string number = "N" + std::to_string(i);
    const Id order =
        set.put("order").set("number", std::string_view(number)).set("customer_id", Value(Id{1 + i % 5})).id();
    for (std::int64_t line = 1; line < 10; ++line)
      set.put("order_line")
          .set("order_id", Value(order))
          .set("customer_id", Value(Id{1 + i % 5}))
          .set("amount", Value(Decimal::of(i * 10 + line, 2)));
  }
  return set;
}

void make_customers(Store& store) {
  Session session(store);
  ChangeSet set;
  for (int i = 0; i < 5; ++i) set.put("customer").set("name", "Somebody");
  session.apply(set);
}

std::int64_t rows_of(const View& view) { return view.count("order") + view.count("order_line"); }

bool check_whole(Store& store) {
  Session session(store);
  const std::int64_t found = rows_of(session.view());
  CHECK((found == 0 || found == rows));
  CHECK(session.view().info().position == (found == 0 ? 1 : 2));
  CHECK(session.verify(true).faults == std::vector<std::string>{});
  return found != 0;
}

std::uint64_t stride(std::uint64_t points, std::uint64_t wanted) {
  const char* sweep = std::getenv("EMPTOR_SWEEP");
  if (sweep != nullptr && std::string_view(sweep) == "full") return 1;
  return std::max<std::uint64_t>(1, points / wanted);
}

void Tally::print(const char* what, std::uint64_t of) const {
  std::printf("%s: %llu of %llu points, %llu errors (%llu of them after the commit was down), %llu not in the way\n",
              what, static_cast<unsigned long long>(points), static_cast<unsigned long long>(of),
              static_cast<unsigned long long>(errors), static_cast<unsigned long long>(kept),
              static_cast<unsigned long long>(unharmed));
}

}  // namespace emptor::test
