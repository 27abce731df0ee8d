/// What customers bought, as composition counts it; of facts and of plain tables.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "insight/composition/composition_rows.hpp"
#include "insight/facts/line_details.hpp"

namespace emptor {

struct CompositionSource {
  const CustomerLines& lines;
  const LineDetails& details;
  /// Where a customer stands among the rows; nothing for one who is none of them.
  std::function<std::optional<std::size_t>(std::int64_t customer)> row_of;
  /// The order of line i of the customer who is visited as the n-th.
  std::function<std::int64_t(std::size_t n, std::size_t i, const TimedLine& line)> order_of;
};

/// Adds it to rows of which only the customers are filled in. Returns the day of the first purchase of each, or never.
std::vector<std::int32_t> add_purchases(const CompositionSource& source, const CompositionWindow& window,
                                        CompositionRows& rows);

}  // namespace emptor
