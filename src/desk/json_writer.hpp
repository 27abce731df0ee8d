/// JSON documents written member by member, commas where they belong.
#pragma once

#include <string>
#include <string_view>

#include "emptor/model/json.hpp"

namespace emptor::desk {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  /// Starts a member of the object that is open; what is written next is its value.
  JsonWriter& name(std::string_view name) {
    separate();
    append_json_text(out_, name);
    out_ += ':';
    first_ = true;
    return *this;
  }
  void open(char bracket) {
    separate();
    out_ += bracket;
    first_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    first_ = false;
  }
  void value(const Value& value) {
    separate();
    append_json(out_, value);
    first_ = false;
  }
  /// Text that is JSON already.
  void raw(std::string_view json) {
    separate();
    out_ += json;
    first_ = false;
  }

  /// A member that is left out where the value is missing.
  void member(std::string_view called, const Value& content) {
    if (content.present()) name(called).value(content);
  }

 private:
  void separate() {
    if (!first_) out_ += ',';
    first_ = false;
  }

  std::string& out_;
  bool first_ = true;
};

}  // namespace emptor::desk
