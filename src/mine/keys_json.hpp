/// Keys as JSON: a whole number or a text each.
#pragma once

#include <boost/json.hpp>
#include <optional>

#include "emptor/mine/keys.hpp"

namespace emptor::mine {

/// Requires a number below the size.
inline boost::json::value key_json(const Keys& keys, std::size_t number) {
  if (keys.texts.empty()) return keys.wholes[number];
  return boost::json::value(keys.texts[number]);
}

inline boost::json::array keys_json(const Keys& keys) {
  boost::json::array all;
  for (std::size_t i = 0; i < keys.size(); ++i) all.push_back(key_json(keys, i));
  return all;
}

/// The number of a whole number or text of JSON; nothing where it is no key.
inline std::optional<std::uint32_t> find_key(const Keys& keys, const boost::json::value& key) {
  if (key.is_string()) return keys.find(std::string_view(key.get_string()));
  return key.is_int64() ? keys.find(key.get_int64()) : std::nullopt;
}

}  // namespace emptor::mine
