/// What came of each row of a foreign table: whether the event happened.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "core/arrow_table.hpp"

namespace emptor {

struct PlainTarget {
  std::vector<double> y;             ///< of the rows that say it: 1 for the event
  std::vector<std::uint8_t> marked;  ///< which rows say it
  std::size_t events = 0;
};

/// The event is where a column holds `positive`: a text, a number or a truth. Without it (null) the column must hold 0
/// and 1, or truths. Throws Code::not_found for the column, Code::invalid (field: "positive") where it does not tell
/// the event, and for a column that holds neither numbers nor texts.
PlainTarget plain_target(const ArrowTable& table, const std::string& column, const boost::json::value& positive);

}  // namespace emptor
