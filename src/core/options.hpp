/// Options as JSON, checked against the schema that an insight or operation publishes.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "emptor/core/decimal.hpp"

namespace emptor {

/// The options as an object in which every name and value is allowed by the schema. Understands type,
/// enum, minimum, maximum and their exclusive forms, items and properties, which is what our schemas use. Throws
/// Code::invalid with every fault; `field` is the option ("cuts.recency").
boost::json::object checked_options(std::string_view schema, std::string_view options);

/// A number or a text as a decimal, as exactly as it is written. Throws Code::invalid, naming the option.
Decimal decimal_option(const boost::json::value& value, const char* option);

/// The choice that an option names, from texts in the order of an enumeration; the first if it is absent.
/// Requires the schema to have refused any other text.
template <class Choice, std::size_t N>
Choice choice_option(const boost::json::object& options, std::string_view name, const std::string_view (&texts)[N]) {
  const boost::json::value* value = options.if_contains(name);
  for (std::size_t i = 0; value != nullptr && i < N; ++i) {
    if (value->as_string() == texts[i]) return static_cast<Choice>(i);
  }
  return Choice{};
}

}  // namespace emptor
