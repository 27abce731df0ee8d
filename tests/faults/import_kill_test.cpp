// An import of files, killed at random moments: every commit that was acknowledged is in the journal with
// the hash it had, at most one more is, records and derived records agree with it, and the import run
// again ends in what an undisturbed one ends in. EMPTOR_KILLS sets how often (the full run is 200).
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "emptor/desk/import.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"
#include "support/acknowledging_store.hpp"
#include "support/child_process.hpp"
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
    orders << 'N' << i / 3 << ",C" << i / 3 * 7 % 600 + 1 << ",2024-0" << i / 3 % 9 + 1 << "-11,Tea " << i % 40 << ','
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

// Everything that is kept, but for numbers (which tell the order of writing), sorted.
std::vector<std::string> contents(Store& store) {
  std::vector<std::string> texts;
  Session session(store);
  const View view = session.view();
  for (const Entity& entity : view.schema().entities()) {
    if (entity.keeping == Keeping::system) continue;
    for (const Record& record : view.select({.entity = entity.name, .limit = 1'000'000})) {
      std::string text = entity.name;
      for (const Field& field : entity.fields) {
        const Value& value = record[field.number];
        if (field.number < system_field::count || !value.present() || field.name == "source_key") continue;
        text += "|" + field.name + "=";
        if (field.type == Type::id) continue;
        text += value.is_text() ? std::string(value.text()) : std::to_string(value.bits());
      }
      texts.push_back(std::move(text));
    }
  }
  std::sort(texts.begin(), texts.end());
  return texts;
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
    const auto [other, meant] = std::mismatch(found.begin(), found.end(), expected.begin(), expected.end());
    const std::string is = other == found.end() ? "" : *other, should_be = meant == expected.end() ? "" : *meant;
    CAPTURE(is);
    CAPTURE(should_be);
    CHECK(found.size() == expected.size());
    CHECK((other == found.end() && meant == expected.end()));
  }
  std::printf("kills of an import of files: %lld kills, %lld imports completed, %zu records each as undisturbed\n",
              static_cast<long long>(kills), static_cast<long long>(completed), expected.size());
}
