// Telephone numbers that come as addresses: tel: (RFC 3966) and sip: (RFC 3261).
#pragma once

#include <array>
#include <string_view>

#include "core/phone_symbols.hpp"

namespace emptor::phone {

/// The number in a text, freed of what makes it an address: scheme, host, display name, parameters. A phone context
/// that is a prefix ("+49") is put before the number, an extension parameter behind it.
class Address {
 public:
  /// `text` has at most `longest_text` bytes and has to live as long as this.
  explicit Address(std::string_view text) noexcept;
  Address(const Address&) = delete;
  Address& operator=(const Address&) = delete;
  /// Empty where the address names no number (sip:ann@example.com).
  std::string_view number() const noexcept { return number_; }
  /// Who the address names, where it is one of sip; empty otherwise.
  std::string_view user() const noexcept { return user_; }

 private:
  void read_sip(std::string_view rest) noexcept;
  void read_parameters(std::string_view rest) noexcept;
  void put(std::string_view part) noexcept;

  std::array<char, longest_text> bytes_;  // the number, where it had to be put together
  std::size_t size_ = 0;
  std::string_view number_, user_;
};

}  // namespace emptor::phone
