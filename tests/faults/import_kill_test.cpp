// An import of files, killed at random moments: every commit that was acknowledged is in the journal with
// the hash it had, at most one more is, records and derived records agree with it, and the import run
// again ends in what an undisturbed one ends in. Lines of one order name different customers, so that what an order
// is must not depend on how far a run came. EMPTOR_KILLS sets how often (the full run is 200).
#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>

#include "emptor/core/exact_sum.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"
#include "support/acknowledging_store.hpp"
#include "support/child_process.hpp"
#include "support/store_contents.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;
using namespace emptor::test;
using SteadyClock = std::chrono::steady_clock;

namespace {

struct Acknowledgement {
  std::int64_t position = 0;
  Hash head{};
};

void write_files(const std::filesystem::path& folder) {
  std::filesystem::create_directory(folder);
  std::ofstream customers(folder / "customers.csv");
  customers << "customer_id,name,country,city\n";
  for (int i = 1; i <= 600; ++i) customers << 'C' << i << ",Customer " << i << ",PT,Town " << i % 17 << '\n';
  std::ofstream orders(folder / "orders.csv");
  orders << "order_number,customer_id,order_date,product,quantity,price\n";
  for (int i = 1; i <= 3000; ++i)
    orders << 'N' << i / 3 << ",C" << i * 7 % 600 + 1 << ",2024-0" << i / 3 % 9 + 1 << "-11,Tea " << i % 40 << ','
           << i % 5 + 1 << ',' << i % 90 << ".25\n";
}

void import_files(Store& store, const std::filesystem::path& folder) {
  Session session(store);
  const std::vector<std::string> paths{folder.string()};
  import_tables(session, paths, {.source = "files", .batch_rows = 100});
}

OpenOptions creating() {
  return {.create = true, .durability = Durability::normal, .currency = *Currency::parse("EUR")};
}

// One run, killed after a while unless it is done before; true where it was done.
bool run_and_kill(const std::string& path, const std::filesystem::path& files, long long micros,
                  Acknowledgement& last) {
  ChildProcess child([&](const ChildProcess::Link& link) {
    const auto store = acknowledging(open_sqlite(path, creating()), [&](std::int64_t position, const Hash& head) {
      const Acknowledgement acknowledgement{position, head};
      link.say(&acknowledgement, sizeof acknowledgement);
      link.wait_for_word();
    });
    import_files(*store, files);
    const Acknowledgement end{-1, {}};
    link.say(&end, sizeof end);
  });
  for (const auto end = SteadyClock::now() + std::chrono::microseconds(micros);;) {
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(end - SteadyClock::now()).count();
    Acknowledgement heard;
    if (left <= 0 || !child.hear_within(&heard, sizeof heard, left)) break;
    if (heard.position < 0) return child.join();
    last = heard;  // written down before the child may go on
    child.let_go_on();
  }
  child.kill_now();
  return false;
}

// The feed tells every entry, and the newest change of each record is the version that the record has.
void check_feed(const View& view) {
  std::map<std::pair<std::string, std::int64_t>, std::int64_t> newest;
  const Feed feed = view.feed(0, 1'000'000);
  CHECK(feed.position == view.info().position);
  for (const FeedItem& item : feed.items) newest[{item.entity, item.id.value}] = item.version;
  std::size_t records = 0;
  for (const char* entity : {"customer", "product", "order", "order_line", "identity"})
    for (const Record& record : view.select({.entity = entity, .limit = 1'000'000})) {
      ++records;
      if (newest.at({entity, record.id().value}) != record.version()) FAIL_CHECK("the feed is behind a record");
    }
  CHECK(records == newest.size());
}

// The sum that the store computes is that of its lines.
void check_sum(const View& view) {
  IntegerSum sum;
  for (const Record& line : view.select({.entity = "order_line", .limit = 1'000'000}))
    sum.add(line.get("amount").micros());
  const Groups groups = view.aggregate({.entity = "order_line", .measures = {{Measure::sum, "amount"}}});
  const Value& told = groups.groups.at(0).results.at(0);
  CHECK((told.present() ? told.decimal() : Decimal()) == sum.micros_to_decimal());
}

void check_acknowledged(const std::string& path, const Acknowledgement& last) {
  if (!std::filesystem::exists(path)) {
    CHECK(last.position == 0);
    return;
  }
  const auto store = open_sqlite(path, creating());
  const Session session(*store);
  const auto reader = store->read();
  CHECK(reader->info().position >= last.position);
  CHECK(reader->info().position <= last.position + 1);
  if (last.position > 0) {
    REQUIRE(reader->entry(last.position));
    CHECK(reader->entry(last.position)->hash == last.head);
  }
  CHECK(session.verify(true).faults == std::vector<std::string>{});
  check_feed(session.view());
  check_sum(session.view());
}

}  // namespace

TEST_CASE("an import of files that is killed at any moment loses nothing acknowledged, and completes when run again") {
  const char* wanted = std::getenv("EMPTOR_KILLS");
  const std::int64_t most = wanted == nullptr ? 6 : std::atoll(wanted);
  const TempFolder folder;
  write_files(folder.path() / "files");
  Acknowledgement last;
  const auto begin = SteadyClock::now();
  const std::string whole = folder.file("whole.emptor");
  REQUIRE(run_and_kill(whole, folder.path() / "files", 600'000'000, last));
  const auto whole_micros = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begin).count();
  const std::vector<std::string> expected = contents(*open_sqlite(whole));
  CHECK(expected.size() > 4000);
  CHECK(last.position > 10);

  Random random(11);
  std::int64_t kills = 0, completed = 0;
  for (int number = 1; kills < most; ++number) {
    const std::string path = folder.file("import" + std::to_string(number) + ".emptor");
    last = {};
    bool done = false;
    for (int round = 0; round < 8 && kills < most && !done; ++round) {
      done = run_and_kill(path, folder.path() / "files",
                          static_cast<long long>(random.below(static_cast<std::uint64_t>(whole_micros))), last);
      if (!done) ++kills;
      CAPTURE(kills);
      check_acknowledged(path, last);
    }
    if (!done) REQUIRE(run_and_kill(path, folder.path() / "files", 600'000'000, last));
    ++completed;
    check_acknowledged(path, last);
    const std::vector<std::string> found = contents(*open_sqlite(path));
    CHECK(found.size() == expected.size());
    CHECK(difference(found, expected) == "");
  }
  std::printf("kills of an import of files: %lld kills, %lld imports completed, %zu records each as undisturbed\n",
              static_cast<long long>(kills), static_cast<long long>(completed), expected.size());
}
