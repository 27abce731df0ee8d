/// From numbers to the codes of their bins, by a table of buckets and seldom more than one comparison.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "emptor/mine/bins.hpp"

namespace emptor::mine {

class BinCoder {
 public:
  explicit BinCoder(const FeatureBins& bins);

  std::uint8_t code(double value) const noexcept {
    if (value != value) return missing_;
    if (categorical_) return category(value);
    double at = (value - low_) * scale_ + 1;
    at = at < 0 ? 0 : at;
    at = at > buckets - 1 ? buckets - 1 : at;
    std::size_t code = first_[static_cast<std::size_t>(at)];
    while (value > cuts_[code]) ++code;  // the last is infinite
    return static_cast<std::uint8_t>(code);
  }
  bool categorical() const noexcept { return categorical_; }

 private:
  static constexpr std::size_t buckets = 8192;
  std::uint8_t category(double value) const noexcept;

  bool categorical_;
  std::uint8_t missing_;
  double low_ = 0, scale_ = 0;
  std::vector<double> cuts_;
  std::vector<std::uint8_t> first_;  ///< the lowest code of each bucket
};

}  // namespace emptor::mine
