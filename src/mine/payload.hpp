/// Lists of numbers in the payload of a model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/varint.hpp"
#include "mine/model_frame.hpp"

namespace emptor::mine {

inline void append_doubles(std::string& out, const std::vector<double>& values) {
  append_varint(out, values.size());
  for (const double value : values) append_double(out, value);
}
/// Throws Code::corrupt where there are fewer bytes than the length asks for.
inline std::vector<double> read_doubles(ByteReader& reader) {
  const std::uint64_t count = reader.varint();
  if (count > reader.left() / 8) throw Error(Code::corrupt, "a list in a model is longer than the model");
  std::vector<double> values(count);
  for (double& value : values) value = read_double(reader);
  return values;
}

template <class T>
void append_whole(std::string& out, const std::vector<T>& values) {
  append_varint(out, values.size());
  for (const T value : values) append_varint(out, static_cast<std::uint64_t>(value));
}
template <class T>
std::vector<T> read_whole(ByteReader& reader) {
  const std::uint64_t count = reader.varint();
  if (count > reader.left()) throw Error(Code::corrupt, "a list in a model is longer than the model");
  std::vector<T> values(count);
  for (T& value : values) {
    const std::uint64_t read = reader.varint();
    value = static_cast<T>(read);
    if (static_cast<std::uint64_t>(value) != read) throw Error(Code::corrupt, "a number in a model is out of range");
  }
  return values;
}

inline void append_texts(std::string& out, const std::vector<std::string>& values) {
  append_varint(out, values.size());
  for (const std::string& value : values) append_sized(out, value);
}
inline std::vector<std::string> read_texts(ByteReader& reader) {
  const std::uint64_t count = reader.varint();
  if (count > reader.left()) throw Error(Code::corrupt, "a list in a model is longer than the model");
  std::vector<std::string> values;
  for (std::uint64_t i = 0; i < count; ++i) values.emplace_back(reader.sized());
  return values;
}

/// What a model must hold to be used; Code::corrupt otherwise.
inline void expect(bool holds) {
  if (!holds) throw Error(Code::corrupt, "the parts of the model do not fit together");
}

}  // namespace emptor::mine
