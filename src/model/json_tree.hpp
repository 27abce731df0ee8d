/// JSON as a tree in which a number stays the text that it was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace emptor {

struct JsonTree {
  enum class Kind : std::uint8_t { null, boolean, number, text, array, object };
  Kind kind = Kind::null;
  std::string content = {};             ///< of a scalar: "true", "-1.50e3", the text without quotes and escapes
  std::vector<std::string> names = {};  ///< of an object, each once
  std::vector<JsonTree> parts = {};     ///< elements, or the values of the names

  /// Null where the object has no such name.
  const JsonTree* find(std::string_view name) const noexcept;
};

/// Throws Code::invalid for what is no JSON, for a name that comes twice in an object and for more than `depth` arrays
/// and objects in each other; `read` (if given) is then the byte up to which it was read.
JsonTree read_json_tree(std::string_view json, std::size_t depth, std::size_t* read = nullptr);

}  // namespace emptor
