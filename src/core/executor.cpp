#include "emptor/core/executor.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/process_number.hpp"

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

constexpr int looks_awake = 4'000;  // at a word that another thread writes: some tens of microseconds

inline void rest() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Returns once the word is another than `old`.
void wait_for_change(const std::atomic<unsigned>& word, unsigned old) noexcept {
  for (int look = 0; look < looks_awake; ++look, rest())
    if (word.load(std::memory_order_acquire) != old) return;
  while (word.load(std::memory_order_acquire) == old) word.wait(old);
}

/// Helpers of one executor. They join a round while it is open; who comes late finds nothing to do, and nobody waits
/// for them.
class Crew {
 public:
  explicit Crew(std::size_t helpers) : wanted_(helpers), process_(process_number()) {}
  ~Crew() {
    ending_ = true;
    call();
    for (std::thread& helper : helpers_) process_ == process_number() ? helper.join() : helper.detach();
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void run(std::size_t count, const Task& task) {
    Round round(count, task);
    // A forked child has no helpers; a round within or beside another keeps to its own thread.
    if (count < 2 || process_ != process_number() || busy_.exchange(true)) {
      round.work();
      return round.rethrow();
    }
    start();
    round_ = &round;
    call();
    round.work();
    round_ = nullptr;
    for (unsigned inside = inside_; inside != 0; inside = inside_) wait_for_change(inside_, inside);
    busy_ = false;
    round.rethrow();
  }

 private:
  /// Where the system refuses a thread, those that run do the work.
  void start() noexcept {
    try {
      helpers_.reserve(wanted_);
      while (helpers_.size() < wanted_) helpers_.emplace_back([this] { help(); });
    } catch (const std::exception&) {
      wanted_ = helpers_.size();
    }
  }

  void call() noexcept {
    ++calls_;
    calls_.notify_all();
  }

  // The order matters: a helper is counted before it looks whether a round is open, and a round is closed before its
  // caller looks whether somebody is in it. One of the two sees the other.
  void help() noexcept {
    for (unsigned seen = 0; !ending_;) {
      wait_for_change(calls_, seen);
      seen = calls_;
      ++inside_;
      if (Round* const round = round_) round->work();
      --inside_;
      inside_.notify_all();
    }
  }

  std::size_t wanted_;
  const std::int64_t process_;
  std::vector<std::thread> helpers_;
  std::atomic<bool> busy_ = false, ending_ = false;
  std::atomic<Round*> round_ = nullptr;
  std::atomic<unsigned> calls_ = 0, inside_ = 0;
};

void run_alone(std::size_t count, const Task& task) {
  Round round(count, task);
  round.work();
  round.rethrow();
}

}  // namespace

Executor serial_executor() { return {run_alone, 1}; }

Executor thread_executor(std::size_t threads) {
  if (threads < 2) return serial_executor();
  return {[crew = std::make_shared<Crew>(threads - 1)](std::size_t count, const Task& task) { crew->run(count, task); },
          threads};
}

}  // namespace emptor
