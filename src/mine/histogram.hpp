/// Sums of gradients by feature and bin: integers, so that rows may come in any order and on any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/bins.hpp"
#include "mine/column_bundles.hpp"

namespace emptor::mine {

/// Sums over rows: of what is to be explained (g), of weights or second derivatives (h), of rows (n).
struct Sums {
  std::int64_t g = 0, h = 0, n = 0;
  Sums& operator+=(const Sums& other) noexcept {
    g += other.g, h += other.h, n += other.n;
    return *this;
  }
  Sums& operator-=(const Sums& other) noexcept {
    g -= other.g, h -= other.h, n -= other.n;
    return *this;
  }
  friend Sums operator+(Sums a, const Sums& b) noexcept { return a += b; }
  friend Sums operator-(Sums a, const Sums& b) noexcept { return a -= b; }
  friend bool operator==(const Sums&, const Sums&) = default;
};

/// g and h of one row in 64 bits: g * 2^32 + h, with |g| <= 2^16 and 1 <= h <= 2^17, so that sums of
/// `packed_rows` rows keep apart.
inline constexpr std::size_t packed_rows = 16'384;
inline constexpr double packed_magnitude = 65'536;
inline std::uint64_t pack(std::int64_t g, std::int64_t h) noexcept {
  return (static_cast<std::uint64_t>(g) << 32) + static_cast<std::uint64_t>(h);
}
inline std::int64_t packed_g(std::uint64_t packed) noexcept { return static_cast<std::int32_t>(packed >> 32); }
inline std::int64_t packed_h(std::uint64_t packed) noexcept { return static_cast<std::uint32_t>(packed); }

/// What each row adds. Packed alone, or wide: g and h of their own, and rows counted.
struct RowSums {
  std::vector<std::uint64_t> packed;
  std::vector<std::int64_t> g, h;

  bool wide() const noexcept { return packed.empty(); }
  Sums of(std::size_t row) const noexcept {
    if (wide()) return {g[row], h[row], 1};
    return {packed_g(packed[row]), packed_h(packed[row]), 1};
  }
};

/// Where the bins of each feature lie in a histogram: one after the other, the missing one last.
struct HistogramLayout {
  std::vector<std::uint32_t> first;  ///< of each feature; last the size of all
  explicit HistogramLayout(const std::vector<FeatureBins>& features);
  std::size_t size() const noexcept { return first.back(); }
};

/// The sums of one node: packed as rows are, where no more than packed_rows take part in the tree; else each of its
/// own, n of wide rows only.
struct Histogram {
  enum class Form : std::uint8_t { packed, plain, wide };
  std::vector<std::uint64_t> packed;
  std::vector<std::int64_t> g, h, n;

  bool empty() const noexcept { return packed.empty() && g.empty(); }
  Sums at(std::size_t bin) const noexcept {
    if (!packed.empty()) return {packed_g(packed[bin]), packed_h(packed[bin]), packed_h(packed[bin])};
    return {g[bin], h[bin], n.empty() ? h[bin] : n[bin]};
  }
  void reset(std::size_t size, Form form);
  void subtract(const Histogram& other) noexcept;
};

/// The working table of one thread: all 0 but between a count and its flush.
struct HistogramScratch {
  std::vector<std::uint64_t> table;
  Histogram wide;
};

/// Adds rows to a histogram: those at `order` or, where that is null, first, first + 1 ... At most packed_rows rows at
/// once. A thread counts into a scratch of its own; flushing to what others write too is the caller's to guard.
class HistogramBuilder {
 public:
  /// Packed rows are counted by bundles, where there are any.
  HistogramBuilder(const BinnedRows& bins, const ColumnBundles& bundles, const RowSums& sums,
                   const HistogramLayout& layout)
      : bins_(bins), bundles_(bundles), sums_(sums), layout_(layout), bundled_(!sums.wide() && !bundles.empty()) {}

  std::size_t blocks() const noexcept { return (columns() + BinnedRows::block_width - 1) / BinnedRows::block_width; }
  /// Gives a scratch the room that a count needs; what was used before for the same columns stays as it is.
  void prepare(HistogramScratch& scratch) const;
  /// Counts a block of columns into the scratch.
  void count(std::size_t block, const std::uint32_t* order, std::size_t first, std::size_t rows,
             HistogramScratch& scratch) const;
  /// Adds the scratch to the histogram and clears it.
  void flush(std::size_t block, HistogramScratch& scratch, Histogram& to) const;

 private:
  std::size_t columns() const noexcept { return bundled_ ? bundles_.bundles.size() : bins_.features.size(); }
  void flush_bundle(const ColumnBundle& bundle, std::uint64_t* table, Histogram& to) const;
  void count_wide(std::size_t block, const std::uint32_t* order, std::size_t first, std::size_t rows,
                  Histogram& to) const;
  const BinnedRows& bins_;
  const ColumnBundles& bundles_;
  const RowSums& sums_;
  const HistogramLayout& layout_;
  bool bundled_;
};

}  // namespace emptor::mine
