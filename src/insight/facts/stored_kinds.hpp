/// Channels, methods of payment and categories of the lines of a store, with their names.
#pragma once

#include "emptor/insight/facts.hpp"
#include "insight/habits/habit_occasions.hpp"

namespace emptor {

/// In the order of lines_of(facts). The channel is the order's, the method that of the first payment of the order, the
/// category the product's; where no product has one, the line's.
struct StoredKinds {
  LineKinds channel, method, category;
  std::int64_t data_version = 0;  ///< newest version of what they were read from
};
StoredKinds read_kinds(const View& view, const Facts& facts);

}  // namespace emptor
