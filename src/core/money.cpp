#include "emptor/core/money.hpp"

#include <algorithm>
#include <array>

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

// ISO 4217, table A.1: the currencies whose minor unit is not a hundredth.
constexpr std::array<std::string_view, 17> no_minor = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
                                                       "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::array<std::string_view, 7> three_digits = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
constexpr std::array<std::string_view, 2> four_digits = {"CLF", "UYW"};

bool lists(const auto& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

std::optional<Currency> Currency::parse(std::string_view code) {
  if (code.size() != 3) return std::nullopt;
  Currency currency;
  for (std::size_t i = 0; i < 3; ++i) {
    const char capital = code[i] >= 'a' && code[i] <= 'z' ? static_cast<char>(code[i] - 'a' + 'A') : code[i];
    if (capital < 'A' || capital > 'Z') return std::nullopt;
    currency.code_[i] = capital;
  }
  return currency;
}

int Currency::minor_digits() const noexcept {
  if (lists(no_minor, code())) return 0;
  if (lists(three_digits, code())) return 3;
  return lists(four_digits, code()) ? 4 : 2;
}

void ExchangeRates::set(Currency currency, Date from, Decimal rate) {
  if (rate <= Decimal(0)) throw Error(Code::invalid, "an exchange rate is above 0");
  rates_[{currency, from}] = rate;
}

std::optional<Decimal> ExchangeRates::rate(Currency currency, Date day) const {
  if (currency == base_) return Decimal(1);
  auto next = rates_.upper_bound({currency, day});
  if (next == rates_.begin()) return std::nullopt;
  --next;
  if (next->first.first != currency) return std::nullopt;
  return next->second;
}

std::optional<Decimal> ExchangeRates::to_base(const Money& money, Date day) const {
  const std::optional<Decimal> factor = rate(money.currency, day);
  if (!factor) return std::nullopt;
  return money.amount * *factor;
}

}  // namespace emptor
