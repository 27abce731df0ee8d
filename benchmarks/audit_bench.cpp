// The journal of a file of many small changes: told whole and of one customer, trimmed by half, and verified after.
//
//     audit_bench [ENTRIES]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "emptor/core/random.hpp"
#include "emptor/session/audit.hpp"
#include "emptor/store/open.hpp"

namespace {

using namespace emptor;

template <class Work>
void measure(const char* what, const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  const std::uint64_t done = work();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf("%-36s %10.2f ms  %llu\n", what, seconds * 1e3, static_cast<unsigned long long>(done));
}

// Ten changes a customer, a second apart.
void fill(Store& store, std::int64_t entries) {
  Instant now{1'700'000'000'000'000};
  Session session(store, {.clock = [&] { return now; }});
  Random random(1);
  for (std::int64_t i = 0; i < entries; ++i) {
    now.micros += micros_per_second;
    ChangeSet set;
    if (i % 10 == 0)
      set.put("customer").set("name", "customer " + std::to_string(i)).set("city", "Porto");
    else
      set.put("customer", Id{1 + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(i / 10 + 1)))})
          .set("city", "city " + std::to_string(i));
    session.apply(set);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t entries = argc > 1 ? std::atoll(argv[1]) : 100'000;
  const auto folder = std::filesystem::temp_directory_path() / "emptor-audit";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  {
    const auto store = open_sqlite((folder / "s.emptor").string(), {.create = true, .durability = Durability::off});
    measure("made", [&] {
      fill(*store, entries);
      return static_cast<std::uint64_t>(entries);
    });
    Session session(*store);
    const auto lines = [&](const JournalQuery& query) {
      return export_journal(session.view(), query, [](std::string_view) {});
    };
    measure("exported whole, lines", [&] { return lines({}); });
    measure("one customer's, lines", [&] { return lines({.customer = Id{7}}); });
    const Instant half{1'700'000'000'000'000 + entries / 2 * micros_per_second};
    measure("since the middle, lines", [&] { return lines({.since = half}); });
    measure("trimmed by half, up to",
            [&] { return static_cast<std::uint64_t>(session.trim_journal(half).head.position); });
    measure("verified, entries", [&] { return static_cast<std::uint64_t>(session.verify().entries); });
  }
  std::filesystem::remove_all(folder);
}
