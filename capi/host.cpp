#include "host.hpp"

#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <string>

#include "argument.hpp"

namespace emptor::capi {
namespace {

Clock clock_in(emptor_clock clock, void* context) {
  if (clock == nullptr) return {};
  return [=] {
    const Instant now{clock(context)};
    if (now.micros == std::numeric_limits<std::int64_t>::min()) throw Error(Code::io, "the host's clock failed");
    return now;
  };
}

Entropy entropy_in(emptor_random random, void* context) {
  if (random == nullptr) return {};
  return [=](std::span<std::byte> bytes) {
    if (random(context, bytes.data(), bytes.size()) == 0)
      throw Error(Code::io, "the host's source of random bytes failed");
  };
}

/// Tasks for a host's threads: exceptions do not reach the host; that of the lowest task comes out at the end.
class HostRound {
 public:
  explicit HostRound(const std::function<void(std::size_t)>& task) : task_(task) {}

  static void run_task(void* round, std::size_t index) { static_cast<HostRound*>(round)->run(index); }

  void finish(std::size_t count) {
    if (failure_) std::rethrow_exception(failure_);
    if (ended_ != count)
      throw Error(Code::misuse, "the host's executor did not run every task once", "run them all before it returns");
  }

 private:
  void run(std::size_t index) noexcept {
    try {
      task_(index);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_ || index < failed_) {
        failure_ = std::current_exception();
        failed_ = index;
      }
    }
    ++ended_;
  }

  const std::function<void(std::size_t)>& task_;
  std::atomic<std::size_t> ended_ = 0;
  std::mutex mutex_;
  std::size_t failed_ = 0;
  std::exception_ptr failure_;
};

Executor executor_in(emptor_executor executor, void* context, std::size_t threads) {
  if (executor == nullptr) return serial_executor();
  const auto run = [=](std::size_t count, const std::function<void(std::size_t)>& task) {
    HostRound round(task);
    executor(context, count, HostRound::run_task, &round);
    round.finish(count);
  };
  return {run, std::max<std::size_t>(threads, 1)};
}

Executor executor_of(const emptor_host& host) {
  if (host.executor != nullptr) return executor_in(host.executor, host.executor_context, host.threads);
  if (host.threads > 1024)
    throw Error(Code::invalid, "more than 1024 threads are asked for", "as many as the machine has are enough");
  return host.threads > 1 ? thread_executor(host.threads) : serial_executor();
}

}  // namespace

Progress progress_in(emptor_progress progress, void* context) {
  if (progress == nullptr) return {};
  return [=](std::string_view stage, std::uint64_t done, std::uint64_t total) {
    return progress(context, std::string(stage).c_str(), done, total) != 0;
  };
}

Log log_in(emptor_log log, void* context, emptor_log_level least) {
  if (least < EMPTOR_LOG_DEBUG || least > EMPTOR_LOG_ERROR)
    throw Error(Code::invalid, "there is no such level of the log");
  if (log == nullptr) return {};
  return [=](LogLevel level, std::string_view line) {
    if (static_cast<emptor_log_level>(level) >= least)
      log(context, static_cast<emptor_log_level>(level), line.data(), line.size());
  };
}

mine::Run run_in(const emptor_host* host) {
  if (host == nullptr) return {};
  const auto given = options_in(host, emptor_host EMPTOR_HOST_INIT);
  return {executor_of(given), progress_in(given.progress, given.progress_context)};
}

SessionOptions session_options(const emptor_session_options& from) {
  SessionOptions options;
  if (from.actor != nullptr) options.actor.name = name_in(from.actor);
  if (from.user < 0) throw Error(Code::invalid, "the id of a user is negative");
  if (from.customer < 0) throw Error(Code::invalid, "the id of a customer is negative");
  options.actor.user = Id{from.user};
  options.actor.customer = Id{from.customer};
  options.accept_clock_jump = from.accept_clock_jump != 0;
  options.clock = clock_in(from.clock, from.clock_context);
  options.entropy = entropy_in(from.random, from.random_context);
  options.executor = executor_in(from.executor, from.executor_context, from.executor_threads);
  options.log = log_in(from.log, from.log_context, from.log_level);
  options.progress = progress_in(from.progress, from.progress_context);
  return options;
}

}  // namespace emptor::capi
