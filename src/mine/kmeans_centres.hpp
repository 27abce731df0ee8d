/// The centres of a pass: exact, in single precision, and how far apart they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace emptor::mine {

inline constexpr std::size_t lane_multiple = 8;
constexpr std::size_t padded(std::size_t columns) noexcept {
  return (columns + lane_multiple - 1) / lane_multiple * lane_multiple;
}

/// In single precision; infinite where that has no such number.
inline float single(double value) noexcept {
  constexpr double greatest = std::numeric_limits<float>::max();
  if (value > greatest) return std::numeric_limits<float>::infinity();
  if (value < -greatest) return -std::numeric_limits<float>::infinity();
  return static_cast<float>(value);
}

/// k x padded(columns) numbers; what pads a row is 0.
struct PaddedCentres {
  std::size_t k = 0, columns = 0;
  std::vector<double> values;

  PaddedCentres() = default;
  PaddedCentres(std::size_t count, std::size_t width) : k(count), columns(width), values(count * padded(width)) {}
  PaddedCentres(std::span<const double> dense, std::size_t width);

  double* row(std::size_t cluster) noexcept { return values.data() + cluster * padded(columns); }
  const double* row(std::size_t cluster) const noexcept { return values.data() + cluster * padded(columns); }
  std::vector<double> dense() const;
  friend bool operator==(const PaddedCentres&, const PaddedCentres&) = default;
};

/// Where the image of the single-precision search lies: x' = (x - shift) factor.
struct KmeansFrame {
  std::vector<double> shift;  ///< a number of single precision for each column
  double factor = 1;          ///< a power of two
};

/// The centres in single precision.
struct KmeansImage {
  std::size_t k = 0, columns = 0;
  std::vector<double> shift;        ///< as in the frame
  std::vector<float> scaled_shift;  ///< shift x factor
  double factor = 1;
  std::vector<float> centres;     ///< k x columns
  std::vector<float> half_norms;  ///< |c|^2 / 2
  float radius = 0;               ///< the greatest |c|, rounded up
  float gamma = 0;                ///< see kmeans_filter.hpp
  std::vector<float> moved;       ///< how far each cluster's bounds have come, rounded up

  KmeansImage(const KmeansFrame& frame, const PaddedCentres& exact);
  const float* centre(std::size_t cluster) const noexcept { return centres.data() + cluster * columns; }
};

/// For each centre the others in shells of distance, the nearest shells first.
class CentreShells {
 public:
  static constexpr std::size_t shells = 64;

  explicit CentreShells(std::size_t k);
  /// Measures anew those of the centres [first, last) about which much has moved.
  void refresh(const KmeansImage& image, std::size_t first, std::size_t last);

  struct Near {
    const std::uint32_t* ids;
    std::size_t count;
    float beyond;
  };
  /// `moved` is the image's, of `home`: since its shells were measured, no distance has changed by more than it has.
  /// Every centre that may be nearer to `home` than `distance` (`home` itself among them), and a distance within which
  /// no other lies.
  Near within(std::uint32_t home, float distance, float moved) const noexcept;

 private:
  void rebuild(const KmeansImage& image, std::size_t home);

  std::size_t k_;
  std::vector<float> measured_;       ///< what `moved` was when the shells of a centre were measured
  std::vector<std::uint32_t> ids_;    ///< k x k
  std::vector<std::uint32_t> ends_;   ///< k x shells: how many ids until the end of each shell
  std::vector<float> least_, width_;  ///< of each centre's shells
};

}  // namespace emptor::mine
