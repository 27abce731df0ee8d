/// The options of a model as JSON, for whoever reads a saved model without this library.
#pragma once

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace emptor::mine {

/// {"name":value,...}, in the order of the calls.
class OptionsText {
 public:
  OptionsText& number(std::string_view name, double value) {
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    return add(name, std::isfinite(value) ? std::string_view(buffer, static_cast<std::size_t>(end - buffer)) : "null");
  }
  OptionsText& whole(std::string_view name, std::uint64_t value) { return add(name, std::to_string(value)); }
  OptionsText& flag(std::string_view name, bool value) { return add(name, value ? "true" : "false"); }
  /// A word of ours, without anything to escape.
  OptionsText& word(std::string_view name, std::string_view value) { return add(name, '"' + std::string(value) + '"'); }
  std::string text() const { return '{' + text_ + '}'; }

 private:
  OptionsText& add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += ',';
    text_.append(1, '"').append(name).append("\":").append(value);
    return *this;
  }
  std::string text_;
};

}  // namespace emptor::mine
