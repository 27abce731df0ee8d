#include "store/keyvalue/key_encoding.hpp"

#include <bit>
#include <cstdint>

#include "emptor/core/error.hpp"

namespace emptor::keyvalue {
namespace {

constexpr std::size_t most_fields = 3;
constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

void append_big_endian(std::string& key, std::uint64_t bits) {
  char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(bits >> (56 - 8 * i));
  key.append(bytes, 8);
}

// Doubles in the order of their values: negative ones have all their bits turned, both zeros are one.
std::uint64_t ordered_bits(double real) {
  const auto bits = std::bit_cast<std::uint64_t>(real == 0 ? 0.0 : real);
  return (bits & sign_bit) != 0 ? ~bits : bits | sign_bit;
}

double real_of(std::uint64_t ordered) {
  return std::bit_cast<double>((ordered & sign_bit) != 0 ? ordered & ~sign_bit : ~ordered);
}

}  // namespace

std::uint64_t index_number(EntityNumber entity, std::span<const FieldNumber> fields) {
  if (fields.size() > most_fields) throw Error(Code::unsupported, "a key of more than three fields");
  std::uint64_t number = entity;
  for (std::size_t i = 0; i < most_fields; ++i) number = number << 16 | (i < fields.size() ? fields[i] + 1u : 0u);
  return number;
}

void append_key(std::string& key, const Value& value, bool more) {
  if (value.is_text()) {
    more ? append_closed(key, value.text()) : void(key.append(value.text()));
  } else if (value.type() == Type::real) {
    append_big_endian(key, ordered_bits(value.real()));
  } else {
    append_big_endian(key, static_cast<std::uint64_t>(value.bits()) ^ sign_bit);
  }
}

void append_escaped(std::string& key, std::string_view bytes) {
  for (const char byte : bytes) {
    key.push_back(byte);
    if (byte == '\0') key.push_back('\1');
  }
}

// The end is below every continuation.
void append_closed(std::string& key, std::string_view bytes) {
  append_escaped(key, bytes);
  key.append(2, '\0');
}

std::optional<char> take_escaped(std::string_view& rest, std::string& bytes) {
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] != '\0') {
      bytes.push_back(rest[i]);
      continue;
    }
    if (++i == rest.size()) return std::nullopt;
    const char second = rest[i];
    if (second != '\1') {
      rest.remove_prefix(i + 1);
      return second;
    }
    bytes.push_back('\0');
  }
  return std::nullopt;
}

bool index_key(const Index& index, Row row, std::string& key) {
  key.clear();
  for (std::size_t i = 0; i < index.fields.size(); ++i) {
    const Value& value = row[index.fields[i]];
    if (!value.present()) return i >= index.needed();
    append_key(key, value, i + 1 < index.fields.size());
  }
  return true;
}

std::optional<std::string> after_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (prefix.empty()) return std::nullopt;
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

std::string just_above(std::string key) {
  key.push_back('\0');
  return key;
}

Value decode_key(Type type, std::string_view key) {
  if (type == Type::text) return Value(key);
  if (type == Type::bytes) return Value::bytes(key);
  std::uint64_t bits = 0;
  for (const char byte : key.substr(0, 8)) bits = bits << 8 | static_cast<unsigned char>(byte);
  if (type == Type::real) return Value(real_of(bits));
  return Value::of_bits(type, static_cast<std::int64_t>(bits ^ sign_bit));
}

}  // namespace emptor::keyvalue
