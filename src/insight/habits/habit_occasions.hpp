/// Occasions: the days on which each customer bought, with what is known of how.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "insight/facts/line_details.hpp"

namespace emptor {

/// A kind of each line, by TimedLine::place; empty where the data do not tell it.
struct LineKinds {
  static constexpr std::uint32_t none = LineDetails::none;
  std::vector<std::uint32_t> of;
  std::vector<std::string> names;
};

/// What habits are read from besides the lines. Views.
struct HabitSource {
  CustomerLines lines;
  const LineDetails& details;
  const LineKinds& channel;
  const LineKinds& method;    ///< of payment
  const LineKinds& category;  ///< or what stands for it
  Zone zone;                  ///< of the hours
};

/// All that was bought on one day; its hour, channel and method are those of the first line, its category that of the
/// greatest.
struct Occasion {
  std::int32_t day = 0;
  std::int32_t hour = 0;
  std::uint32_t channel = LineKinds::none, method = LineKinds::none, category = LineKinds::none;
  std::uint32_t lines = 0;
  std::int64_t amount = 0;  ///< micros
};

/// Customers with a purchase, ascending; the occasions of each by day.
struct Occasions {
  std::vector<std::int64_t> customer;
  std::vector<std::size_t> starts{0};  ///< customers + 1
  std::vector<Occasion> all;
  std::vector<std::uint32_t> returned;  ///< lines that were taken back, of each customer

  std::size_t customers() const noexcept { return customer.size(); }
  std::span<const Occasion> of(std::size_t row) const noexcept {
    return std::span(all).subspan(starts[row], starts[row + 1] - starts[row]);
  }
};

/// Up to the day. Linear in lines.
Occasions read_occasions(const HabitSource& source, Purchases purchases, std::int32_t until);
/// What the clock on the wall shows at an instant of the day.
std::int32_t hour_of(std::int64_t at, std::int32_t day, const Zone& zone);

}  // namespace emptor
