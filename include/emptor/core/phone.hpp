/// Telephone numbers in any notation, understood by the numbering plans of the world.
#pragma once

#include <cstdint>
#include <string_view>

namespace emptor {

/// How far a text was understood.
enum class PhoneState : std::uint8_t {
  none,       ///< no telephone number
  withheld,   ///< the caller hides it: empty, "anonymous", "private", +266696687 ...
  local,      ///< digits, but of which country is not known; `national` holds them as they were written
  unplanned,  ///< of a known country, but its numbering plan gives out no such number
  valid       ///< given out by the numbering plan of its country
};

/// What a valid number is for, as its numbering plan tells.
enum class PhoneKind : std::uint8_t {
  unknown,
  fixed_line,
  mobile,
  fixed_or_mobile,  ///< the plan does not tell these apart (North America)
  toll_free,
  premium_rate,
  shared_cost,
  voip,
  personal,
  pager,
  company,  ///< one number for all places of a company (UAN)
  voicemail
};

/// "fixed_line", "toll_free" ...
std::string_view name_of(PhoneKind kind) noexcept;
/// "none", "withheld", "local", "unplanned", "valid".
std::string_view name_of(PhoneState state) noexcept;

/// A telephone number as a plain value of 56 bytes; its texts live in it.
class PhoneNumber {
 public:
  PhoneState state() const noexcept { return state_; }
  PhoneKind kind() const noexcept { return kind_; }
  bool valid() const noexcept { return state_ == PhoneState::valid; }
  /// Country calling code, 1 to 999; 0 where it is not known.
  int calling_code() const noexcept { return calling_code_; }
  /// It was written with its calling code ("+49 30 ...", "0049 30 ..."), so that it says the same everywhere.
  bool international() const noexcept { return international_; }
  /// "+4930123456": sign, calling code, national number. Empty where the calling code is not known.
  std::string_view e164() const noexcept { return {text_, calling_code_ == 0 ? 0u : text_size_}; }
  /// National significant number: without trunk prefix, with the leading zeros that belong to it (Italy). Where the
  /// country is not known, the digits as they were written.
  std::string_view national() const noexcept {
    return {text_ + national_at_, static_cast<std::size_t>(text_size_ - national_at_)};
  }
  /// ISO 3166 alpha-2 code of its country, "001" for numbers of no country; empty where that cannot be told.
  std::string_view region() const noexcept { return {region_, region_size_}; }
  /// Digits to dial once connected, at most 20; usually empty.
  std::string_view extension() const noexcept { return {extension_, extension_size_}; }

 private:
  friend class PhoneWriter;

  PhoneState state_ = PhoneState::none;
  PhoneKind kind_ = PhoneKind::unknown;
  bool international_ = false;
  std::uint8_t text_size_ = 0, national_at_ = 0, region_size_ = 0, extension_size_ = 0;
  std::uint16_t calling_code_ = 0;
  char region_[3] = {};
  char extension_[20] = {};
  char text_[22] = {};
};

/// Understands a number in any notation: "+49 (0)30 1234", "0049 30 1234", "030/1234" with its region, "011 49 ..."
/// from a region where that dials abroad, "sip:+4930...@host;user=phone", "tel:030-1234;phone-context=+49", digits of
/// any script, "1-800-FLOWERS", "... ext. 5". Other text around it is passed over. `default_region` is the ISO 3166
/// alpha-2 code (in any case) of the place from which it would be dialled; empty or unknown where that is not known.
/// Never throws, never allocates, takes time linear in the text; more than 250 bytes are no number. Malformed UTF-8 is
/// passed over. Numbering plans: see docs/phone.md.
///
///   const PhoneNumber number = parse_phone("(0 30) 901 820 ext. 12", "DE");
///   number.e164();       // "+4930901820"
///   number.extension();  // "12"
PhoneNumber parse_phone(std::string_view text, std::string_view default_region = {}) noexcept;

/// The trunk prefix that is dialled before national numbers of a region ("0" in Germany, "8" in Russia); empty where
/// there is none or the region is unknown.
std::string_view trunk_prefix(std::string_view region) noexcept;

/// The package version from which the numbering plans were taken.
std::string_view phone_plan_version() noexcept;

}  // namespace emptor
