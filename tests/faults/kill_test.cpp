// The acknowledgement checker: a child process imports batches and is killed at random moments; each batch
// is written down here before the child may go on. EMPTOR_KILLS sets how often (the full run is 200).
#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"
#include "support/child_process.hpp"
#include "support/store_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

constexpr std::int64_t batches = 120;
constexpr std::int64_t lines_a_batch = 25;

std::string op_id(std::int64_t batch) { return "batch-" + std::to_string(batch); }
std::string external_id(std::int64_t batch, std::int64_t line) {
  return std::to_string(batch) + "/" + std::to_string(line);
}
Value amount(std::int64_t batch, std::int64_t line) { return Value(Decimal::of(batch * 1000 + line, 3)); }

// A customer, an order and its lines, each known by where it stands in the source.
ChangeSet make_batch(std::int64_t batch) {
  ChangeSet set;
  const std::string name = "Customer " + std::to_string(batch);
  const Id customer =
      set.put("customer").by("source", "c" + std::to_string(batch)).set("name", std::string_view(name)).id();
  const Id order = set.put("order")
                       .by("source", "o" + std::to_string(batch))
                       .set("customer_id", Value(customer))
                       .set("kind", "sale")
                       .id();
  for (std::int64_t line = 1; line <= lines_a_batch; ++line)
    set.put("order_line")
        .by("source", external_id(batch, line))
        .set("order_id", Value(order))
        .set("customer_id", Value(customer))
        .set("amount", amount(batch, line));
  return set;
}

// Goes through all batches from the first, as an import that is run again does: what is there already is
// known by its operation id.
void import_all(const std::string& where, const ChildProcess::Link& link) {
  const auto store = open_store(where, {.create = true, .durability = Durability::normal});
  Session session(*store);
  for (std::int64_t batch = 1; batch <= batches; ++batch) {
    session.apply(make_batch(batch), {.op_id = op_id(batch)});
    link.say(&batch, sizeof batch);
    link.wait_for_word();
  }
}

// Every field of a batch that is there; true where it is there at all.
bool check_batch(const View& view, std::int64_t batch) {
  const auto customer = view.find("customer", "source", "c" + std::to_string(batch));
  const auto order = view.find("order", "source", "o" + std::to_string(batch));
  CHECK(customer.has_value() == order.has_value());
  std::int64_t lines = 0;
  for (std::int64_t line = 1; line <= lines_a_batch; ++line) {
    const auto found = view.find("order_line", "source", external_id(batch, line));
    if (!found) continue;
    ++lines;
    REQUIRE(order);
    CHECK(found->get("amount") == amount(batch, line));
    CHECK(found->get("base_amount") == amount(batch, line));
    CHECK(found->get("order_id").id() == order->id());
    CHECK(found->get("customer_id").id() == customer->id());
  }
  CHECK(lines == (customer ? lines_a_batch : 0));
  if (customer) CHECK(customer->get("name").text() == "Customer " + std::to_string(batch));
  if (order) CHECK(order->get("customer_id").id() == customer->id());
  return customer.has_value();
}

// What an interrupted import left behind: all that was acknowledged, and one batch more at most.
void check_store(const std::string& where, std::int64_t acknowledged) {
  const auto store = open_store(where, {.create = true});
  Session session(*store);
  const View view = session.view();
  for (std::int64_t batch = 1; batch <= acknowledged; ++batch) CHECK(check_batch(view, batch));
  const bool one_more = acknowledged < batches && check_batch(view, acknowledged + 1);
  const std::int64_t whole = acknowledged + (one_more ? 1 : 0);
  CHECK(view.count("order") == whole);
  CHECK(view.count("order_line") == whole * lines_a_batch);
  CHECK(view.feed(0, 1'000'000).items.size() == static_cast<std::size_t>(whole * 2 * (lines_a_batch + 2)));
  CHECK(session.verify(true).faults == std::vector<std::string>{});
}

struct Kills {
  std::int64_t done = 0, finished = 0;
};

// One run of the import, killed after a while unless it is done before. Returns the batches acknowledged.
std::int64_t run_and_kill(const std::string& where, std::int64_t acknowledged, long long micros, Kills& kills) {
  ChildProcess child([&](const ChildProcess::Link& link) { import_all(where, link); });
  const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(micros);
  for (std::int64_t batch = 0; batch < batches;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::microseconds>(end - std::chrono::steady_clock::now()).count();
    if (left <= 0 || !child.hear_within(&batch, sizeof batch, left)) {
      child.kill_now();
      ++kills.done;
      return acknowledged;
    }
    acknowledged = std::max(acknowledged, batch);  // written down before the child may go on
    child.let_go_on();
  }
  CHECK(child.join());
  ++kills.finished;
  return acknowledged;
}

Kills kill_often(const Quirks& quirks, std::uint64_t seed, std::int64_t most) {
  Random random(seed);
  Kills kills;
  while (kills.done < most) {
    const StorePlace place(quirks);
    const std::string where = place.where();
    std::int64_t acknowledged = 0;
    for (int round = 0; round < 12 && kills.done < most && acknowledged < batches; ++round) {
      acknowledged = run_and_kill(where, acknowledged, static_cast<long long>(random.below(150'000)), kills);
      CAPTURE(kills.done);
      check_store(where, acknowledged);
    }
    acknowledged = run_and_kill(where, acknowledged, 600'000'000, kills);
    CHECK(acknowledged == batches);
    check_store(where, batches);
  }
  return kills;
}

}  // namespace

TEST_CASE("an import that is killed at any moment keeps every acknowledged batch, and completes when run again") {
  const char* wanted = std::getenv("EMPTOR_KILLS");
  const std::int64_t most = wanted == nullptr ? 10 : std::atoll(wanted);
  const char* seed_text = std::getenv("EMPTOR_SEED");
  const std::uint64_t seed = seed_text == nullptr ? 7 : std::strtoull(seed_text, nullptr, 10);
  for (const Quirks& quirks : every_store()) {
    if (!quirks.multi_process) continue;
    CAPTURE(quirks.name);
    const Kills kills = kill_often(quirks, seed, most);
    std::printf("kills on %s: seed %llu, %lld kills, %lld imports completed, no acknowledged batch lost\n",
                quirks.name.c_str(), static_cast<unsigned long long>(seed), static_cast<long long>(kills.done),
                static_cast<long long>(kills.finished));
  }
}
