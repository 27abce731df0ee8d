/// One field's value as a typed view: what rows, queries and batches are made of.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "emptor/core/decimal.hpp"
#include "emptor/core/id.hpp"
#include "emptor/core/time.hpp"

namespace emptor {

enum class Type : std::uint8_t {
  id,       ///< a record's number
  integer,  ///< 64-bit signed
  decimal,  ///< exact, at scale 6
  real,     ///< IEEE double; never money
  boolean,
  text,     ///< UTF-8; an empty text is a missing text
  date,     ///< civil day
  instant,  ///< UTC microseconds
  bytes,    ///< opaque octets (keys)
};

/// "decimal", "instant", ...
std::string_view name_of(Type type) noexcept;

/// A missing value or one of the types above. Text and bytes are not owned: the view is valid as long
/// as what it was made from. Everything but text, bytes and real is one 64-bit integer inside
/// (decimals in micros, dates in days, instants in microseconds).
class Value {
 public:
  constexpr Value() = default;  ///< missing
  constexpr Value(Id id) : bits_(id.value), type_(Type::id), present_(id.value != 0) {}
  constexpr Value(std::int64_t integer) : bits_(integer), type_(Type::integer), present_(true) {}
  constexpr Value(int integer) : Value(static_cast<std::int64_t>(integer)) {}
  Value(Decimal decimal) : bits_(decimal.micros()), type_(Type::decimal), present_(true) {}
  constexpr Value(double real) : bits_(std::bit_cast<std::int64_t>(real)), type_(Type::real), present_(true) {}
  /// Of a bool only: nothing else (a pointer) becomes a truth by accident.
  constexpr Value(std::same_as<bool> auto truth) : bits_(truth), type_(Type::boolean), present_(true) {}
  constexpr Value(Date date) : bits_(date.days), type_(Type::date), present_(true) {}
  constexpr Value(Instant instant) : bits_(instant.micros), type_(Type::instant), present_(true) {}
  constexpr Value(std::string_view text) : Value(text, Type::text) {}
  constexpr Value(const std::string& text) : Value(std::string_view(text)) {}  ///< a view: the text must outlive it
  constexpr Value(const char* text) : Value(std::string_view(text)) {}
  static constexpr Value bytes(std::string_view octets) { return Value(octets, Type::bytes); }
  /// A value of any integer-like type from its 64 bits.
  static constexpr Value of_bits(Type type, std::int64_t bits) {
    Value value;
    value.bits_ = bits;
    value.type_ = type;
    value.present_ = true;
    return value;
  }

  constexpr bool present() const noexcept { return present_; }
  constexpr Type type() const noexcept { return type_; }  ///< meaningful only where present
  constexpr bool is_text() const noexcept { return type_ == Type::text || type_ == Type::bytes; }

  /// The 64 bits of an integer-like or real value. Requires present and not text.
  constexpr std::int64_t bits() const noexcept { return bits_; }
  constexpr Id id() const noexcept { return present_ ? Id{bits_} : no_id; }
  constexpr std::int64_t integer() const noexcept { return bits_; }
  Decimal decimal() const { return Decimal::from_micros(bits_); }
  constexpr std::int64_t micros() const noexcept { return bits_; }
  constexpr double real() const noexcept { return std::bit_cast<double>(bits_); }
  constexpr bool boolean() const noexcept { return bits_ != 0; }
  constexpr Date date() const noexcept { return {static_cast<std::int32_t>(bits_)}; }
  constexpr Instant instant() const noexcept { return {bits_}; }
  /// Empty for a missing value.
  constexpr std::string_view text() const noexcept {
    return present_ ? std::string_view(text_, size_) : std::string_view();
  }

  /// Same type and content, or both missing.
  friend constexpr bool operator==(const Value& a, const Value& b) noexcept {
    if (a.present_ != b.present_) return false;
    if (!a.present_) return true;
    if (a.type_ != b.type_) return false;
    return a.is_text() ? a.text() == b.text() : a.bits_ == b.bits_;
  }

 private:
  constexpr Value(std::string_view text, Type type)
      : text_(text.data()), size_(static_cast<std::uint32_t>(text.size())), type_(type), present_(!text.empty()) {}
  union {
    std::int64_t bits_ = 0;
    const char* text_;
  };
  std::uint32_t size_ = 0;
  Type type_ = Type::integer;
  bool present_ = false;
};
static_assert(sizeof(Value) == 16);

/// The order of values of one type: missing first, numbers by value, text by bytes (which is the order
/// of code points). The same on every store. Returns <0, 0, >0.
int compare(const Value& a, const Value& b) noexcept;

}  // namespace emptor
