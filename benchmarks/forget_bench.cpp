// One person with many events is forgotten among many customers: the erasure, the search index apart, and the files.
//
//     forget_bench [CUSTOMERS] [EVENTS]
#include <cstdlib>
#include <filesystem>

#include "bound.hpp"
#include "emptor/core/random.hpp"
#include "emptor/session/forget.hpp"
#include "emptor/store/open.hpp"

namespace {

using namespace emptor;

constexpr std::int64_t at_once = 20'000;

std::string words(Random& random, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "w" + std::to_string(random.below(20'000)) + ' ';
  return text;
}

void add_customer(ChangeSet& set, std::int64_t number, Random& random) {
  const Id customer = set.put("customer")
                          .set("name", "Customer " + std::to_string(number))
                          .set("city", "city " + std::to_string(number % 997))
                          .by("shop", std::to_string(number))
                          .id();
  set.put("contact_point")
      .set("customer_id", customer)
      .set("channel", "email")
      .set("value", "c" + std::to_string(number) + "@example.org");
  const Id order = set.put("order")
                       .set("customer_id", customer)
                       .set("ordered_at", Value(Instant{1'690'000'000'000'000 + number}))
                       .id();
  set.put("order_line").set("customer_id", customer).set("order_id", order).set("base_amount", *Decimal::parse("19.9"));
  if (number % 10 == 0)
    set.put("interaction").set("customer_id", customer).set("channel", "phone").set("body", words(random, 20));
}

// Calls, orders and payments by turns.
Id add_person(Session& session, std::int64_t events, Random& random) {
  ChangeSet set;
  set.put("customer").set("name", "Ada Lovelace").set("city", "London").by("shop", "ada");
  const Id person = session.apply(set).ids.front();
  for (std::int64_t i = 0; i < events;) {
    set.clear();
    for (std::int64_t end = std::min(events, i + at_once); i < end; ++i) {
      const Value at(Instant{1'690'000'000'000'000 + i * micros_per_second});
      if (i % 2 == 0)
        set.put("interaction").set("customer_id", person).set("at", at).set("body", words(random, 20));
      else if (i % 4 == 1)
        set.put("order").set("customer_id", person).set("ordered_at", at).by("shop", "o" + std::to_string(i));
      else
        set.put("payment").set("customer_id", person).set("paid_at", at).set("reference", "ref " + std::to_string(i));
    }
    session.apply(set);
  }
  return person;
}

double milliseconds(std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1e3; }

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t customers = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const std::int64_t events = argc > 2 ? std::atoll(argv[2]) : 10'000;
  const auto folder = std::filesystem::temp_directory_path() / "emptor-forget";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  bool holds = true;
  {
    const auto store = open_sqlite((folder / "s.emptor").string(), {.create = true});
    Session session(*store);
    Random random(1);
    Id person;
    const double made = bench::seconds_of([&] {
      constexpr std::string_view loaded[] = {"customer",   "contact_point", "order",
                                             "order_line", "interaction",   "identity"};
      session.begin_load(loaded);
      ChangeSet set;
      for (std::int64_t i = 0; i < customers; ++i) {
        add_customer(set, i, random);
        if ((i + 1) % at_once != 0 && i + 1 != customers) continue;
        session.apply(set, {.durability = Durability::off});
        set.clear();
      }
      person = add_person(session, events, random);
      session.settle();
    });
    bench::figure("store made", made, "s");
    const double first = bench::seconds_of([&] { holds &= store->purge(std::chrono::seconds(10)); });
    bench::figure("files made clean for the first time", first * 1e3, "ms");
    const double planned = bench::seconds_of([&] { session.forget_customer(person, {.dry_run = true}); });
    bench::figure("dry run", planned * 1e3, "ms");
    const Forgotten forgotten = session.forget_customer(person, {});
    bench::figure("records", static_cast<double>(forgotten.receipts.front().records.value_or(0)), "");
    bench::figure("search index", milliseconds(forgotten.index_time), "ms");
    bench::figure("rows, keys, journal", milliseconds(forgotten.records_time), "ms");
    bench::figure("files made clean", milliseconds(forgotten.purge_time), "ms");
    holds &= forgotten.clean;
    holds &= bench::bound("erased, the search index apart", milliseconds(forgotten.records_time + forgotten.purge_time),
                          bench::Is::at_most, 1'000, "ms");
  }
  std::filesystem::remove_all(folder);
  return holds ? 0 : 1;
}
