/// Options and trees as bytes, and options as JSON: each field is named once, in a describe function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/mine/tree.hpp"
#include "mine/model_frame.hpp"

namespace emptor::mine {

/// Appends what it is shown.
class ByteWriter {
 public:
  std::string out;

  template <class T>
  void operator()(const char*, const T& value) {
    write(value);
  }

 private:
  void write(double value) { append_double(out, value); }
  void write(const std::string& text) { append_sized(out, text); }
  template <class T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>) void write(T value) {
    if constexpr (std::is_enum_v<T>) {
      append_varint(out, static_cast<std::uint64_t>(value));
    } else if constexpr (std::is_signed_v<T>) {
      append_zigzag(out, value);
    } else {
      append_varint(out, value);
    }
  }
  template <class T>
  void write(const std::vector<T>& values) {
    append_varint(out, values.size());
    for (const T& value : values) write(value);
  }
};

/// Reads into what it is shown, in the same order. Throws Code::corrupt.
class ByteFiller {
 public:
  explicit ByteFiller(std::string_view bytes) : in_(bytes) {}
  ByteReader& reader() noexcept { return in_; }

  template <class T>
  void operator()(const char*, T& value) {
    read(value);
  }
  /// A count of things of at least one byte each.
  std::size_t count() {
    const std::uint64_t count = in_.varint();
    if (count > in_.left()) throw Error(Code::corrupt, "a model has more parts than bytes");
    return static_cast<std::size_t>(count);
  }
  void done() const {
    if (!in_.done()) throw Error(Code::corrupt, "a model has bytes at its end that say nothing");
  }

 private:
  void read(double& value) { value = read_double(in_); }
  void read(std::string& text) { text = in_.sized(); }
  template <class T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>) void read(T& value) {
    if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
      value = static_cast<T>(in_.zigzag());
    } else {
      value = static_cast<T>(in_.varint());
    }
  }
  template <class T>
  void read(std::vector<T>& values) {
    values.resize(count());
    for (T& value : values) read(value);
  }
  ByteReader in_;
};

/// {"name": value, ...}
class JsonWriter {
 public:
  template <class T>
  void operator()(const char* name, const T& value) {
    out_ += out_.empty() ? "\"" : ",\"";
    out_ += name;
    out_ += "\":";
    write(value);
  }
  std::string text() const { return "{" + out_ + "}"; }

 private:
  void write(double value);
  void write(bool value) { out_ += value ? "true" : "false"; }
  template <class T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>) void write(T value) {
    if constexpr (std::is_enum_v<T>) {
      out_ += std::to_string(static_cast<int>(value));
    } else {
      out_ += std::to_string(value);
    }
  }
  template <class T>
  void write(const std::vector<T>& values) {
    out_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out_ += ',';
      write(values[i]);
    }
    out_ += ']';
  }
  std::string out_;
};

/// The shortest text that reads back as the same number.
std::string number_text(double value);

void append_ensemble(std::string& out, const TreeEnsemble& ensemble);
/// Throws Code::corrupt also for trees that would loop or reach outside themselves.
TreeEnsemble read_ensemble(ByteFiller& in);

}  // namespace emptor::mine
