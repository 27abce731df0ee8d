/// Where parallel work runs. The library starts no thread unless the host hands it an executor.
#pragma once

#include <cstddef>
#include <functional>

namespace emptor {

/// Runs task(0) ... task(count - 1), in any order, possibly side by side, and returns when all have
/// ended. An exception of a task is rethrown after that (the one of the lowest index).
struct Executor {
  std::function<void(std::size_t count, const std::function<void(std::size_t)>& task)> run;
  std::size_t threads = 1;  ///< how many tasks can usefully run at once
};

/// Runs every task in the calling thread.
Executor serial_executor();
/// The calling thread and up to `threads` - 1 helpers. They are started with the first call that needs them, wait
/// between calls (awake for some microseconds, for rounds follow each other quickly, then asleep), and end with the
/// last copy of the executor. A call beside another on the same executor, or from within one, runs on its caller alone.
Executor thread_executor(std::size_t threads);

}  // namespace emptor
