#include "model/json_object.hpp"

#include <utility>

#include "emptor/core/error.hpp"
#include "model/json_tree.hpp"

namespace emptor {
namespace {

constexpr std::size_t deepest = 32;  // what is refused anyway

JsonMember::Kind kind_of(JsonTree::Kind kind) {
  switch (kind) {
    case JsonTree::Kind::null:
      return JsonMember::Kind::null;
    case JsonTree::Kind::boolean:
      return JsonMember::Kind::boolean;
    case JsonTree::Kind::number:
      return JsonMember::Kind::number;
    case JsonTree::Kind::text:
      return JsonMember::Kind::text;
    case JsonTree::Kind::array:
      throw Error(Code::invalid, "an array has no place in a record");
    case JsonTree::Kind::object:
      break;
  }
  throw Error(Code::invalid, "an object within the object has no place in a record");
}

}  // namespace

std::vector<JsonMember> read_json_object(std::string_view text) {
  JsonTree tree = read_json_tree(text, deepest);
  if (tree.kind == JsonTree::Kind::array) kind_of(tree.kind);
  if (tree.kind != JsonTree::Kind::object) throw Error(Code::invalid, "a record is a JSON object");
  std::vector<JsonMember> members(tree.parts.size());
  for (std::size_t i = 0; i < members.size(); ++i)
    members[i] = {std::move(tree.names[i]), kind_of(tree.parts[i].kind), std::move(tree.parts[i].content)};
  return members;
}

}  // namespace emptor
