/// Work in pieces on the host's threads, with questions to the host in between.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <string_view>

#include "core/long_call.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

/// How many of run_shares' workers there can be.
inline std::size_t workers_of(const Run& run) noexcept { return std::max<std::size_t>(1, run.executor.threads); }

/// Calls work(piece, worker) for each piece once, in any order and side by side; worker is below workers_of(run) and
/// tells threads apart that run at once. Each takes the next piece, so what a piece does must not depend on who does
/// what. Asks the host to go on between the pieces of the calling thread.
template <class Work>
void run_workers(const Run& run, std::size_t pieces, std::string_view stage, Work&& work) {
  const std::size_t threads = std::max<std::size_t>(1, std::min(run.executor.threads, pieces));
  if (threads == 1) {
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      beat(stage, piece, pieces);
      work(piece, std::size_t{0});
    }
    return;
  }
  beat(stage, 0, pieces);
  std::atomic<std::size_t> next = 0;
  run.executor.run(threads, [&](std::size_t worker) {
    for (std::size_t piece = next++; piece < pieces; piece = next++) {
      beat(stage, piece, pieces);  // asks nothing but in the calling thread
      work(piece, worker);
    }
  });
}

/// The same where a piece does not care who does it.
template <class Work>
void run_shares(const Run& run, std::size_t pieces, std::string_view stage, Work&& work) {
  run_workers(run, pieces, stage, [&](std::size_t piece, std::size_t) { work(piece); });
}

}  // namespace emptor::mine
