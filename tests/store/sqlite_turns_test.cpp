#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "store/sqlite/file_lock.hpp"
#include "store/sqlite_place.hpp"

using namespace emptor;
using namespace emptor::test;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;

// Adds one to a setting, as many times as told; the worst wait for a turn is returned.
Steady::duration count_up(Store& store, int times) {
  Steady::duration worst{};
  for (int i = 0; i < times; ++i) {
    const auto begin = Steady::now();
    const auto writer = store.write();
    worst = std::max(worst, Steady::now() - begin);
    const std::string before = writer->setting("count");
    writer->set_setting("count", std::to_string(before.empty() ? 1 : std::stoi(before) + 1));
    writer->commit();
  }
  return worst;
}

pid_t in_child(const auto& work) {
  const pid_t child = fork();
  if (child != 0) return child;
  int status = 1;
  try {
    work();
    status = 0;
  } catch (...) {
  }
  _exit(status);
}

int status_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

}  // namespace

TEST_CASE("file lock: turns are taken in the order of asking") {
  const Place place;
  sqlite::FileLock lock(place.path("lock"));
  auto first = lock.take(1s);
  std::vector<int> order;
  std::vector<std::thread> threads;
  std::atomic<int> asking{0};
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back([&, i] {
      ++asking;
      const auto turn = lock.take(10s);
      order.push_back(i);
    });
    while (asking <= i) std::this_thread::yield();
    std::this_thread::sleep_for(50ms);  // so that each has its ticket before the next asks
  }
  first = {};
  for (std::thread& thread : threads) thread.join();
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("file lock: who waits too long is told so and loses nothing but the place in the queue") {
  const Place place;
  sqlite::FileLock lock(place.path("lock"));
  sqlite::FileLock other(place.path("lock"));
  auto turn = lock.take(1s);
  const auto begin = Steady::now();
  CHECK(code_of([&] { other.take(50ms); }) == Code::busy);
  CHECK(Steady::now() - begin < 5s);
  turn = {};
  CHECK(code_of([&] { other.take(0ms); }) == Code::ok);
}

TEST_CASE("file lock: the turn of a killed process is free at once") {
  const Place place;
  const pid_t child = in_child([&] {
    sqlite::FileLock lock(place.path("lock"));
    const auto turn = lock.take(1s);
    std::ofstream(place.path("held"));
    pause();
  });
  while (!std::filesystem::exists(place.path("held"))) std::this_thread::sleep_for(1ms);
  sqlite::FileLock lock(place.path("lock"));
  CHECK(code_of([&] { lock.take(20ms); }) == Code::busy);
  kill(child, SIGKILL);
  CHECK(WIFSIGNALED(status_of(child)));
  CHECK(code_of([&] { lock.take(5s); }) == Code::ok);
}

TEST_CASE("file lock: a damaged counter is put right") {
  const Place place;
  std::ofstream(place.path("lock")) << std::string(4096, '\xff');
  sqlite::FileLock lock(place.path("lock"));
  { const auto turn = lock.take(1s); }
  CHECK(code_of([&] { lock.take(1s); }) == Code::ok);
}

TEST_CASE("sqlite: [B2] threads and processes on one file lose no update and see no busy error") {
  const Place place;
  place.open();
  constexpr int processes = 3;
  constexpr int times = 150;
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    children.push_back(in_child([&] {
      const auto store = place.open();
      std::thread second([&] { count_up(*store, times); });
      count_up(*store, times);
      second.join();
    }));
  }
  const auto store = place.open();
  const auto worst = count_up(*store, times);
  for (const pid_t child : children) CHECK(status_of(child) == 0);
  CHECK(store->read()->setting("count") == std::to_string((2 * processes + 1) * times));
  MESSAGE("worst wait for a turn among 7 writers: "
          << std::chrono::duration_cast<std::chrono::milliseconds>(worst).count() << " ms");
}

TEST_CASE("sqlite: readers on other threads never see half a commit") {
  const Place place;
  const auto store = place.open();
  std::atomic<bool> stop{false};
  std::atomic<int> looked{0};
  std::thread reading([&] {
    while (!stop) {
      const auto reader = store->read();
      const std::string a = reader->setting("a");
      std::this_thread::yield();
      if (reader->setting("b") != a) looked = -1'000'000;
      ++looked;
    }
  });
  while (looked == 0) std::this_thread::yield();  // a busy machine may let the thread begin after all is written
  for (int i = 0; i < 300; ++i) {
    const auto writer = store->write();
    writer->set_setting("a", std::to_string(i));
    writer->set_setting("b", std::to_string(i));
    writer->commit();
  }
  stop = true;
  reading.join();
  CHECK(looked.load() > 0);
}

TEST_CASE("sqlite: the log stays bounded through many commits, and a reader's snapshot survives them") {
  const Place place;
  const auto store = place.open();
  const std::string text(2000, 'x');
  std::uintmax_t longest = 0;
  auto reader = store->read();
  for (std::int64_t batch = 0; batch < 60; ++batch) {
    const auto writer = store->write();
    for (std::int64_t id = 1; id <= 1000; ++id)
      put_one(*writer, "customer", batch * 1000 + id, {{"notes", Value(text)}});
    writer->commit();
    if (batch == 20) {
      CHECK(ids_of(*reader, {.entity = "customer"}).empty());
      reader.reset();
    }
    if (batch > 20) longest = std::max(longest, std::filesystem::file_size(place.path() + "-wal"));
  }
  CHECK(longest < 100'000'000);  // 120 MB were written; 64 MiB is when a long log is cut off
  CHECK(std::filesystem::file_size(place.path()) > 100'000'000);
  CHECK(ids_of(*store->read(), {.entity = "customer", .fields = {"id"}}).size() == 60'000);
}

TEST_CASE("sqlite: processes that make the same store at once end up with one") {
  const Place place;
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) children.push_back(in_child([&] { count_up(*place.open(), 3); }));
  for (const pid_t child : children) CHECK(status_of(child) == 0);
  CHECK(place.open({})->read()->setting("count") == "12");
}

TEST_CASE("sqlite: what a killed process had committed is there, also for readers that must not touch the file") {
  const Place place;
  place.open();
  const pid_t child = in_child([&] {
    const auto store = place.open();
    count_up(*store, 5);
    const auto writer = store->write();
    writer->set_setting("count", "lost");
    kill(getpid(), SIGKILL);
  });
  CHECK(WIFSIGNALED(status_of(child)));
  for (const char* suffix : {"", "-wal"})
    std::filesystem::copy_file(place.path() + suffix, place.path("copy") + suffix);
  CHECK(open_sqlite(place.path("copy"), {.read_only = true})->read()->setting("count") == "5");
  CHECK(place.open({})->read()->setting("count") == "5");
  count_up(*place.open({}), 1);
}
