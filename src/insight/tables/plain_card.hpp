/// A scorecard of a table's columns: what a program keeps to score other rows with.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "emptor/mine/scorecard.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/tables/plain_attributes.hpp"

namespace emptor {

struct PlainCard {
  std::string target;
  boost::json::value positive;             ///< the event; null: 1, or true
  std::vector<PlainAttribute> attributes;  ///< in the order of the card's columns
  mine::Scorecard card;
};

/// JSON that says everything; the card itself stands in it as the bytes that `mine::save` gives, in base64.
boost::json::object card_json(const PlainCard& card);
/// The schema of such JSON.
extern const std::string_view card_schema;
/// Throws Code::invalid (field: "card") for what does not fit together, and what loading the card throws.
PlainCard card_of(const boost::json::object& json);

/// A row a bin: attribute, bin, events, others, rate, woe, information, points (nothing where the attribute is not
/// used), use.
NamedTable card_table(const PlainCard& card);
/// What a bin holds: "[26, 35)", "car, radio", "= -9999", "missing".
std::string bin_text(const PlainAttribute& attribute, const mine::ColumnBinning& binning, std::size_t bin);

}  // namespace emptor
