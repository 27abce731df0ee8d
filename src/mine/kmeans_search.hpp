/// One pass of Lloyd's iteration: every row to its nearest centre, and what that changes in the clusters' sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mine/kmeans_exact.hpp"
#include "mine/kmeans_filter.hpp"
#include "mine/kmeans_rows.hpp"

namespace emptor::mine {

/// The image for rows of this range, about where these centres lie.
KmeansFrame frame_for(const KmeansRange& range, const PaddedCentres& centres, bool single);

/// What a pass searches among.
struct KmeansTargets {
  const PaddedCentres& exact;
  KmeansImage image;
  const CentreShells* shells = nullptr;  ///< where centres are chosen by them
  std::vector<const double*> rows;       ///< of `exact`

  KmeansTargets(const PaddedCentres& centres, const KmeansFrame& frame);
  /// Brings shells up to date (on the host's threads) and uses them. The shells must outlive the targets.
  void use_shells(CentreShells& of, const Run& run);
};

/// What one worker has at hand.
template <class T>
class RowSearch {
 public:
  RowSearch(const KmeansTargets& targets, const NumberView& x);

  /// What is known of the rows of a chunk and is brought up to date.
  struct State {
    std::span<std::uint32_t> labels;
    std::span<float> slack;
    bool known = false;  ///< whether labels and slack hold for the centres before the last move
  };
  /// Calls moved(rows, numbers, before, after, count) for at most 64 rows at a time whose labels change (all, where
  /// nothing is known).
  template <class Moved>
  void search(std::size_t first, const State& state, Moved&& moved);

 private:
  template <class Moved>
  void search_in_order(std::size_t first, const State& state, std::size_t count, bool due_only, Moved&& moved);
  template <class Moved>
  void search_by_home(std::size_t first, const State& state, std::size_t count, Moved&& moved);
  template <class Moved, class At>
  void search_tile_of(std::size_t first, const State& state, std::size_t count, At&& at, const std::uint32_t* home,
                      Moved&& moved);
  void settle(const T* row, std::size_t at);
  void group(std::span<const std::uint32_t> labels, std::size_t count);

  const KmeansTargets& targets_;
  RowPack<T> pack_;
  KmeansTile tile_;
  std::vector<std::uint32_t> due_, grouped_, ends_;
  std::vector<double> distances_;
  std::vector<const T*> repeated_;
};

}  // namespace emptor::mine
