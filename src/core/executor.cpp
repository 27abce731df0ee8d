#include "emptor/core/executor.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace emptor {
namespace {

using Task = std::function<void(std::size_t)>;

/// Hands out the numbers of the tasks and keeps the exception of the lowest one that failed.
class Round {
 public:
  Round(std::size_t count, const Task& task) : count_(count), task_(task) {}

  void work() noexcept {
    for (std::size_t number = next_++; number < count_; number = next_++) run(number);
  }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void run(std::size_t number) noexcept {
    try {
      task_(number);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (failure_ && failed_ < number) return;
      failure_ = std::current_exception();
      failed_ = number;
    }
  }

  const std::size_t count_;
  const Task& task_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::size_t failed_ = 0;
  std::exception_ptr failure_;
};

/// Starts up to `helpers` threads; where the system refuses one, those that run do the work.
std::vector<std::thread> start(Round& round, std::size_t helpers) {
  std::vector<std::thread> threads;
  threads.reserve(helpers);
  try {
    while (threads.size() < helpers) threads.emplace_back([&round] { round.work(); });
  } catch (const std::exception&) {
    return threads;
  }
  return threads;
}

void run_on(std::size_t threads, std::size_t count, const Task& task) {
  Round round(count, task);
  std::vector<std::thread> helpers = start(round, std::min(threads, std::max<std::size_t>(count, 1)) - 1);
  round.work();
  for (std::thread& helper : helpers) helper.join();
  round.rethrow();
}

}  // namespace

Executor serial_executor() { return thread_executor(1); }

Executor thread_executor(std::size_t threads) {
  const std::size_t usable = std::max<std::size_t>(threads, 1);
  return {[usable](std::size_t count, const Task& task) { run_on(usable, count, task); }, usable};
}

}  // namespace emptor
