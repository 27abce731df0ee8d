#include "core/phone_plan.hpp"

#include <array>

namespace emptor::phone {
namespace {

constexpr std::uint16_t leaf = 0xF000;
constexpr std::uint16_t has_label = 0x8000;
constexpr std::size_t longest_number = 17;

std::size_t value_of(char digit) { return static_cast<std::size_t>(digit - '0'); }

/// The label that digits end with.
unsigned walk(std::uint16_t root, std::string_view digits) {
  std::uint16_t at = root;
  for (const char digit : digits) {
    if (at >= leaf) break;
    const std::uint16_t head = graph[at];
    const std::size_t targets = (head & has_label) != 0 ? 2 : 1;
    const std::size_t slot = (digit_slots[head & ~has_label] >> (4 * value_of(digit))) & 0xF;
    at = graph[at + targets + slot];
  }
  if (at >= leaf) return at - leaf;
  return (graph[at] & has_label) != 0 ? graph[at + 1] : 0;
}

int letter_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  return c >= 'a' && c <= 'z' ? c - 'a' : -1;
}

constexpr std::uint8_t nothing = 255;

/// Index of each region's plan, by the two letters of its code.
std::array<std::uint8_t, 26 * 26> region_index() {
  std::array<std::uint8_t, 26 * 26> index;
  index.fill(nothing);
  for (std::size_t i = 0; i < region_count; ++i) {
    const int first = letter_of(regions[i].region[0]);
    if (first >= 0)
      index[static_cast<std::size_t>(first * 26 + letter_of(regions[i].region[1]))] = static_cast<std::uint8_t>(i);
  }
  return index;
}

std::array<std::uint8_t, 1000> code_index() {
  std::array<std::uint8_t, 1000> index;
  index.fill(nothing);
  for (std::size_t i = 0; i < code_count; ++i) index[codes[i].calling_code] = static_cast<std::uint8_t>(i);
  return index;
}

}  // namespace

const RegionPlan* plan_of_region(std::string_view region) noexcept {
  static const std::array<std::uint8_t, 26 * 26> index = region_index();
  if (region.size() != 2) return nullptr;
  const int first = letter_of(region[0]);
  const int second = letter_of(region[1]);
  if (first < 0 || second < 0) return nullptr;
  const std::uint8_t found = index[static_cast<std::size_t>(first * 26 + second)];
  return found == nothing ? nullptr : &regions[found];
}

const CodePlan& code_of(const RegionPlan& plan) noexcept { return codes[plan.code]; }

const RegionPlan& main_plan(const CodePlan& code) noexcept { return regions[code.first_region]; }

const CodePlan* leading_code(std::string_view digits) noexcept {
  static const std::array<std::uint8_t, 1000> index = code_index();
  std::size_t code = 0;
  for (std::size_t i = 0; i < digits.size() && i < 3; ++i) {
    code = code * 10 + value_of(digits[i]);
    if (code == 0) return nullptr;
    if (index[code] != nothing) return &codes[index[code]];
  }
  return nullptr;
}

bool is_national_number(const RegionPlan& plan, std::string_view digits) noexcept {
  return walk(plan.general, digits) != 0;
}

std::size_t international_prefix(const RegionPlan& plan, std::string_view digits) noexcept {
  return walk(plan.abroad, digits);
}

NationalPrefix national_prefix(const RegionPlan& plan, std::string_view digits) noexcept {
  const unsigned label = walk(plan.trunk, digits);
  return {label & 0xF, (label >> 4) & 0xF, label >> 8};
}

NumberClass classify(const CodePlan& code, std::string_view national) noexcept {
  const unsigned label = walk(code.classes, national);
  if (label != 0) return {&regions[code.first_region + label / 16 - 1], static_cast<PhoneKind>(label % 16)};
  return {code.region_count == 1 ? &main_plan(code) : nullptr, PhoneKind::unknown};
}

LengthFit length_fit(const RegionPlan& plan, std::size_t digits) noexcept {
  if (digits > longest_number) return LengthFit::too_long;
  if ((plan.local_lengths >> digits & 1) != 0) return LengthFit::other;
  if ((plan.lengths >> digits & 1) != 0) return LengthFit::possible;
  return plan.lengths >> digits == 0 ? LengthFit::too_long : LengthFit::other;
}

}  // namespace emptor::phone
