// Digits as they would be dialled, read by the numbering plans: which country, which national number.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/phone_plan.hpp"

namespace emptor::phone {

/// A few digits, kept in place. What does not fit is counted but not kept.
class Digits {
 public:
  Digits() = default;
  explicit Digits(std::string_view digits) { put(digits); }
  void put(char digit) noexcept {
    if (size_ < digits_.size()) digits_[size_] = digit;
    ++size_;
  }
  void put(std::string_view digits) noexcept {
    for (const char digit : digits) put(digit);
  }
  bool overflown() const noexcept { return size_ > digits_.size(); }
  std::size_t size() const noexcept { return size_; }
  std::string_view view() const noexcept { return {digits_.data(), size_ < digits_.size() ? size_ : digits_.size()}; }

 private:
  std::array<char, 60> digits_;  // 3 prefixes and a number, with room: more are no telephone number
  std::size_t size_ = 0;
};

struct Reading {
  const CodePlan* code = nullptr;
  Digits national;
  bool international = false;  ///< the calling code was among the digits
  NumberClass kind;

  bool valid() const noexcept { return kind.kind != PhoneKind::unknown; }
};

inline constexpr std::size_t shortest_national = 2, longest_national = 17;

/// Reads digits that followed a plus sign (`plus`), or were dialled in the region of `home` (may be nothing). Nothing
/// where they lead to no country.
std::optional<Reading> read_digits(std::string_view digits, bool plus, const RegionPlan* home) noexcept;

/// A second look at digits that gave no valid number: international prefixes of other places than home, and prefixes
/// that people still write though the plan has given them up. Nothing unless it is valid then.
std::optional<Reading> read_again(std::string_view digits, bool plus, const RegionPlan* home) noexcept;

}  // namespace emptor::phone
