/// The columns of a plain table that tell more of a line: their names among the options, and what they hold.
#pragma once

#include <string>
#include <string_view>

#include "core/option_reader.hpp"
#include "insight/facts/line_details.hpp"
#include "insight/habits/habit_occasions.hpp"
#include "insight/tables/plain_purchases.hpp"

namespace emptor {

/// A schema with the names of these columns in front of its own properties; none has to be there.
std::string with_detail_columns(std::string_view schema);
DetailColumnNames detail_columns(const OptionReader& options);
std::string without_detail_columns(const OptionReader& options);
LineDetails details_of(const PlainPurchases& purchases);
/// A channel, method or category of each line, whether a text or a whole number.
LineKinds kinds_of(const std::vector<std::uint32_t>& of, const Column& names);

}  // namespace emptor
