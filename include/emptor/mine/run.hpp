/// How a miner runs: on whose threads, and whom it asks whether to go on.
#pragma once

#include "emptor/core/executor.hpp"
#include "emptor/core/progress.hpp"

namespace emptor::mine {

/// The last argument of every fit. The result never depends on it: the same bits for any number of threads.
struct Run {
  Executor executor = serial_executor();
  Progress progress = {};  ///< asked from the calling thread; stopping throws Code::cancelled
};

}  // namespace emptor::mine
