/// The values at given ranks of many numbers, exactly, without sorting them all: numbers are counted in buckets first,
/// then only those buckets are kept that hold a rank. Both passes may take the numbers in any order and split.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mine {

class OrderStatistics {
 public:
  /// Buckets are laid where the sample lies; a poor sample costs time, never exactness.
  explicit OrderStatistics(std::vector<double> sample);

  void count(std::span<const double> values);  ///< the first pass
  /// Between the passes: which ranks (of the sorted numbers, from 0) will be asked for.
  void want(std::span<const std::uint64_t> ranks);
  void collect(std::span<const double> values);  ///< the second pass, over the same numbers
  /// The numbers at the ranks. Called once, last.
  std::vector<double> at_ranks();

  std::uint64_t size() const noexcept { return size_; }

 private:
  static constexpr std::size_t buckets = 8192;
  std::size_t bucket_of(double value) const noexcept {
    // Subtraction, product and cut are monotone, so buckets are in the order of their numbers.
    double at = (value - low_) * scale_ + 1;
    at = at < 0 ? 0 : at;
    at = at > buckets - 1 ? buckets - 1 : at;
    return static_cast<std::size_t>(at);
  }

  double low_ = 0, scale_ = 0;
  std::uint64_t size_ = 0;
  std::vector<std::uint64_t> counts_;
  std::vector<std::uint64_t> before_;  ///< numbers in lower buckets
  std::vector<std::uint64_t> ranks_;
  std::vector<std::int32_t> slot_;  ///< of wanted buckets; -1 for others
  std::vector<std::vector<double>> kept_;
};

}  // namespace emptor::mine
