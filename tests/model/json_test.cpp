#include "emptor/model/json.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <memory>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/model/plain.hpp"

using namespace emptor;

namespace {

Record new_customer() {
  const auto schema = std::make_shared<const Schema>(described_entities(), std::span<const CatalogField>{}, 1);
  return Record(schema, schema->entity("customer").number);
}

}  // namespace

TEST_CASE("plain notation: what is written reads back to the same value") {
  const Value values[] = {Value(Id{7}),
                          Value(std::int64_t{-9223372036854775807 - 1}),
                          Value(*Decimal::parse("-0.000001")),
                          Value(0.1),
                          Value(5e-324),
                          Value(true),
                          Value(*Date::of(2024, 2, 29)),
                          Value(*parse_instant("1997-09-30T08:26:00.000001Z")),
                          Value("x")};
  for (const Value& value : values) {
    const std::string text = to_plain(value);
    CHECK(parse_plain(value.type(), text) == value);
  }
}

TEST_CASE("plain notation: half a number is no number") {
  for (const char* text : {"12x", " 12", "1e5", "--1", "9223372036854775808"})
    CHECK_FALSE(parse_plain(Type::integer, text).has_value());
  CHECK_FALSE(parse_plain(Type::date, "2023-02-29").has_value());
  CHECK_FALSE(parse_plain(Type::boolean, "yes").has_value());
  CHECK_FALSE(parse_plain(Type::decimal, "9223372036854.775808").has_value());
}

TEST_CASE("json: a record is the object of its present fields, integers and decimals as strings") {
  Record record = new_customer();
  record.set("name", "Zoë \"Z\"\n\x01");
  record.set("employees", std::int64_t{9007199254740993});  // 2^53 + 1: not a double
  record.set("annual_revenue", *Decimal::parse("12.50"));
  record.set("birth_date", *Date::of(1815, 12, 10));
  CHECK(to_json(record) ==
        "{\"name\":\"Zoë \\\"Z\\\"\\n\\u0001\",\"birth_date\":\"1815-12-10\",\"employees\":\"9007199254740993\","
        "\"annual_revenue\":\"12.5\"}");
}

TEST_CASE("json: what is written reads back field by field") {
  Record record = new_customer();
  record.set("name", "李雷");
  record.set("employees", std::int64_t{9007199254740993});
  record.set("since", *parse_instant("1997-09-30T08:26:00Z"));
  Record copy = new_customer();
  set_from_json(copy, to_json(record));
  CHECK(std::equal(record.row().begin(), record.row().end(), copy.row().begin(), copy.row().end()));
}

TEST_CASE("json: numbers are accepted where they are exact, null clears") {
  Record record = new_customer();
  record.set("name", "x");
  set_from_json(record, R"({"employees": 12, "annual_revenue": 0.25, "name": null})");
  CHECK(record.get("employees").integer() == 12);
  CHECK(record.get("annual_revenue").decimal() == *Decimal::parse("0.25"));
  CHECK_FALSE(record.get("name").present());
}

TEST_CASE("json: a number keeps every digit that is written") {
  Record record = new_customer();
  set_from_json(record, R"({"annual_revenue": 1234567890123.456789})");
  CHECK(record.get("annual_revenue").decimal().to_string() == "1234567890123.456789");
  set_from_json(record, R"({"annual_revenue": -1.5E+3, "employees": 9007199254740993})");
  CHECK(record.get("annual_revenue").decimal() == Decimal(-1500));
  CHECK(record.get("employees").integer() == 9007199254740993);
}

TEST_CASE("json: a real reads back to the same bits, written as a number") {
  const auto schema = std::make_shared<const Schema>(described_entities(), std::span<const CatalogField>{}, 1);
  Random random(19);
  for (int round = 0; round < 5'000; ++round) {
    const double real = std::bit_cast<double>(random.next() & 0xFFEF'FFFF'FFFF'FFFF);
    Record score(schema, schema->entity("score").number);
    score.set("value", real);
    Record copy(schema, schema->entity("score").number);
    set_from_json(copy, to_json(score));
    REQUIRE(copy.get("value") == score.get("value"));
  }
}

TEST_CASE("json: escapes and characters of every plane are read as they are meant") {
  Record record = new_customer();
  set_from_json(record, R"({"na\u006de": "\u738b\n\ud83d\ude00\"\/"})");
  CHECK(record.get("name").text() == "王\n😀\"/");
}

TEST_CASE("json: all problems of an object are told, not the first") {
  Record record = new_customer();
  try {
    set_from_json(record, R"({"employees": "many", "nmae": "x", "birth_date": "2023-02-29", "name": "y"})");
    FAIL("no error");
  } catch (const Error& error) {
    REQUIRE(error.problems().size() == 3);
    CHECK(error.problems()[0].field == "employees");
    CHECK(error.problems()[1].code == Code::not_found);
    CHECK(error.problems()[1].hint == "did you mean name?");
    CHECK(error.problems()[2].field == "birth_date");
  }
  CHECK_FALSE(record.get("name").present());
}

TEST_CASE("json: nests, doubled names, scalars and trailing text are no record") {
  Record record = new_customer();
  for (const char* json : {R"({"name": {"a": 1}})", R"({"name": ["a"]})", R"({"name": "a", "name": "b"})", "12",
                           "\"a\"", "null", "", R"({"name": "a"} x)", R"({"name": "a"}{})", R"({"name": "a",})",
                           R"({"name": 01})", R"({name: "a"})", R"({"name": "a" /* b */})", R"({"name": NaN})"}) {
    CHECK_THROWS_AS_MESSAGE(set_from_json(record, json), Error, json);
  }
  CHECK_FALSE(record.get("name").present());
}

TEST_CASE("json: a wrong object changes nothing and names the field") {
  Record record = new_customer();
  const auto code_of = [&](std::string_view json) {
    try {
      set_from_json(record, json);
      return Code::ok;
    } catch (const Error& error) {
      return error.code();
    }
  };
  CHECK(code_of(R"({"name":"x","employees":1.5})") == Code::invalid);
  CHECK(code_of(R"({"name":"x","employees":true})") == Code::invalid);
  CHECK(code_of(R"({"name":"x","nonsense":1})") == Code::not_found);
  CHECK(code_of(R"(["name"])") == Code::invalid);
  CHECK(code_of("{\"name\":\"\xff\"}") == Code::invalid);
  CHECK(code_of("{") == Code::invalid);
  CHECK_FALSE(record.get("name").present());
}
