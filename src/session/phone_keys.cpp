#include "emptor/session/phone_keys.hpp"

#include <algorithm>
#include <utility>

#include "emptor/core/phone.hpp"
#include "emptor/core/text.hpp"

namespace emptor {
namespace {

bool is_sure(const PhoneNumber& number) { return number.valid() || number.international(); }

/// Empty where the text gives no digits without a region, or tells its country by itself.
std::string digits_as_written(std::string_view text) {
  const PhoneNumber number = parse_phone(text);
  return std::string(number.state() == PhoneState::local ? number.national() : std::string_view{});
}

void add(std::vector<std::string>& keys, std::string key) {
  if (!key.empty() && std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
}

}  // namespace

bool is_phone_channel(std::string_view channel) noexcept {
  return channel == "phone" || channel == "mobile" || channel == "fax";
}

std::string phone_key(std::string_view text, std::string_view region) {
  const PhoneNumber number = parse_phone(text, region);
  if (is_sure(number)) return std::string(number.e164());
  std::string digits = digits_as_written(text);
  return digits.empty() ? fold(text) : digits;
}

std::vector<std::string> phone_keys(std::string_view text, std::string_view default_region) {
  std::vector<std::string> keys;
  const PhoneNumber number = parse_phone(text, default_region);
  if (number.state() == PhoneState::withheld) return keys;
  if (!is_sure(number)) add(keys, digits_as_written(text));
  if (number.calling_code() != 0) {
    add(keys, std::string(number.e164()));
    add(keys, std::string(trunk_prefix(number.region())).append(number.national()));
    add(keys, std::string(number.national()));
  }
  add(keys, digits_as_written(text));
  add(keys, fold(text));
  return keys;
}

}  // namespace emptor
