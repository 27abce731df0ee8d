#include "emptor/model/json.hpp"

#include <doctest/doctest.h>

#include "emptor/core/error.hpp"
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
