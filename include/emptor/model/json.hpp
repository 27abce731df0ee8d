/// Records as JSON: an object of the present fields by name.
///
/// Integers, ids and decimals are strings (JSON's numbers lose digits past 2^53), booleans and reals
/// are themselves, dates and instants are ISO 8601 strings.
///
///     {"id":"12","version":"7","name":"Ada","annual_revenue":"12.5","birth_date":"1815-12-10"}
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emptor/model/record.hpp"

namespace emptor {

/// Appends the quoted, escaped form of a text. Requires well-formed UTF-8.
void append_json_text(std::string& json, std::string_view text);
/// Appends one value; `null` for a missing one.
void append_json(std::string& json, const Value& value);
std::string to_json(const Record& record);

/// Sets the fields that an object names; null clears one. Integers, decimals and reals may be numbers
/// too, and are read from their digits as they are written. Throws Code::invalid for what is not such an
/// object or value and Code::not_found for an unknown field, with all problems that were found; the
/// record is then as it was. Returns the fields that were named.
std::vector<FieldNumber> set_from_json(Record& record, std::string_view json);

}  // namespace emptor
