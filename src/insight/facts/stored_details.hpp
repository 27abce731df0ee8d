/// What a store knows of line items besides facts: costs, discounts, list prices, brands and categories.
#pragma once

#include "emptor/insight/facts.hpp"
#include "insight/facts/line_details.hpp"

namespace emptor {

/// In the order of lines_of(facts). Costs in another currency are brought to the base one by the rate at which the line
/// was; a line without a cost has its product's, times the quantity. Prices in other currencies than the base are not
/// known.
LineDetails read_line_details(const View& view, const Facts& facts);

}  // namespace emptor
