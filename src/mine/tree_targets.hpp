/// What trees that are grown node by node add up: sums are arrays of `stride` integers, a bin's as a node's.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/elementary.hpp"

namespace emptor::mine {

/// Two classes without weights: rows in the upper half of one integer, those of class 1 in the lower.
struct PairTarget {
  struct Item {
    std::uint32_t row;
    std::uint16_t rows, ones;  ///< how often it was drawn, and so often with class 1
  };
  bool entropy = false;

  static constexpr std::size_t stride() noexcept { return 1; }
  static constexpr std::size_t outputs() noexcept { return 1; }
  static void add(std::int64_t* to, const Item& item) noexcept {
    *to += static_cast<std::int64_t>(std::uint64_t{item.rows} << 32 | item.ones);
  }
  static std::int64_t rows(const std::int64_t* sums) noexcept { return *sums >> 32; }
  static double weight(const std::int64_t* sums) noexcept { return static_cast<double>(*sums >> 32); }
  static double mean(const std::int64_t* sums) noexcept { return ones(sums) / weight(sums); }
  double score(const std::int64_t* sums) const noexcept {
    const double h = weight(sums), g = ones(sums);
    if (h == 0) return 0;
    if (!entropy) return 2 * g * g / h;
    return x_log_x(g) + x_log_x(h - g) - x_log_x(h);
  }
  static void values(const std::int64_t* sums, double* out) noexcept { *out = mean(sums); }

 private:
  static double ones(const std::int64_t* sums) noexcept { return static_cast<double>(*sums & 0xFFFF'FFFF); }
  static double x_log_x(double x) noexcept { return x > 0 ? x * elementary::log(x) : 0; }
};

/// Numbers, or two classes with weights: sums of g, h and rows.
struct NumberTarget {
  struct Item {
    std::uint32_t row, rows;
    std::int64_t g, h;
  };
  double g_unit = 1, h_unit = 1;
  double factor = 1;  ///< of gains; 2 for Gini
  bool entropy = false;

  static constexpr std::size_t stride() noexcept { return 3; }
  static constexpr std::size_t outputs() noexcept { return 1; }
  static void add(std::int64_t* to, const Item& item) noexcept {
    to[0] += item.g;
    to[1] += item.h;
    to[2] += item.rows;
  }
  static std::int64_t rows(const std::int64_t* sums) noexcept { return sums[2]; }
  double weight(const std::int64_t* sums) const noexcept { return static_cast<double>(sums[1]) * h_unit; }
  double mean(const std::int64_t* sums) const noexcept {
    return static_cast<double>(sums[0]) * g_unit / (static_cast<double>(sums[1]) * h_unit);
  }
  double score(const std::int64_t* sums) const noexcept {
    const auto g = static_cast<double>(sums[0]), h = static_cast<double>(sums[1]);
    if (h == 0) return 0;
    if (!entropy) return g * g / h * (factor * g_unit * g_unit / h_unit);
    return (x_log_x(g) + x_log_x(h - g > 0 ? h - g : 0) - x_log_x(h)) * h_unit;
  }
  void values(const std::int64_t* sums, double* out) const noexcept { *out = mean(sums); }

 private:
  static double x_log_x(double x) noexcept { return x > 0 ? x * elementary::log(x) : 0; }
};

/// Three classes or more: weights by class, then rows.
struct ClassTarget {
  struct Item {
    std::uint32_t row;
    std::uint16_t rows, y;
    std::int64_t weight;
  };
  std::size_t classes = 3;
  double unit = 1;  ///< of weights
  bool entropy = false;

  std::size_t stride() const noexcept { return classes + 1; }
  std::size_t outputs() const noexcept { return classes; }
  void add(std::int64_t* to, const Item& item) const noexcept {
    to[item.y] += item.weight;
    to[classes] += item.rows;
  }
  std::int64_t rows(const std::int64_t* sums) const noexcept { return sums[classes]; }
  double weight(const std::int64_t* sums) const noexcept { return static_cast<double>(whole(sums)) * unit; }
  /// By what categories are put in order: the share of the first class.
  double mean(const std::int64_t* sums) const noexcept {
    return static_cast<double>(sums[0]) / static_cast<double>(whole(sums));
  }
  double score(const std::int64_t* sums) const noexcept {
    const auto all = static_cast<double>(whole(sums));
    if (all == 0) return 0;
    double sum = 0;
    for (std::size_t k = 0; k < classes; ++k) {
      const auto own = static_cast<double>(sums[k]);
      sum += entropy ? x_log_x(own) : own * own / all;
    }
    return (entropy ? sum - x_log_x(all) : sum) * unit;
  }
  void values(const std::int64_t* sums, double* out) const noexcept {
    const auto all = static_cast<double>(whole(sums));
    for (std::size_t k = 0; k < classes; ++k) out[k] = static_cast<double>(sums[k]) / all;
  }

 private:
  std::int64_t whole(const std::int64_t* sums) const noexcept {
    std::int64_t all = 0;
    for (std::size_t k = 0; k < classes; ++k) all += sums[k];
    return all;
  }
  static double x_log_x(double x) noexcept { return x > 0 ? x * elementary::log(x) : 0; }
};

}  // namespace emptor::mine
