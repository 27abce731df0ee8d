#include "model/json_tree.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <limits>
#include <utility>

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

namespace json = boost::json;
using Kind = JsonTree::Kind;

// What the parser calls for each piece it meets. The names are the parser's.
class Collector {
 public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return open(Kind::object); }
  bool on_object_end(std::size_t, json::error_code&) { return close(); }
  bool on_array_begin(json::error_code&) { return open(Kind::array); }
  bool on_array_end(std::size_t, json::error_code&) { return close(); }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return gather(part); }
  bool on_key(json::string_view part, std::size_t, json::error_code& failure) {
    gather(part);
    std::vector<std::string>& names = open_.back().names;
    twice_ = std::ranges::find(names, gathered_) != names.end();
    names.push_back(std::exchange(gathered_, {}));
    if (twice_) failure = json::error::extra_data;
    return !twice_;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return gather(part); }
  bool on_string(json::string_view part, std::size_t, json::error_code&) { return gather(part) && keep(Kind::text); }
  bool on_number_part(json::string_view part, json::error_code&) { return gather(part); }
  bool on_int64(std::int64_t, json::string_view part, json::error_code&) { return gather(part) && keep(Kind::number); }
  bool on_uint64(std::uint64_t, json::string_view part, json::error_code&) {
    return gather(part) && keep(Kind::number);
  }
  bool on_double(double, json::string_view part, json::error_code&) { return gather(part) && keep(Kind::number); }
  bool on_bool(bool truth, json::error_code&) { return gather(truth ? "true" : "false") && keep(Kind::boolean); }
  bool on_null(json::error_code&) { return keep(Kind::null); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  JsonTree take() { return std::move(whole_); }
  bool twice() const { return twice_; }

 private:
  bool gather(json::string_view part) {
    gathered_.append(part.data(), part.size());
    return true;
  }
  bool open(Kind kind) {
    open_.push_back({.kind = kind});
    return true;
  }
  bool close() {
    JsonTree closed = std::move(open_.back());
    open_.pop_back();
    return add(std::move(closed));
  }
  bool keep(Kind kind) { return add({.kind = kind, .content = std::exchange(gathered_, {})}); }
  bool add(JsonTree part) {
    if (open_.empty())
      whole_ = std::move(part);
    else
      open_.back().parts.push_back(std::move(part));
    return true;
  }

  std::vector<JsonTree> open_;
  JsonTree whole_;
  std::string gathered_;
  bool twice_ = false;
};

}  // namespace

const JsonTree* JsonTree::find(std::string_view name) const noexcept {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? nullptr : &parts[static_cast<std::size_t>(found - names.begin())];
}

JsonTree read_json_tree(std::string_view text, std::size_t depth, std::size_t* read) {
  json::parse_options options;
  options.max_depth = depth;
  json::basic_parser<Collector> parser(options);
  json::error_code failure;
  const std::size_t end = parser.write_some(false, text.data(), text.size(), failure);
  if (read != nullptr) *read = end;
  if (parser.handler().twice()) throw Error(Code::invalid, "a name comes twice");
  if (failure) throw Error(Code::invalid, "this is not JSON: " + failure.message());
  if (end != text.size()) throw Error(Code::invalid, "this is not JSON: something follows the object");
  return parser.handler().take();
}

}  // namespace emptor
