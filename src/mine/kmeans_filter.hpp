/// Which centre is nearest to a row, in single precision with proven error bounds: certain for nearly every row, and
/// where it is not, it says so.
///
/// Rows and centres are shifted and scaled to a common image near 1, where |x - c|^2 = |x|^2 + 2 (|c|^2 / 2 - x c).
/// The bracket, the score, costs one multiply-add a column. Its error is at most gamma (|c|^2 / 2 + |x| |c|) with
/// gamma = (columns + 6) 2^-24 (Higham, 2002, section 3.1): twice that between the best two scores, and the best is
/// the nearest, whatever arithmetic the processor has. So answers never depend on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mine/kmeans_centres.hpp"

namespace emptor::mine {

inline constexpr std::size_t filter_rows = 64;

/// The centres among which a tile is searched.
struct KmeansCandidates {
  const std::uint32_t* ids = nullptr;  ///< all if null
  std::size_t count = 0;
  const float* home_distance = nullptr;  ///< of each row to a centre h, rounded up; null if all are searched
  float beyond = 0;                      ///< no centre that is left out is nearer to h than this
};

/// Up to 64 rows, by column: the image of the rows and what the search says of them.
struct KmeansTile {
  explicit KmeansTile(std::size_t columns) : lines(columns * filter_rows / 16), by_row(columns * filter_rows) {}

  struct alignas(64) Line {
    float values[16];
  };
  std::vector<Line> lines;                       ///< columns x 64 numbers
  std::vector<float> by_row;                     ///< where 64-bit rows are converted
  alignas(64) float norm[filter_rows];           ///< |x|^2
  alignas(64) float home_distance[filter_rows];  ///< of `measure_home`
  alignas(64) std::uint32_t label[filter_rows];
  alignas(64) float slack[filter_rows];  ///< the label holds while the cluster's `moved` is less
  std::uint64_t uncertain = 0;           ///< bits of the rows whose label must be found exactly

  float* x() noexcept { return lines.data()->values; }
};

/// Takes rows in; `rows` has 64 pointers, the unused last ones repeating a row.
void load_tile(const KmeansImage& image, const float* const* rows, KmeansTile& tile);
void load_tile(const KmeansImage& image, const double* const* rows, KmeansTile& tile);
/// The distance of each of the first `count` rows to one centre, rounded up, and their greatest.
float measure_home(const KmeansImage& image, std::uint32_t home, std::size_t count, KmeansTile& tile);
/// Bits of the first `count` rows whose squared distance to a centre may be less than their limit.
std::uint64_t nearer_rows(const KmeansImage& image, std::uint32_t centre, const float* limits, std::size_t count,
                          KmeansTile& tile);
/// Finds label, slack and uncertain of the first `count` rows.
void search_tile(const KmeansImage& image, const KmeansCandidates& candidates, std::size_t count, KmeansTile& tile);

/// Bits of the places where two lists of at most 64 numbers differ.
std::uint64_t differing(const std::uint32_t* a, const std::uint32_t* b, std::size_t count);

/// The squared distances of one centre to all, as single precision has them.
void distances_between(const KmeansImage& image, std::size_t home, float* out);

/// Writes the indices of the rows that a move of the centres may have given to another cluster: those with
/// !(moved[label] < slack). Returns how many.
std::size_t due_rows(std::span<const std::uint32_t> labels, std::span<const float> slack, const float* moved,
                     std::uint32_t* due);

}  // namespace emptor::mine
