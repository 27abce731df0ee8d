#include "core/phone_reading.hpp"

#include <charconv>

namespace emptor::phone {
namespace {

// The international prefixes of most of the world, longer ones first.
constexpr std::string_view prefixes_abroad[] = {"0011", "00", "011", "010", "009", "810", "119"};

/// A prefix that was dialled before national numbers once.
struct FormerPrefix {
  std::uint16_t calling_code;
  std::string_view digits;
};

// Mexico: long distance, mobile from a fixed line, mobile from abroad, until 2019.
constexpr FormerPrefix former_prefixes[] = {{52, "044"}, {52, "045"}, {52, "01"}, {52, "02"}, {52, "1"}};

Digits without_national_prefix(const RegionPlan& plan, std::string_view digits) {
  const NationalPrefix prefix = national_prefix(plan, digits);
  if (prefix.size == 0) return Digits(digits);
  Digits rest;
  if (plan.transforms && prefix.kept_to != 0) {
    rest.put(std::string_view(plan.transformed));
    rest.put(digits.substr(prefix.kept_from, prefix.kept_to - prefix.kept_from));
  }
  rest.put(digits.substr(prefix.size));
  // A prefix is no prefix where the number was one with it and would be none without.
  const bool needed = is_national_number(plan, digits) && !is_national_number(plan, rest.view());
  return needed ? Digits(digits) : rest;
}

/// The reading of a national number that may still begin with the national prefix.
std::optional<Reading> national_reading(const CodePlan& code, const RegionPlan& plan, std::string_view digits,
                                        bool international) {
  if (digits.size() < shortest_national) return std::nullopt;
  Reading reading{&code, without_national_prefix(plan, digits), international, {}};
  if (length_fit(plan, reading.national.size()) == LengthFit::other) reading.national = Digits(digits);
  if (reading.national.size() < shortest_national || reading.national.size() > longest_national) return std::nullopt;
  reading.kind = classify(code, reading.national.view());
  return reading;
}

std::optional<Reading> after_code(std::string_view digits) {
  if (digits.size() <= shortest_national) return std::nullopt;
  const CodePlan* const code = leading_code(digits);
  if (code == nullptr) return std::nullopt;
  const std::size_t size = code->calling_code < 10 ? 1 : code->calling_code < 100 ? 2 : 3;
  return national_reading(*code, main_plan(*code), digits.substr(size), true);
}

/// Digits of the prefix abroad, if a calling code may follow it: none begins with 0.
std::size_t prefix_abroad(const RegionPlan& home, std::string_view digits) {
  const std::size_t size = international_prefix(home, digits);
  return size < digits.size() && digits[size] == '0' ? 0 : size;
}

/// Home's own calling code, written without a plus sign.
std::optional<Reading> after_own_code(const RegionPlan& home, std::string_view digits) {
  char own[4];
  const std::string_view code(
      own, static_cast<std::size_t>(std::to_chars(own, own + 4, code_of(home).calling_code).ptr - own));
  if (!digits.starts_with(code)) return std::nullopt;
  const Digits rest = without_national_prefix(home, digits.substr(code.size()));
  const bool better = !is_national_number(home, digits) && is_national_number(home, rest.view());
  if (!better && length_fit(home, digits.size()) != LengthFit::too_long) return std::nullopt;
  return national_reading(code_of(home), main_plan(code_of(home)), rest.view(), true);
}

std::optional<Reading> if_valid(std::optional<Reading> reading) {
  return reading && reading->valid() ? reading : std::nullopt;
}

std::optional<Reading> without_former_prefix(std::string_view digits, bool plus, const RegionPlan* home) {
  const std::optional<Reading> first = read_digits(digits, plus, home);
  if (!first) return std::nullopt;
  const std::string_view national = first->national.view();
  for (const FormerPrefix& former : former_prefixes) {
    if (first->code->calling_code != former.calling_code || !national.starts_with(former.digits)) continue;
    const std::string_view rest = national.substr(former.digits.size());
    if (auto again = if_valid(national_reading(*first->code, main_plan(*first->code), rest, first->international)))
      return again;
  }
  return std::nullopt;
}

/// Digits that begin like the prefix for abroad can be a national number (Thailand: 001 800 ...).
std::optional<Reading> at_home(std::string_view digits, const RegionPlan* home) {
  return home == nullptr ? std::nullopt : if_valid(national_reading(code_of(*home), *home, digits, false));
}

std::optional<Reading> after_prefix_abroad(std::string_view digits) {
  for (const std::string_view prefix : prefixes_abroad) {
    if (!digits.starts_with(prefix)) continue;
    if (auto again = if_valid(after_code(digits.substr(prefix.size())))) return again;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Reading> read_digits(std::string_view digits, bool plus, const RegionPlan* home) noexcept {
  if (plus) {
    if (std::optional<Reading> reading = after_code(digits)) return reading;
    if (digits.size() <= shortest_national || leading_code(digits) != nullptr) return std::nullopt;
  }
  if (home == nullptr) return std::nullopt;
  if (const std::size_t size = prefix_abroad(*home, digits)) return after_code(digits.substr(size));
  if (std::optional<Reading> reading = after_own_code(*home, digits)) return reading;
  if (plus) return std::nullopt;
  return national_reading(code_of(*home), *home, digits, false);
}

std::optional<Reading> read_again(std::string_view digits, bool plus, const RegionPlan* home) noexcept {
  if (auto again = without_former_prefix(digits, plus, home)) return again;
  if (plus) return std::nullopt;
  if (auto again = at_home(digits, home)) return again;
  return after_prefix_abroad(digits);
}

}  // namespace emptor::phone
