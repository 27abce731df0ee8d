// Two processes on one store, each with a session that lives long. EMPTOR_SECONDS sets how long they write (the full
// run is 60).
#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "emptor/core/error.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"
#include "support/child_process.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr std::int64_t customers = 8;

struct Tally {
  std::int64_t increments = 0, conflicts = 0, orders = 0, stale = 0;
  std::int64_t worst_micros = 0;
};

class Worker {
 public:
  Worker(const std::string& where, std::uint64_t seed)
      : store_(open_store(where, {.durability = Durability::normal})), session_(*store_), random_(seed) {}

  Tally run(std::chrono::seconds time) {
    for (const auto end = SteadyClock::now() + time; SteadyClock::now() < end;) {
      random_.below(4) == 0 ? add_order() : increment();
    }
    return tally_;
  }

 private:
  // Reads, adds one, and writes only if nobody wrote between: a lost update would show in the sum.
  void increment() {
    const Id id{1 + static_cast<std::int64_t>(random_.below(customers))};
    const Record before = *session_.view().get("customer", id);
    ChangeSet set;
    set.put("customer", id).set("employees", Value(before.get("employees").integer() + 1)).expect(before.version());
    try {
      const Receipt receipt = timed(set);
      ++tally_.increments;
      if (session_.view().get("customer", id)->version() < receipt.versions[0]) ++tally_.stale;
    } catch (const Error& error) {
      if (error.code() != Code::conflict) throw;
      ++tally_.conflicts;
    }
  }

  // Refers to the newest customer that is there, whoever made it, and makes another now and then.
  void add_order() {
    const View view = session_.view();
    const std::vector<Record> newest = view.select({.entity = "customer", .order = {{"id", true}}, .limit = 1});
    ChangeSet set;
    set.put("order").set("customer_id", Value(newest.at(0).id())).set("kind", "sale");
    if (random_.below(8) == 0) set.put("customer").set("name", "made on the way");
    timed(set);
    ++tally_.orders;
  }

  Receipt timed(const ChangeSet& set) {
    const auto begin = SteadyClock::now();
    const Receipt receipt = session_.apply(set);
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begin).count();
    tally_.worst_micros = std::max<std::int64_t>(tally_.worst_micros, took);
    return receipt;
  }

  std::unique_ptr<Store> store_;
  Session session_;
  Random random_;
  Tally tally_;
};

void make_customers(const std::string& where) {
  const auto store = open_store(where, {.create = true});
  Session session(*store);
  ChangeSet set;
  for (std::int64_t i = 0; i < customers; ++i) set.put("customer").set("employees", Value(0));
  session.apply(set);
}

void write_together(const Quirks& quirks, std::chrono::seconds time) {
  const StorePlace place(quirks);
  const std::string where = place.where();
  make_customers(where);
  std::vector<std::unique_ptr<ChildProcess>> processes;
  for (const std::uint64_t seed : {1u, 2u})
    processes.push_back(std::make_unique<ChildProcess>([&, seed](const ChildProcess::Link& link) {
      const Tally tally = Worker(where, seed).run(time);
      link.say(&tally, sizeof tally);
    }));
  Tally sum;
  for (const auto& process : processes) {
    Tally tally;
    REQUIRE(process->hear(&tally, sizeof tally));
    CHECK(process->join());
    CHECK(tally.increments > 0);
    CHECK(tally.orders > 0);
    sum.increments += tally.increments;
    sum.conflicts += tally.conflicts;
    sum.orders += tally.orders;
    sum.stale += tally.stale;
    sum.worst_micros = std::max(sum.worst_micros, tally.worst_micros);
  }
  const auto store = open_store(where);
  Session session(*store);
  const View view = session.view();
  const Groups counted = view.aggregate({.entity = "customer", .measures = {{Measure::sum, "employees"}}});
  CHECK(counted.groups[0].results[0] == Value(sum.increments));
  CHECK(view.count("order") == sum.orders);
  const Groups summed = view.aggregate({.entity = "customer_summary", .measures = {{Measure::sum, "orders"}}});
  CHECK(summed.groups[0].results[0] == Value(sum.orders));
  CHECK(view.info().position == 1 + sum.increments + sum.orders);
  CHECK(sum.stale == 0);
  CHECK(session.verify(true).faults == std::vector<std::string>{});
  std::printf(
      "two processes on %s: %lld s, %lld increments, %lld orders, %lld conflicts told and tried again, worst write "
      "%lld us\n",
      quirks.name.c_str(), static_cast<long long>(time.count()), static_cast<long long>(sum.increments),
      static_cast<long long>(sum.orders), static_cast<long long>(sum.conflicts),
      static_cast<long long>(sum.worst_micros));
}

}  // namespace

TEST_CASE("two processes on one store lose no update, see no busy store and keep their caches right") {
  const char* seconds = std::getenv("EMPTOR_SECONDS");
  const std::chrono::seconds time(seconds == nullptr ? 5 : std::atoi(seconds));
  for (const Quirks& quirks : every_store()) {
    if (!quirks.multi_process) continue;
    CAPTURE(quirks.name);
    write_together(quirks, time);
  }
}
