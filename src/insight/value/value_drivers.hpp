/// What a customer goes by when buying: deals, brands, price levels. Indices, each with the data it needs.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "insight/facts/line_details.hpp"

namespace emptor {

enum class ValueDriver : std::uint8_t {
  deal_proneness,     ///< share of the purchased lines that were bought at a discount, 0 to 1
  brand_sensitivity,  ///< how much more often two lines are of one brand than two of any customers: 0 as all, 1 always
  price_level,        ///< mean place of the unit price among those of the category, 0 cheapest to 1; .5 is the median
};
inline constexpr std::size_t value_driver_count = 3;
inline constexpr std::array<std::string_view, value_driver_count> value_driver_names = {
    "deal_proneness", "brand_sensitivity", "price_level"};

struct ValueDrivers {
  std::array<std::vector<double>, value_driver_count> of;  ///< empty where the data do not allow it; NaN of a customer
  std::array<std::string, value_driver_count> lack;        ///< what it would need, where it is empty
  std::string deals_by, brands_by;                         ///< "discount" or "list_price"; "brand" or "category"
};

/// Of these customers (ascending), from purchases up to the day.
///
/// A line is a deal where it has a discount; in data that carry none, where its unit price is 1 % or more below the
/// list price. Brand sensitivity is the chance that two different lines of the customer are of one brand (Simpson,
/// Nature 163 (1949), 688, without bias for few lines), set to 0 at that of any two lines and to 1 at certainty; where
/// no line has a brand, of categories. It needs two lines.
ValueDrivers measure_drivers(const CustomerLines& lines, const LineDetails& details,
                             std::span<const std::int64_t> customers, Date day, Purchases purchases);

}  // namespace emptor
