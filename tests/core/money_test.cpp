#include "emptor/core/money.hpp"

#include <doctest/doctest.h>

#include "emptor/core/error.hpp"

using namespace emptor;

namespace {
Currency currency(std::string_view code) { return Currency::parse(code).value(); }
Date day(int year, int month, int of_month) { return Date::of(year, month, of_month).value(); }
}  // namespace

TEST_CASE("money: a currency is three letters, and nothing else") {
  CHECK(currency("eur").code() == "EUR");
  CHECK(Currency().code() == "XXX");
  for (const char* code : {"", "EU", "EURO", "E1R", "E R", "\xE2\x82\xAC"}) CHECK_MESSAGE(!Currency::parse(code), code);
}

TEST_CASE("money: digits of the minor unit are those of ISO 4217") {
  CHECK(currency("EUR").minor_digits() == 2);
  CHECK(currency("CNY").minor_digits() == 2);
  CHECK(currency("JPY").minor_digits() == 0);
  CHECK(currency("KRW").minor_digits() == 0);
  CHECK(currency("KWD").minor_digits() == 3);
  CHECK(currency("CLF").minor_digits() == 4);
}

TEST_CASE("money: a rate holds from its day until the next one") {
  ExchangeRates rates(currency("EUR"));
  rates.set(currency("USD"), day(2024, 1, 1), Decimal::of(9, 1));
  rates.set(currency("USD"), day(2024, 2, 1), Decimal::of(92, 2));
  rates.set(currency("GBP"), day(2023, 1, 1), Decimal::of(115, 2));
  CHECK(!rates.rate(currency("USD"), day(2023, 12, 31)));
  CHECK(rates.rate(currency("USD"), day(2024, 1, 1)) == Decimal::of(9, 1));
  CHECK(rates.rate(currency("USD"), day(2024, 1, 31)) == Decimal::of(9, 1));
  CHECK(rates.rate(currency("USD"), day(2025, 1, 1)) == Decimal::of(92, 2));
  CHECK(!rates.rate(currency("VND"), day(2024, 1, 1)));
  CHECK(!rates.rate(currency("AUD"), day(2024, 1, 1)));
}

TEST_CASE("money: the base currency is worth one of itself on every day") {
  const ExchangeRates rates(currency("EUR"));
  CHECK(rates.rate(currency("EUR"), day(1900, 1, 1)) == Decimal(1));
  CHECK(rates.to_base({Decimal::of(1234567, 6), currency("EUR")}, day(2024, 1, 1)) == Decimal::of(1234567, 6));
}

TEST_CASE("money: an amount in base currency is exact to six digits") {
  ExchangeRates rates(currency("CNY"));
  rates.set(currency("USD"), day(2024, 1, 1), Decimal::of(7'098'700, 6));
  CHECK(rates.to_base({Decimal::of(199'99, 2), currency("USD")}, day(2024, 5, 1)) == Decimal::of(1'419'669'013, 6));
  CHECK(!rates.to_base({Decimal(1), currency("EUR")}, day(2024, 5, 1)));
}

TEST_CASE("money: a rate of nothing or less is refused") {
  ExchangeRates rates(currency("CNY"));
  CHECK_THROWS_AS(rates.set(currency("USD"), day(2024, 1, 1), Decimal()), Error);
  CHECK_THROWS_AS(rates.set(currency("USD"), day(2024, 1, 1), Decimal(-1)), Error);
}
