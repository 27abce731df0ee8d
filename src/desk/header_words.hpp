// The words of column names, in English, German, Portuguese and Chinese, reduced to concepts:
// "Kundennummer", "customer_id", "CustomerNo" and "客户编号" are all {customer, id}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emptor::desk {

/// A concept is the first word of its line in the vocabulary ("customer"); what no line knows is "?".
using Concepts = std::vector<std::string_view>;

inline constexpr std::string_view unknown_concept = "?";

/// The concepts of a column's or a file's name, in their order, without words that carry nothing ("of",
/// "unit") and without repetitions.
Concepts concepts_of(std::string_view name);

/// A name as words: split at blanks, marks and changes to a capital, folded. "ShipToCity" is ship, to, city.
std::vector<std::string> words_of(std::string_view name);

}  // namespace emptor::desk
