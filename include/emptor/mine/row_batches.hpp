/// A table that is read in batches, as often as a miner asks: what does not fit into memory, or comes from elsewhere.
#pragma once

#include <cstddef>
#include <functional>

#include "emptor/mine/numbers.hpp"

namespace emptor::mine {

/// Called from the calling thread only. What both functions throw passes through the miner.
struct RowBatches {
  std::size_t columns = 0;
  /// Begins again at the first batch. Called before every pass, the first one too.
  std::function<void()> rewind;
  /// Gives the next batch, which stays valid until the next call; false after the last one. Every pass must give
  /// the same rows in the same order (Code::misuse where their number changes); batches may be cut differently and
  /// be empty. Rows without ids are numbered on from batch to batch.
  std::function<bool(TrainingRows&)> next;
};

/// Rows in memory as one batch. The rows must outlive it.
RowBatches one_batch(const TrainingRows& rows);

}  // namespace emptor::mine
