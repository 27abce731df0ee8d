#include "emptor/mine/keys.hpp"

#include <algorithm>

#include "mine/keys_archive.hpp"
#include "mine/payload.hpp"

namespace emptor::mine {
namespace {

template <class List, class Key>
std::optional<std::uint32_t> place_of(const List& keys, const Key& key) noexcept {
  const auto found = std::lower_bound(keys.begin(), keys.end(), key);
  if (found == keys.end() || *found != key) return std::nullopt;
  return static_cast<std::uint32_t>(found - keys.begin());
}

template <class List>
bool ascending(const List& keys) {
  return std::adjacent_find(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return !(a < b); }) ==
         keys.end();
}

}  // namespace

std::optional<std::uint32_t> Keys::find(std::int64_t key) const noexcept { return place_of(wholes, key); }
std::optional<std::uint32_t> Keys::find(std::string_view key) const noexcept { return place_of(texts, key); }

void append_keys(std::string& out, const Keys& keys) {
  append_varint(out, keys.wholes.size());
  for (const std::int64_t key : keys.wholes) append_zigzag(out, key);
  append_texts(out, keys.texts);
}

Keys read_keys(ByteReader& reader) {
  Keys keys;
  const std::uint64_t wholes = reader.varint();
  expect(wholes <= reader.left());
  for (std::uint64_t i = 0; i < wholes; ++i) keys.wholes.push_back(reader.zigzag());
  keys.texts = read_texts(reader);
  expect((keys.wholes.empty() || keys.texts.empty()) && ascending(keys.wholes) && ascending(keys.texts));
  return keys;
}

}  // namespace emptor::mine
