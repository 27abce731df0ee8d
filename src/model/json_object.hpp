/// A flat JSON object as its members, each scalar with the text in which it was written.
///
/// A tree of JSON values would turn numbers into doubles and lose digits of decimals and reals; here a
/// number stays the text that it was.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emptor {

struct JsonMember {
  enum class Kind { null, boolean, number, text };
  std::string name;
  Kind kind = Kind::null;
  std::string content;  ///< "true", "-1.50e3" as written, or the text without quotes and escapes
};

/// The members in their order. Throws Code::invalid for what is not one JSON object, for a name that
/// comes twice and for an object or array within it.
std::vector<JsonMember> read_json_object(std::string_view json);

}  // namespace emptor
