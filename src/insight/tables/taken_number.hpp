/// A number among the options of an insight.
#pragma once

#include <boost/json.hpp>
#include <string_view>

namespace emptor {

/// Takes it where it is given. Requires the schema to have refused what does not fit.
template <class Number>
void take_number(const boost::json::object& options, std::string_view name, Number& into) {
  if (const boost::json::value* given = options.if_contains(name)) into = given->to_number<Number>();
}

}  // namespace emptor
