#include "mine/kmeans_centres.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mine/kmeans_filter.hpp"

namespace emptor::mine {

PaddedCentres::PaddedCentres(std::span<const double> dense, std::size_t width)
    : PaddedCentres(dense.size() / width, width) {
  for (std::size_t cluster = 0; cluster < k; ++cluster) {
    std::copy_n(dense.begin() + static_cast<std::ptrdiff_t>(cluster * width), width, row(cluster));
  }
}

std::vector<double> PaddedCentres::dense() const {
  std::vector<double> out;
  out.reserve(k * columns);
  for (std::size_t cluster = 0; cluster < k; ++cluster) out.insert(out.end(), row(cluster), row(cluster) + columns);
  return out;
}

KmeansImage::KmeansImage(const KmeansFrame& frame, const PaddedCentres& exact)
    : k(exact.k),
      columns(exact.columns),
      shift(frame.shift),
      scaled_shift(columns),
      factor(frame.factor),
      centres(k * columns),
      half_norms(k),
      moved(k) {
  for (std::size_t i = 0; i < columns; ++i) scaled_shift[i] = single(shift[i] * factor);
  double greatest = 0;
  for (std::size_t cluster = 0; cluster < k; ++cluster) {
    double norm = 0;
    for (std::size_t i = 0; i < columns; ++i) {
      const double value = (exact.row(cluster)[i] - shift[i]) * factor;
      centres[cluster * columns + i] = single(value);
      norm += value * value;
    }
    half_norms[cluster] = single(norm / 2);
    greatest = std::max(greatest, norm);
  }
  radius = single(std::sqrt(greatest)) * (1 + 0x1p-20F);
  const double rounding = (static_cast<double>(columns) + 6) * 0x1p-24;
  gamma = rounding < 0.1 ? static_cast<float>(rounding / (1 - rounding)) : std::numeric_limits<float>::infinity();
}

CentreShells::CentreShells(std::size_t k)
    : k_(k), measured_(k, -1.0F), ids_(k * k), ends_(k * shells), least_(k), width_(k) {}

namespace {

/// Distances of one centre to all, none of them too great.
void distances_from(const KmeansImage& image, std::size_t home, float* out) {
  distances_between(image, home, out);
  // The centres of the image stand 2^-24 of their length from where they are, on both sides.
  const float loose = image.radius * 0x1p-22F;
  const float relative = 1 - 2 * image.gamma;
  for (std::size_t other = 0; other < image.k; ++other) {
    out[other] = std::max(std::sqrt(out[other]) * relative - loose, 0.0F);
  }
}

}  // namespace

void CentreShells::refresh(const KmeansImage& image, std::size_t first, std::size_t last) {
  for (std::size_t home = first; home < last; ++home) {
    const float moved = image.moved[home] - measured_[home];
    // A shell or so of doubt costs less than measuring all distances.
    if (measured_[home] < 0 || !(moved <= 2 * width_[home])) rebuild(image, home);
  }
}

void CentreShells::rebuild(const KmeansImage& image, std::size_t home) {
  std::vector<float> distance(k_);
  std::vector<std::uint8_t> shell(k_);
  measured_[home] = image.moved[home];
  distances_from(image, home, distance.data());
  float least = std::numeric_limits<float>::infinity(), greatest = 0;
  for (std::size_t other = 0; other < k_; ++other) {
    if (other == home) continue;
    least = std::min(least, distance[other]);
    greatest = std::max(greatest, distance[other]);
  }
  if (!(greatest < std::numeric_limits<float>::infinity())) least = greatest = 0;  // all in the first shell
  least_[home] = least;
  width_[home] = greatest > least ? (greatest - least) / (shells - 2) : 1;
  const float scale = 1 / width_[home];
  std::uint32_t* ends = ends_.data() + home * shells;
  std::fill_n(ends, shells, 0);
  for (std::size_t other = 0; other < k_; ++other) {
    const float at = (distance[other] - least) * scale;
    // What is no number stands in the first shell, which nobody passes over.
    shell[other] = other != home && at > 0 ? static_cast<std::uint8_t>(std::min(at, float{shells - 1})) : 0;
    ++ends[shell[other]];
  }
  std::uint32_t sum = 0;
  std::uint32_t begins[shells];
  for (std::size_t i = 0; i < shells; ++i) {
    begins[i] = sum;
    sum += ends[i];
    ends[i] = sum;
  }
  std::uint32_t* ids = ids_.data() + home * k_;
  for (std::size_t other = 0; other < k_; ++other) ids[begins[shell[other]]++] = static_cast<std::uint32_t>(other);
}

CentreShells::Near CentreShells::within(std::uint32_t home, float distance, float moved) const noexcept {
  const std::uint32_t* ids = ids_.data() + home * k_;
  const float doubt = (moved - measured_[home]) * (1 + 0x1p-20F) + moved * 0x1p-22F;
  const float at = (distance + doubt - least_[home]) / width_[home];
  if (!(at < shells - 2)) return {ids, k_, std::numeric_limits<float>::infinity()};
  // One shell more than asked for makes good what the division rounds.
  const std::size_t last = static_cast<std::size_t>(std::max(at, 0.0F)) + 1;
  const float edge = least_[home] + static_cast<float>(last) * width_[home];
  return {ids, ends_[home * shells + last], edge * (1 - 0x1p-20F) - doubt};
}

}  // namespace emptor::mine
