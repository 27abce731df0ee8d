/// What is known of line items besides who, when and how much: costs, discounts, prices, brands and categories; and
/// what the lines earn by them.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "insight/facts/customer_lines.hpp"

namespace emptor {

/// Columns by TimedLine::place; an empty one is of something that the data do not tell at all.
struct LineDetails {
  static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min();
  static constexpr std::uint32_t none = static_cast<std::uint32_t>(-1);

  std::vector<std::int64_t> cost;        ///< of the line, micros of the base currency
  std::vector<std::int64_t> discount;    ///< share that was taken off, micros
  std::vector<std::int64_t> list_price;  ///< of one unit, micros
  std::vector<std::uint32_t> brand, category;
  std::int64_t data_version = 0;  ///< newest version of what they were read from besides the lines
};

/// What a line earns: its margin where nearly all lines have a cost, else its amount.
class Earnings {
 public:
  /// The share of the purchases' amount that must have a cost.
  static constexpr double least_known = 0.9;

  /// Lines without a cost earn the rate of the others up to `first_day`, so that nothing later enters a past day.
  Earnings(const CustomerLines& lines, const LineDetails& details, Purchases purchases, Date first_day);

  bool by_margin() const noexcept { return rate_.has_value(); }
  double known() const noexcept { return known_; }  ///< share of the purchases' amount that has a cost
  std::int64_t of(const TimedLine& line) const;

 private:
  const LineDetails& details_;
  double known_ = 0;
  std::optional<std::int64_t> rate_;  ///< micros earned of a unit of amount
};

}  // namespace emptor
