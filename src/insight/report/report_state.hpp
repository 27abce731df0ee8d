/// What an insight left in its model's state, read for the report: what is not there is empty, 0 or nothing.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

/// Nothing where the insight has not been run, or its state is no JSON object.
std::optional<boost::json::object> state_of_model(const View& view, std::string_view insight);

std::string text_of(const boost::json::object& object, std::string_view name);
std::vector<boost::json::object> objects_of(const boost::json::object& object, std::string_view name);
/// The object of that name; an empty one without it.
boost::json::object object_of(const boost::json::object& object, std::string_view name);
std::int64_t count_of(const boost::json::object& object, std::string_view name);
std::optional<double> number_of(const boost::json::object& object, std::string_view name);

}  // namespace emptor
