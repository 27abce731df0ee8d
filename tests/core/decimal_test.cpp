#include "emptor/core/decimal.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/core/wide.hpp"

using namespace emptor;

namespace {

constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

Decimal read(std::string_view text) {
  const std::optional<Decimal> number = Decimal::parse(text);
  REQUIRE_MESSAGE(number, text);
  return *number;
}

Code code_of(auto call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

}  // namespace

TEST_CASE("decimal: equal values are equal bits, however they were written") {
  CHECK(Decimal::of(1'250'000, 6) == Decimal::of(125, 2));
  CHECK(read("1.2500") == Decimal::of(125, 2));
  CHECK(read("100") == Decimal(100));
  CHECK(Decimal::of(0, 6) == Decimal());
  CHECK(Decimal::of(1'250'000, 6).scale() == 2);
}

TEST_CASE("decimal: the text is the shortest exact form") {
  CHECK(Decimal().to_string() == "0");
  CHECK(Decimal::of(-125, 1).to_string() == "-12.5");
  CHECK(Decimal::of(5, 6).to_string() == "0.000005");
  CHECK(Decimal::of(-5, 1).to_string() == "-0.5");
  CHECK(Decimal(smallest).to_string() == "-9223372036854775808");
  CHECK(Decimal::of(largest, 6).to_string() == "9223372036854.775807");
}

TEST_CASE("decimal: plain notation is read, with a sign and with an exponent") {
  CHECK(read("+7.5") == Decimal::of(75, 1));
  CHECK(read("-.5") == Decimal::of(-5, 1));
  CHECK(read("5.") == Decimal(5));
  CHECK(read("1.00E+05") == Decimal(100'000));
  CHECK(read("125e-2") == Decimal::of(125, 2));
  CHECK(read("0e999999") == Decimal());
  CHECK(read("-0") == Decimal());
  CHECK(read("00012.3400000000000000000000000000000000000000000000000000000") == Decimal::of(1234, 2));
  CHECK(read("0.0000010000000000") == Decimal::of(1, 6));
  CHECK(read("1000000000000000000000000000000000000e-30") == Decimal(1'000'000));
  CHECK(read("0.000000000000000000000000000001e30") == Decimal(1));
  CHECK(read("9223372036854775807") == Decimal(largest));
  CHECK(read("-9223372036854775808") == Decimal(smallest));
}

TEST_CASE("decimal: what is no number, or not exact, or too large is refused") {
  for (const char* text : {"",
                           "-",
                           ".",
                           "+.",
                           "1,5",
                           "1.2.3",
                           "1e",
                           "1e+",
                           "1e+-3",
                           "1 ",
                           " 1",
                           "0x1",
                           "nan",
                           "inf",
                           "1e5.0",
                           "--1",
                           "1e99999999999",
                           "9223372036854775808",
                           "-9223372036854775809",
                           "9223372036854775807.5",
                           "1e19",
                           "0.0000001",
                           "1e-7",
                           "12345678901234567890123456789012345",
                           "0.1000000000000000000000000000000000000000000000000000001"}) {
    CHECK_MESSAGE(!Decimal::parse(text), text);
  }
}

TEST_CASE("decimal: digits past the sixth are rounded where that is asked for, and it says so") {
  struct Case {
    const char* text;
    Rounding rule;
    const char* result;
    bool rounded;
  };
  for (const Case& each :
       {Case{"0.0000005", Rounding::half_even, "0", true}, Case{"0.0000015", Rounding::half_even, "0.000002", true},
        Case{"0.0000005", Rounding::half_up, "0.000001", true},
        Case{"-0.0000005", Rounding::half_up, "-0.000001", true},
        Case{"0.00000050000000000000000000000000000000000001", Rounding::half_even, "0.000001", true},
        Case{"0.0000009", Rounding::down, "0", true}, Case{"-0.0000019", Rounding::down, "-0.000001", true},
        Case{"1.5000000", Rounding::half_even, "1.5", false}, Case{"1e-99", Rounding::half_up, "0", true}}) {
    bool rounded = !each.rounded;
    const std::optional<Decimal> number = Decimal::parse_rounded(each.text, each.rule, &rounded);
    REQUIRE_MESSAGE(number, each.text);
    CHECK_MESSAGE(number->to_string() == each.result, each.text);
    CHECK_MESSAGE(rounded == each.rounded, each.text);
  }
}

TEST_CASE("decimal: a product rounds half to even at the sixth digit") {
  struct Case {
    const char* a;
    const char* b;
    const char* product;
  };
  // Python's decimal module, quantize with ROUND_HALF_EVEN.
  for (const Case& each :
       {Case{"4609042", "-562.3738", "-2592004463.8996"}, Case{"272527.77", "949.0161", "258633241.427097"},
        Case{"-96465246", "574.4824", "-55417586038.6704"}, Case{"-370972.61", "-356.6136", "132293877.953496"},
        Case{"452.16571", "8442.561", "3817436.588783"}, Case{"-95934.079", "-78.51462", "7532227.757735"},
        Case{"5867208.6", "-8.564239", "-50248176.713255"}, Case{"-916753.48", "-0.959374", "879509.453122"},
        Case{"146.04461", "3.252772", "475.049818"}, Case{"0.001", "0.0005", "0"}, Case{"0.003", "0.0005", "0.000002"},
        Case{"-0.001", "0.0005", "0"}, Case{"-0.003", "0.0005", "-0.000002"}, Case{"0.0015", "0.001", "0.000002"},
        Case{"9223372036854", "1000000", "9223372036854000000"}}) {
    CHECK((read(each.a) * read(each.b)).to_string() == each.product);
  }
}

TEST_CASE("decimal: sums are exact, and a digit that does not fit is an error, not a wrong number") {
  CHECK((read("0.1") + read("0.2")) == read("0.3"));
  CHECK((read("1.005") - read("1.005")) == Decimal());
  CHECK((Decimal(largest) + Decimal(-1)) == Decimal(largest - 1));
  CHECK(code_of([] { return Decimal(largest) + Decimal(1); }) == Code::invalid);
  CHECK(code_of([] { return Decimal(largest) + Decimal::of(5, 1); }) == Code::invalid);
  CHECK(code_of([] { return Decimal(largest) * Decimal(2); }) == Code::invalid);
  CHECK(code_of([] { return -Decimal(smallest); }) == Code::invalid);
  CHECK(code_of([] { return Decimal::of(1, 7); }) == Code::misuse);
}

TEST_CASE("decimal: rounding to fewer digits follows the named rule") {
  CHECK(read("2.345").round(2, Rounding::half_even) == read("2.34"));
  CHECK(read("2.355").round(2, Rounding::half_even) == read("2.36"));
  CHECK(read("2.345").round(2, Rounding::half_up) == read("2.35"));
  CHECK(read("-2.345").round(2, Rounding::half_up) == read("-2.35"));
  CHECK(read("-2.349").round(2, Rounding::down) == read("-2.34"));
  CHECK(read("2.5").round(4, Rounding::down) == read("2.5"));
  CHECK(Decimal::of(smallest, 6).round(0, Rounding::half_even) == Decimal(-9'223'372'036'855));
}

TEST_CASE("decimal: order is by value, whatever the scales") {
  CHECK(read("0.000001") < Decimal(largest));
  CHECK(read("-0.1") > Decimal(smallest));
  CHECK(read("2.5") > read("2.49"));
  CHECK(Decimal(smallest) < Decimal::of(smallest, 6));
}

TEST_CASE("decimal: the nearest decimal of a double is that of its exact binary value") {
  struct Case {
    double value;
    int scale;
    const char* result;
  };
  // Python: Decimal(value).quantize(..., ROUND_HALF_EVEN).
  for (const Case& each :
       {Case{0.1, 6, "0.1"}, Case{0.285, 2, "0.28"}, Case{1.005, 2, "1"}, Case{2.5, 0, "2"}, Case{3.5, 0, "4"},
        Case{5e-07, 6, "0"}, Case{1e-07, 6, "0"}, Case{123456.789, 2, "123456.79"}, Case{1e15, 6, "1000000000000000"},
        Case{0.125, 2, "0.12"}, Case{0.375, 2, "0.38"}, Case{-0.125, 2, "-0.12"}, Case{1e18, 0, "1000000000000000000"},
        Case{1e18, 6, "1000000000000000000"}, Case{-5e-324, 6, "0"}, Case{-0x1p62, 6, "-4611686018427387904"}}) {
    const std::optional<Decimal> number = Decimal::from_double(each.value, each.scale);
    REQUIRE(number);
    CHECK(number->to_string() == each.result);
  }
  CHECK(!Decimal::from_double(0x1p63));
  CHECK(!Decimal::from_double(std::numeric_limits<double>::infinity()));
  CHECK(!Decimal::from_double(std::numeric_limits<double>::quiet_NaN()));
}

TEST_CASE("decimal: a double is the nearest to the decimal, also past 53 bits") {
  CHECK(read("0.1").to_double() == 0.1);
  CHECK(read("-123456.789").to_double() == -123456.789);
  CHECK(Decimal::of(9'007'199'254'740'993, 0).to_double() == 9007199254740992.0);
  // Python: float(Fraction(9223372036854775807, 10**6)).
  CHECK(Decimal::of(largest, 6).to_double() == 9223372036854.775);
}

TEST_CASE("decimal: micros are the value times a million, or refused") {
  CHECK(read("-1.5").micros() == -1'500'000);
  CHECK(Decimal::from_micros(largest).micros() == largest);
  CHECK(Decimal(9'223'372'036'854).fits_micros());
  CHECK(!Decimal(9'223'372'036'855).fits_micros());
  CHECK(code_of([] { return Decimal(9'223'372'036'855).micros(); }) == Code::invalid);
}

TEST_CASE("decimal: random numbers read back, add and multiply as wide integers do") {
  Random random(20'260'101);
  for (int round = 0; round < 20'000; ++round) {
    const auto draw = [&] {
      const auto bits = static_cast<std::int64_t>(random.next()) >> random.below(63);
      return Decimal::of(bits, static_cast<int>(random.below(7)));
    };
    const Decimal a = draw();
    const Decimal b = draw();
    REQUIRE(read(a.to_string()) == a);
    const auto micros = [](Decimal number) {
      Wide wide = number.units();
      for (int scale = number.scale(); scale < 6; ++scale) wide *= 10;
      return wide;
    };
    REQUIRE(((a <=> b) == (micros(a) <=> micros(b))));
    const Wide sum = micros(a) + micros(b);
    Wide shortest = sum;
    for (int digit = 0; digit < 6 && shortest % 10 == 0; ++digit) shortest /= 10;
    if (shortest >= smallest && shortest <= largest) {
      REQUIRE((micros(a + b) == sum));
    } else {
      REQUIRE(code_of([&] { return a + b; }) == Code::invalid);
    }
  }
}

TEST_CASE("decimal: multiply_micros agrees with the product of decimals, and tells overflow") {
  Random random(7);
  for (int round = 0; round < 5'000; ++round) {
    const std::int64_t a = static_cast<std::int64_t>(random.next()) >> (20 + random.below(44));
    const std::int64_t b = static_cast<std::int64_t>(random.next()) >> (24 + random.below(40));
    const std::optional<std::int64_t> product = multiply_micros(a, b);
    REQUIRE(product);
    REQUIRE(Decimal::from_micros(*product) == Decimal::from_micros(a) * Decimal::from_micros(b));
  }
  CHECK(!multiply_micros(largest, largest));
  CHECK(multiply_micros(largest, 1'000'000) == largest);
  CHECK(multiply_micros(smallest, 1'000'000) == smallest);
}
