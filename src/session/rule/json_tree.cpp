#include "session/rule/json_tree.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <limits>

#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"

namespace emptor {
namespace {

namespace json = boost::json;
using Kind = RuleJson::Kind;

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

  RuleJson take() { return std::move(whole_); }
  bool twice() const { return twice_; }

 private:
  bool gather(json::string_view part) {
    gathered_.append(part.data(), part.size());
    return true;
  }
  bool open(Kind kind) {
    open_.push_back({.kind = kind, .content = {}});
    return true;
  }
  bool close() {
    RuleJson closed = std::move(open_.back());
    open_.pop_back();
    return add(std::move(closed));
  }
  bool keep(Kind kind) { return add({.kind = kind, .content = std::exchange(gathered_, {})}); }
  bool add(RuleJson part) {
    if (open_.empty())
      whole_ = std::move(part);
    else
      open_.back().parts.push_back(std::move(part));
    return true;
  }

  std::vector<RuleJson> open_;
  RuleJson whole_;
  std::string gathered_;
  bool twice_ = false;
};

}  // namespace

const RuleJson* RuleJson::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? nullptr : &parts[static_cast<std::size_t>(found - names.begin())];
}

RuleJson read_rule_json_tree(std::string_view text, std::size_t depth) {
  json::parse_options options;
  options.max_depth = depth;
  json::basic_parser<Collector> parser(options);
  json::error_code failure;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), failure);
  const auto refuse = [&](const std::string& message) {
    throw Error(Code::invalid,
                "at character " + std::to_string(length(truncate(text, read)) + 1) + " of the rule: " + message,
                "see docs/rule.md");
  };
  if (parser.handler().twice()) refuse("a name comes twice in an object");
  if (failure == json::error::too_deep) refuse("the rule has too many lists and objects in each other");
  if (failure) refuse("this is not JSON");
  if (!trim(text.substr(read)).empty()) refuse("something follows the JSON");
  return parser.handler().take();
}

}  // namespace emptor
