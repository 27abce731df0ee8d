/// An amount in a currency, and the rates that turn it into a store's base currency.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "emptor/core/decimal.hpp"
#include "emptor/core/time.hpp"

namespace emptor {

/// An ISO 4217 code of three capital letters; "XXX" (no currency) by default.
class Currency {
 public:
  constexpr Currency() = default;
  /// Nothing unless `code` is three ASCII letters (capitals or not).
  static std::optional<Currency> parse(std::string_view code);
  std::string_view code() const noexcept { return {code_, 3}; }
  /// Digits of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD.
  int minor_digits() const noexcept;
  friend auto operator<=>(const Currency&, const Currency&) = default;

 private:
  char code_[3] = {'X', 'X', 'X'};
};

struct Money {
  Decimal amount;
  Currency currency;
  friend bool operator==(const Money&, const Money&) = default;
};

/// Units of the base currency for one unit of a foreign one, by day. A rate holds from its date until
/// the next one.
class ExchangeRates {
 public:
  explicit ExchangeRates(Currency base) : base_(base) {}
  Currency base() const noexcept { return base_; }
  /// Requires rate > 0.
  void set(Currency currency, Date from, Decimal rate);
  /// The rate in force on `day`; 1 for the base currency; nothing before the first known rate.
  std::optional<Decimal> rate(Currency currency, Date day) const;
  /// The amount in base currency, exact to 6 digits (half to even); nothing where no rate is known.
  std::optional<Decimal> to_base(const Money& money, Date day) const;

 private:
  Currency base_;
  std::map<std::pair<Currency, Date>, Decimal> rates_;
};

}  // namespace emptor
