// What counting reads costs a user who gets one customer after the other, each from a view of its own: with the log off
// and on, and what writing the groups adds.
//
//     read_log_bench [CUSTOMERS]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "emptor/session/read_log.hpp"
#include "emptor/store/open.hpp"

namespace {

using namespace emptor;
using Clock = std::chrono::steady_clock;

double micros_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

void measure(Store& store, const char* what, std::int64_t customers) {
  double reading = 0;
  const auto begin = Clock::now();
  {
    Session session(store, {.actor = {.user = Id{1}, .name = "bench"}});
    for (std::int64_t i = 1; i <= customers; ++i) session.view().get("customer", Id{i});
    reading = micros_since(begin);
  }
  std::printf("%-28s %6.2f us a read, %6.2f with the session's end\n", what, reading / static_cast<double>(customers),
              micros_since(begin) / static_cast<double>(customers));
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t customers = argc > 1 ? std::atoll(argv[1]) : 50'000;
  const auto folder = std::filesystem::temp_directory_path() / "emptor-read-log";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  {
    const auto store = open_sqlite((folder / "s.emptor").string(), {.create = true, .durability = Durability::off});
    Session system(*store);
    ChangeSet set;
    set.put("user").set("name", "Ann");
    for (std::int64_t i = 0; i < customers; ++i) set.put("customer").set("name", "customer " + std::to_string(i));
    system.apply(set);
    for (const char* what : {"off, the first time", "off", "off, again"}) measure(*store, what, customers);
    system.log_reads();
    for (const char* what : {"on, all groups new", "on, all groups there"}) measure(*store, what, customers);
  }
  std::filesystem::remove_all(folder);
}
