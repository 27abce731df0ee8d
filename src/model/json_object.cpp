#include "model/json_object.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <limits>
#include <utility>

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

namespace json = boost::json;
using Kind = JsonMember::Kind;

/// What the parser calls for each piece it meets. The names are the parser's.
class Collector {
 public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code& failure) {
    if (inside_) return refuse("an object within the object has no place in a record", failure);
    inside_ = true;
    return true;
  }
  bool on_object_end(std::size_t, json::error_code&) { return true; }
  bool on_array_begin(json::error_code& failure) { return refuse("an array has no place in a record", failure); }
  bool on_array_end(std::size_t, json::error_code&) { return true; }

  bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return gather(part); }
  bool on_key(json::string_view part, std::size_t, json::error_code& failure) {
    gather(part);
    const auto same = [this](const JsonMember& each) { return each.name == gathered_; };
    if (std::any_of(members_.begin(), members_.end(), same)) return refuse("a name comes twice", failure);
    members_.emplace_back().name = std::exchange(gathered_, {});
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return gather(part); }
  bool on_string(json::string_view part, std::size_t, json::error_code& failure) {
    gather(part);
    return keep(Kind::text, failure);
  }
  bool on_number_part(json::string_view part, json::error_code&) { return gather(part); }
  bool on_int64(std::int64_t, json::string_view part, json::error_code& failure) { return keep_number(part, failure); }
  bool on_uint64(std::uint64_t, json::string_view part, json::error_code& failure) {
    return keep_number(part, failure);
  }
  bool on_double(double, json::string_view part, json::error_code& failure) { return keep_number(part, failure); }
  bool on_bool(bool truth, json::error_code& failure) {
    gather(truth ? "true" : "false");
    return keep(Kind::boolean, failure);
  }
  bool on_null(json::error_code& failure) { return keep(Kind::null, failure); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  std::vector<JsonMember> take() { return std::move(members_); }
  const std::string& refusal() const { return refusal_; }

 private:
  bool gather(json::string_view part) {
    gathered_.append(part.data(), part.size());
    return true;
  }
  bool keep_number(json::string_view part, json::error_code& failure) {
    gather(part);
    return keep(Kind::number, failure);
  }
  bool keep(Kind kind, json::error_code& failure) {
    if (!inside_) return refuse("a record is a JSON object", failure);
    members_.back().kind = kind;
    members_.back().content = std::exchange(gathered_, {});
    return true;
  }
  bool refuse(std::string why, json::error_code& failure) {
    refusal_ = std::move(why);
    failure = json::error::extra_data;
    return false;
  }

  std::vector<JsonMember> members_;
  std::string gathered_;
  std::string refusal_;
  bool inside_ = false;
};

}  // namespace

std::vector<JsonMember> read_json_object(std::string_view text) {
  json::basic_parser<Collector> parser(json::parse_options{});
  json::error_code failure;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), failure);
  const std::string& refusal = parser.handler().refusal();
  if (!refusal.empty()) throw Error(Code::invalid, refusal);
  if (failure) throw Error(Code::invalid, "this is not JSON: " + failure.message());
  if (read != text.size()) throw Error(Code::invalid, "this is not JSON: something follows the object");
  return parser.handler().take();
}

}  // namespace emptor
