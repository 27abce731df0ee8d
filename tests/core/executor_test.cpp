#include "emptor/core/executor.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace emptor;

TEST_CASE("executor: every task runs once, for any number of threads") {
  for (const std::size_t threads : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{5}, std::size_t{1'000}}) {
      std::vector<std::atomic<int>> runs(count);
      thread_executor(threads).run(count, [&](std::size_t task) { ++runs[task]; });
      for (const std::atomic<int>& run : runs) REQUIRE(run == 1);
    }
  }
}

TEST_CASE("executor: the serial one runs in order in the calling thread") {
  std::vector<std::size_t> order;
  const std::thread::id caller = std::this_thread::get_id();
  serial_executor().run(4, [&](std::size_t task) {
    CHECK(std::this_thread::get_id() == caller);
    order.push_back(task);
  });
  CHECK(order == std::vector<std::size_t>{0, 1, 2, 3});
  CHECK(serial_executor().threads == 1);
}

TEST_CASE("executor: the exception of the lowest task comes out after all have ended") {
  for (const std::size_t threads : {std::size_t{1}, std::size_t{4}}) {
    std::atomic<int> runs = 0;
    std::string caught;
    try {
      thread_executor(threads).run(50, [&](std::size_t task) {
        ++runs;
        if (task % 10 == 3) throw std::runtime_error(std::to_string(task));
      });
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    CHECK(caught == "3");
    CHECK(runs == 50);
  }
}

TEST_CASE("executor: it can be used again and copied") {
  const Executor first = thread_executor(2);
  const Executor copy = first;
  std::atomic<std::size_t> sum = 0;
  for (int round = 0; round < 20; ++round) copy.run(10, [&](std::size_t task) { sum += task; });
  first.run(10, [&](std::size_t task) { sum += task; });
  CHECK(sum == 21 * 45);
}
