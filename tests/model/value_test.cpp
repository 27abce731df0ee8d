#include "emptor/model/value.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace emptor;

TEST_CASE("value: empty text, no id and an empty value are missing") {
  CHECK(!Value().present());
  CHECK(!Value("").present());
  CHECK(!Value(no_id).present());
  CHECK(!Value::bytes("").present());
  CHECK(Value() == Value(""));
  CHECK(Value(0).present());
  CHECK(Value(false).present());
}

TEST_CASE("value: what goes in comes out") {
  CHECK(Value(Id{7}).id() == Id{7});
  CHECK(Value(-7).integer() == -7);
  CHECK(Value(Decimal::of(-125, 1)).decimal() == Decimal::of(-125, 1));
  CHECK(Value(Decimal::of(-125, 1)).micros() == -12'500'000);
  CHECK(Value(2.5).real() == 2.5);
  CHECK(Value(true).boolean());
  CHECK(Value(Date{-3}).date() == Date{-3});
  CHECK(Value(Instant{-3}).instant() == Instant{-3});
  CHECK(Value("abc").text() == "abc");
  CHECK(Value::bytes("abc").type() == Type::bytes);
}

TEST_CASE("value: equal values have the same type and content") {
  CHECK(Value("abc") == Value("abc"));
  CHECK(Value("abc") != Value::bytes("abc"));
  CHECK(Value(1) != Value(Id{1}));
  CHECK(Value(1) != Value(2));
  CHECK(Value(1) != Value());
}

TEST_CASE("value: order is missing first, then by value, text by bytes") {
  const std::vector<std::vector<Value>> ascending = {
      {Value(), Value(std::numeric_limits<std::int64_t>::min()), Value(-1), Value(0),
       Value(std::numeric_limits<std::int64_t>::max())},
      {Value(), Value("A"), Value("B"), Value("Ba"), Value("a"), Value("\u00E9"), Value("客"), Value("😀")},
      {Value(), Value(-std::numeric_limits<double>::infinity()), Value(-0.5), Value(0.0), Value(1e-300),
       Value(std::numeric_limits<double>::infinity()), Value(std::nan(""))},
      {Value(), Value(Decimal::of(-1, 6)), Value(Decimal()), Value(Decimal::of(1, 6)), Value(Decimal(3))},
      {Value(), Value(false), Value(true)},
      {Value(), Value(Date{-1}), Value(Date{0})},
  };
  for (const std::vector<Value>& values : ascending) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      for (std::size_t j = 0; j < values.size(); ++j) {
        const int order = compare(values[i], values[j]);
        REQUIRE((order < 0) == (i < j));
        REQUIRE((order > 0) == (i > j));
      }
    }
  }
  CHECK(compare(Value(-0.0), Value(0.0)) == 0);
}

TEST_CASE("value: every type has its own word") {
  CHECK(name_of(Type::decimal) == "decimal");
  CHECK(name_of(Type::id) == "id");
  CHECK(name_of(Type::bytes) == "bytes");
  CHECK(name_of(static_cast<Type>(200)) == "unknown");
}
