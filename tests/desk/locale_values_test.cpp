#include "emptor/desk/locale_values.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

using namespace emptor;

namespace {

ColumnGuess guess(std::initializer_list<std::string_view> cells) {
  ColumnGuess column;
  for (const std::string_view cell : cells) column.see(cell);
  return column;
}

/// The number as text, "none" where there is none.
std::string number(std::string_view text, NumberFormat format = {}) {
  const auto value = read_number(text, format);
  return value ? value->to_string() : "none";
}

std::string date(std::string_view text, DateOrder order = DateOrder::ymd, bool two_digit_year = true) {
  const auto value = read_date(text, {.order = order, .two_digit_year = two_digit_year});
  return value ? to_string(value->date) : "none";
}

}  // namespace

TEST_CASE("locale values: numbers are read in the format of their column") {
  CHECK(number("1,234.56", {'.', ','}) == "1234.56");
  CHECK(number("1.234,56", {',', '.'}) == "1234.56");
  CHECK(number("1 234,56", {',', ' '}) == "1234.56");
  CHECK(number("1\u00A0234,56", {',', ' '}) == "1234.56");
  CHECK(number("1\u202F234,56", {',', ' '}) == "1234.56");
  CHECK(number("1'234.56", {'.', '\''}) == "1234.56");
  CHECK(number("1,23,456", {'.', ','}) == "123456");
  CHECK(number("12,34,567.5", {'.', ','}) == "1234567.5");
  CHECK(number("1,234,567", {'.', ','}) == "1234567");
  CHECK(number("0,123", {',', 0}) == "0.123");
}

TEST_CASE("locale values: signs, parentheses, currency, percent and exponents are understood") {
  CHECK(number("-5") == "-5");
  CHECK(number("+5") == "5");
  CHECK(number("5-") == "-5");
  CHECK(number("\u2212"
               "5") == "-5");
  CHECK(number("(123.45)") == "-123.45");
  CHECK(number("($1,200.50)", {'.', ','}) == "-1200.5");
  CHECK(number("-$5") == "-5");
  CHECK(number("$-5") == "-5");
  CHECK(number("R$ 1.234,50", {',', '.'}) == "1234.5");
  CHECK(number("12 €", {',', '.'}) == "12");
  CHECK(number("￥１２．５") == "12.5");
  CHECK(number("EUR 7") == "7");
  CHECK(number("7 CHF") == "7");
  CHECK(number("1.00E+05") == "100000");
  CHECK(number("2.5e-3") == "0.0025");
  CHECK(number("12.5%") == "0.125");
  CHECK(number("60,000 ", {'.', ','}) == "60000");
  CHECK(number(".5") == "0.5");
  CHECK(number("-.5") == "-0.5");
}

TEST_CASE("locale values: what is not a number is refused") {
  for (const std::string_view text :
       {"",      " ",  "abc", "1a", "1.2.3", "--5",    "(5",   "5)",         "-(5)",  "12,34", "1,2345",
        "5.",    "$",  "%",   "1e", "1e5e",  "1e9999", "DM 5", "(555) 1234", "12:30", "1-2",   "99999999999999999999",

        "1e400", "1 2"}) {
    CAPTURE(text);
    CHECK(number(text, {'.', ','}) == "none");
  }
  CHECK(number("1,5") == "none");                // the comma is no mark in this format
  CHECK(number("0,123", {'.', ','}) == "none");  // no group begins with zero
  CHECK(number(std::string(5000, '1')) == "none");
}

TEST_CASE("locale values: digits past the sixth are rounded half to even, and it is said") {
  bool rounded = false;
  CHECK(read_number("5.551199999999998", {}, &rounded)->to_string() == "5.5512");
  CHECK(rounded);
  CHECK(read_number("0.0000005", {}, &rounded)->to_string() == "0");
  CHECK(rounded);
  CHECK(read_number("0.0000015", {}, &rounded)->to_string() == "0.000002");
  CHECK(read_number("-0.00000051", {}, &rounded)->to_string() == "-0.000001");
  CHECK(read_number("1.2500000000", {}, &rounded)->to_string() == "1.25");
  CHECK_FALSE(rounded);
}

TEST_CASE("locale values: a column of numbers decides between point and grouping from all its values") {
  CHECK(guess({"1", "22", "333"}).number() == NumberFormat{'.', 0});
  CHECK(guess({"1", "22", "333"}).integer());
  CHECK(guess({"1.5", "22"}).number() == NumberFormat{'.', 0});
  CHECK_FALSE(guess({"1.5", "22"}).integer());
  CHECK(guess({"1,5", "22"}).number() == NumberFormat{',', 0});
  CHECK(guess({"1,234", "22.5"}).number() == NumberFormat{'.', ','});
  CHECK(guess({"1.234", "22,5"}).number() == NumberFormat{',', '.'});
  CHECK(guess({"1.234", "1.234.567"}).number() == NumberFormat{',', '.'});
  CHECK(guess({"1.234", "1.234.567"}).integer());
  CHECK(guess({"1 234,5", "7"}).number() == NumberFormat{',', ' '});
  CHECK(guess({"1'234.5", "7"}).number() == NumberFormat{'.', '\''});
  CHECK(guess({"90000", "60,000 "}).number() == NumberFormat{'.', ','});
  CHECK_FALSE(guess({"1", "two"}).number());
  CHECK_FALSE(guess({}).number());
  CHECK(guess({"1", "", " ", "NA", "NULL"}).number() == NumberFormat{'.', 0});
  CHECK(guess({"1", "", " ", "NA", "NULL"}).blank() == 4);
}

TEST_CASE("locale values: a mark that could be either is said to be ambiguous") {
  const ColumnGuess comma = guess({"1,234", "12", "5,678"});
  CHECK(comma.number() == NumberFormat{'.', ','});
  CHECK(comma.ambiguous_number());
  const ColumnGuess point = guess({"1.234", "12"});
  CHECK(point.number() == NumberFormat{'.', 0});
  CHECK(point.ambiguous_number());
  CHECK_FALSE(guess({"1,234", "1,234,567"}).ambiguous_number());
  CHECK_FALSE(guess({"1.234", "0.5"}).ambiguous_number());
  CHECK_FALSE(guess({"12"}).ambiguous_number());
}

TEST_CASE("locale values: a column with leading zeros is an identifier, but not for one zero") {
  CHECK_FALSE(guess({"007", "008", "123"}).number());
  CHECK(guess({"007", "008"}).leading_zeros());
  CHECK(guess({"007", "18", "123"}).number());
  CHECK_FALSE(guess({"0", "0.5", "10"}).leading_zeros());
}

TEST_CASE("locale values: a column that is known to hold numbers may hold some damage") {
  const ColumnGuess column = guess({"1,5", "2,5", "unknown"});
  CHECK_FALSE(column.number());
  CHECK(column.likely_number() == NumberFormat{',', 0});
  CHECK_FALSE(column.likely_number(0.9));
}

TEST_CASE("locale values: dates are read in all the ways of the data sets") {
  CHECK(date("2015-03-01") == "2015-03-01");
  CHECK(date("20150301") == "2015-03-01");
  CHECK(date("2015/3/1") == "2015-03-01");
  CHECK(date("2015.03.01", DateOrder::dmy) == "2015-03-01");
  CHECK(date("1/3/2015", DateOrder::dmy) == "2015-03-01");
  CHECK(date("1/3/2015", DateOrder::mdy) == "2015-01-03");
  CHECK(date("5/14/1965", DateOrder::mdy) == "1965-05-14");
  CHECK(date("04-08-1966", DateOrder::mdy) == "1966-04-08");
  CHECK(date("01.03.2015", DateOrder::dmy) == "2015-03-01");
  CHECK(date("1. 3. 2015", DateOrder::dmy) == "2015-03-01");
  CHECK(date("2015年3月1日") == "2015-03-01");
  CHECK(date("２０１５年３月１日") == "2015-03-01");
  CHECK(date("01/03/15", DateOrder::dmy) == "2015-03-01");
  CHECK(date("01/03/68", DateOrder::dmy) == "2068-03-01");
  CHECK(date("01/03/69", DateOrder::dmy) == "1969-03-01");
  CHECK(date("15-03-01", DateOrder::ymd) == "2015-03-01");
}

TEST_CASE("locale values: months are known by name in English, German and Portuguese") {
  for (const std::string_view text :
       {"1 Mar 2015", "01-Mar-2015", "1-Mar-15", "1 March 2015", "March 1, 2015", "Mar 1 2015", "MAR. 1, 2015",
        "1. März 2015", "1. Mrz. 2015", "1. Maerz 2015", "1 de março de 2015", "1 mar 2015", "1.Mar.2015"}) {
    CAPTURE(text);
    CHECK(date(text, DateOrder::mdy) == "2015-03-01");
  }
  CHECK(date("24. Dezember 2015") == "2015-12-24");
  CHECK(date("7 de setembro de 2015") == "2015-09-07");
  CHECK(date("31 Oktober 2015") == "2015-10-31");
}

TEST_CASE("locale values: what is not a date, and days that do not exist, are refused") {
  for (const std::string_view text : {"",
                                      "2015",
                                      "2015-13-01",
                                      "2015-02-29",
                                      "20150229",
                                      "1/3",
                                      "1/3/201",
                                      "1/3-2015",
                                      "Marble 1, 2015",
                                      "1 Foo 2015",
                                      "123456789",
                                      "2015-03-01x",
                                      "2015-03-01 25:00",
                                      "2015-03-01 10:60",
                                      "2015-03-01 1",
                                      "10:30",
                                      "2015-03-01 10:30 13:00",
                                      "00010101",
                                      "1 2 2015",
                                      "2015年3月",
                                      "13:00 PM",
                                      "2015-03-01 13:00 PM"}) {
    CAPTURE(text);
    CHECK(date(text, DateOrder::dmy) == "none");
  }
  CHECK(date("1/3/2015", DateOrder::ymd, false) == "none");
}

TEST_CASE("locale values: times and zones stay with their date") {
  const auto micros = [](std::string_view text) { return read_date(text, {})->micros_of_day; };
  CHECK(micros("2010-12-01 08:26:00") == (8 * 60 + 26) * 60 * micros_per_second);
  CHECK(micros("2010-12-01T08:26") == (8 * 60 + 26) * 60 * micros_per_second);
  CHECK(micros("2010-12-01 08:26:01.25") == ((8 * 60 + 26) * 60 + 1) * micros_per_second + 250'000);
  CHECK(micros("2010-12-01 12:00 AM") == 0);
  CHECK(micros("2010-12-01 12:00 PM") == 12 * 3600 * micros_per_second);
  CHECK(micros("2010-12-01 1:05 p.m.") == (13 * 60 + 5) * 60 * micros_per_second);
  const auto offset = [](std::string_view text) { return read_date(text, {})->offset_minutes; };
  CHECK_FALSE(offset("2010-12-01 08:26:00"));
  CHECK(offset("2010-12-01T08:26:00Z") == 0);
  CHECK(offset("2010-12-01T08:26:00+08:00") == 480);
  CHECK(offset("2010-12-01T08:26:00-0330") == -210);
  CHECK(offset("2010-12-01 08:26:00 UTC") == 0);
}

TEST_CASE("locale values: one order is found for a column of dates") {
  CHECK(guess({"2015-03-01", "2015-04-01"}).date() == DateFormat{});
  CHECK(guess({"19970101", "19970118"}).date() == DateFormat{.compact = true});
  CHECK(guess({"04-08-1966", "5/14/1965", "08-12-1965"}).date() == DateFormat{.order = DateOrder::mdy});
  CHECK_FALSE(guess({"04-08-1966", "5/14/1965"}).ambiguous_date());
  CHECK(guess({"25/12/19", "01/02/20"}).date() == DateFormat{.order = DateOrder::dmy, .two_digit_year = true});
  CHECK(guess({"2010-12-01 08:26:00"}).date() == DateFormat{.has_time = true});
  CHECK(guess({"2010-12-01T08:26:00Z"}).date() == DateFormat{.has_time = true, .has_offset = true});
  CHECK(guess({"1/2/2015", "2015-03-04", "13/2/2015"}).date() == DateFormat{.order = DateOrder::dmy});
  CHECK_FALSE(guess({"13/2/2015", "2/13/2015"}).date());
  CHECK_FALSE(guess({"2015-03-01", "soon"}).date());
  CHECK(guess({"2015-03-01", "soon", "2015-03-02"}).likely_date());
}

TEST_CASE("locale values: an ambiguous column is read as it runs upwards, and it is said") {
  const ColumnGuess months_first = guess({"1/1/2015", "1/2/2015", "1/3/2015", "2/1/2015"});
  CHECK(months_first.ambiguous_date());
  CHECK(months_first.date()->order == DateOrder::mdy);
  const ColumnGuess days_first = guess({"1/1/2015", "2/1/2015", "3/1/2015", "1/2/2015"});
  CHECK(days_first.date()->order == DateOrder::dmy);
  CHECK(guess({"1/2/2015"}).date()->order == DateOrder::mdy);
  CHECK(guess({"1.2.2015"}).date()->order == DateOrder::dmy);
  CHECK_FALSE(guess({"1/1/2015", "2/2/2015"}).ambiguous_date());  // both orders say the same
}

TEST_CASE("locale values: truth has words in five languages") {
  CHECK(guess({"Yes", "no", "YES"}).boolean());
  CHECK(guess({"Y", "N"}).boolean());
  CHECK(guess({"0", "1", "1"}).boolean());
  CHECK(guess({"是", "否"}).boolean());
  CHECK(guess({"sim", "não"}).boolean());
  CHECK(guess({"ja", "nein"}).boolean());
  CHECK_FALSE(guess({"0", "1", "2"}).boolean());
  CHECK(read_boolean(" True ") == true);
  CHECK(read_boolean("não") == false);
  CHECK_FALSE(read_boolean("maybe"));
}

TEST_CASE("locale values: hostile cells cost no more than their length") {
  ColumnGuess column;
  for (int i = 0; i < 100; ++i) column.see(std::string(1'000'000, i % 2 ? '1' : ','));
  CHECK_FALSE(column.number());
  CHECK(column.seen() == 100);
}
