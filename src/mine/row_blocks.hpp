/// Rows in blocks on the run's threads, with a beat between turns.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "core/long_call.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

/// Calls work(first, end) for blocks of at most `block` rows (one block should take a few milliseconds at most),
/// several side by side; from the calling thread it beats at least every few blocks.
template <class Work>
void in_blocks(std::size_t rows, std::size_t block, const Run& run, std::string_view stage, Work&& work) {
  const std::size_t blocks = (rows + block - 1) / block;
  const std::size_t threads = std::max<std::size_t>(run.executor.threads, 1);
  if (threads == 1 || blocks < 2) {
    for (std::size_t b = 0; b < blocks; ++b) {
      beat(stage, b * block, rows);
      work(b * block, std::min((b + 1) * block, rows));
    }
    return;
  }
  // Each thread takes a run of blocks, so that threads are started seldom.
  const std::size_t turn = threads * 8;
  for (std::size_t begin = 0; begin < blocks; begin += turn) {
    beat(stage, begin * block, rows);
    const std::size_t here = std::min(turn, blocks - begin);
    const std::size_t tasks = std::min(threads, here);
    run.executor.run(tasks, [&](std::size_t task) {
      for (std::size_t b = here * task / tasks; b < here * (task + 1) / tasks; ++b) {
        work((begin + b) * block, std::min((begin + b + 1) * block, rows));
      }
    });
  }
}

}  // namespace emptor::mine
