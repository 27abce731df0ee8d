/// The different values of a column, as long as they are few.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mine {

/// Collects different numbers until there are more than `most`. Costs a look a number.
class DistinctValues {
 public:
  explicit DistinctValues(std::size_t most) : most_(most), slots_(2048), used_(2048) {}

  bool few() const noexcept { return values_.size() <= most_; }
  void add(std::span<const double> values) {
    for (std::size_t i = 0; i < values.size() && few(); ++i) add(values[i] + 0.0);  // -0 is 0
  }
  /// In no particular order.
  const std::vector<double>& values() const noexcept { return values_; }

 private:
  void add(double value) {
    std::size_t at = (std::bit_cast<std::uint64_t>(value) * 0x9E37'79B9'7F4A'7C15) >> 53;
    while (used_[at] && slots_[at] != value) at = (at + 1) % slots_.size();
    if (used_[at]) return;
    used_[at] = 1;
    slots_[at] = value;
    values_.push_back(value);
  }

  std::size_t most_;
  std::vector<double> values_;
  std::vector<double> slots_;
  std::vector<char> used_;
};

}  // namespace emptor::mine
