// The numbering plans: tables that tools/generate_phone_tables writes, and walks through them.
#pragma once

#include <cstdint>
#include <string_view>

#include "emptor/core/phone.hpp"

namespace emptor::phone {

/// What one region dials. Roots are places in `graph`, or leaves.
struct RegionPlan {
  char region[4];
  char trunk_prefix[3];
  bool transforms;                       ///< a national prefix may keep some of its digits, after `transformed`
  char transformed[5];                   ///< the digits that are put before the kept ones
  std::uint16_t general;                 ///< root: whether this is a national number
  std::uint16_t abroad;                  ///< root: length of the international prefix
  std::uint16_t trunk;                   ///< root: length of the national prefix, and which of its digits are kept
  std::uint8_t code;                     ///< index in `codes`
  std::uint32_t lengths, local_lengths;  ///< bit n: numbers of n digits, within the region and within a town
};

/// What belongs to one country calling code.
struct CodePlan {
  std::uint16_t calling_code;
  std::uint16_t classes;  ///< root: region and kind of a national number
  std::uint8_t first_region, region_count;
};

inline constexpr int code_count = 215;
inline constexpr int region_count = 254;
extern const char* const plan_version;
extern const std::uint16_t graph[];
extern const std::uint64_t digit_slots[];
extern const CodePlan codes[code_count];
extern const RegionPlan regions[region_count];

/// The plan of a region, by its code in any case; nothing for an unknown one.
const RegionPlan* plan_of_region(std::string_view region) noexcept;
const CodePlan& code_of(const RegionPlan& plan) noexcept;
/// The region that stands for a calling code.
const RegionPlan& main_plan(const CodePlan& code) noexcept;

/// The calling code that digits begin with; nothing if there is none.
const CodePlan* leading_code(std::string_view digits) noexcept;

bool is_national_number(const RegionPlan& plan, std::string_view digits) noexcept;
/// Digits of the international prefix that digits begin with; 0 for none.
std::size_t international_prefix(const RegionPlan& plan, std::string_view digits) noexcept;

struct NationalPrefix {
  std::size_t size = 0;                    ///< 0 for none
  std::size_t kept_from = 0, kept_to = 0;  ///< the digits of it that a transformation keeps
};
NationalPrefix national_prefix(const RegionPlan& plan, std::string_view digits) noexcept;

struct NumberClass {
  const RegionPlan* plan = nullptr;  ///< nothing where no region claims the number
  PhoneKind kind = PhoneKind::unknown;
};
NumberClass classify(const CodePlan& code, std::string_view national) noexcept;

/// How a length compares with those that a plan gives out.
enum class LengthFit { possible, too_long, other };
LengthFit length_fit(const RegionPlan& plan, std::size_t digits) noexcept;

}  // namespace emptor::phone
