#include "mine/row_chunks.hpp"

#include <memory>
#include <utility>

#include "core/long_call.hpp"
#include "emptor/mine/row_batches.hpp"

namespace emptor::mine {

RowBatches one_batch(const TrainingRows& rows) {
  struct State {
    TrainingRows rows;
    bool given = false;
  };
  auto state = std::make_shared<State>(State{rows});
  return {.columns = rows.x.columns(),
          .rewind = [state] { state->given = false; },
          .next =
              [state](TrainingRows& out) {
                if (std::exchange(state->given, true)) return false;
                out = state->rows;
                return true;
              }};
}

std::size_t workers_for(const Run& run, std::size_t rows, std::size_t chunk) noexcept {
  return std::clamp<std::size_t>((rows + chunk - 1) / chunk, 1, std::max<std::size_t>(run.executor.threads, 1));
}

void for_chunks(const Run& run, std::string_view stage, std::size_t rows, std::size_t chunk,
                const std::function<void(std::size_t, std::size_t, std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stopped = false;
  const auto task = [&](std::size_t worker) {
    try {
      for (std::size_t first = next.fetch_add(chunk); first < rows && !stopped; first = next.fetch_add(chunk)) {
        work(worker, first, std::min(chunk, rows - first));
        beat(stage, std::min(first + chunk, rows), rows);
      }
    } catch (...) {
      stopped = true;
      throw;
    }
  };
  const std::size_t workers = workers_for(run, rows, chunk);
  if (workers == 1) return task(0);
  run.executor.run(workers, task);
}

}  // namespace emptor::mine
