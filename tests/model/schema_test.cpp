#include "emptor/model/schema.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "model/shapes.hpp"

using namespace emptor;

namespace {

Schema schema_with(const std::vector<CatalogField>& catalog) { return Schema(shapes::described, catalog, 3); }

Error error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::ok, "no error");
}

CustomField custom(std::string name, Type type = Type::integer, std::uint32_t flags = 0) {
  return {"shape", std::move(name), type, flags, "a test"};
}

}  // namespace

TEST_CASE("schema: a new store numbers fields in the order of their lines, after the system's") {
  const Schema schema = schema_with({});
  const Entity& shape = schema.entity("shape");
  CHECK(shape.fields[system_field::id].name == "id");
  CHECK(shape.fields[system_field::version].name == "version");
  CHECK(shape.fields[system_field::deleted_at].name == "deleted_at");
  CHECK(shape.fields[3].name == "customer_id");
  CHECK(shape.fields[12].name == "code");
  for (std::size_t at = 0; at < shape.fields.size(); ++at) CHECK(shape.fields[at].number == at);
  CHECK(schema.added().size() == 11);
  CHECK(schema.version() == 3);
}

TEST_CASE("schema: names and numbers find their entities and fields, others find nothing") {
  const Schema schema = schema_with({});
  CHECK(schema.find("shape") == schema.find(EntityNumber{500}));
  CHECK(schema.find("Shape") == nullptr);
  CHECK(schema.find(EntityNumber{7}) == nullptr);
  CHECK(schema.entity("shape").find("sides")->type == Type::integer);
  CHECK(schema.entity("shape").find("side") == nullptr);
}

TEST_CASE("schema: an unknown name is not found, and the nearest known one is the hint") {
  const Schema schema = schema_with({});
  const Error field = error_of([&] { schema.entity("shape").field("lable"); });
  CHECK(field.code() == Code::not_found);
  CHECK(field.first().entity == "shape");
  CHECK(field.first().hint == "did you mean label?");
  CHECK(error_of([&] { schema.entity("shapes"); }).first().hint == "did you mean shape?");
  CHECK(error_of([&] { schema.entity("nothing_like_it"); }).first().hint.empty());
  CHECK(error_of([&] { schema.entity(EntityNumber{9}); }).code() == Code::not_found);
}

TEST_CASE("schema: a customer's records are indexed in time where they tell when they happened, by one index") {
  const Schema schema(described_entities(), {}, 1);
  const Entity& order = schema.entity("order");
  const auto number = [&](std::string_view name) { return order.field(name).number; };
  CHECK(order.moment_field == number("ordered_at"));
  const auto with_customer = std::ranges::count_if(
      order.indexes, [&](const Index& index) { return index.fields.front() == number("customer_id"); });
  CHECK(with_customer == 1);
  const auto in_time = std::ranges::find_if(order.indexes, &Index::open_end);
  REQUIRE(in_time != order.indexes.end());
  CHECK(in_time->fields == std::vector<FieldNumber>{number("customer_id"), number("ordered_at")});
  CHECK(in_time->needed() == 1);
  CHECK_FALSE(schema.entity("order_line").moment_field.has_value());
}

TEST_CASE("schema: indexes follow from flags and keys, unique ones first") {
  const Schema schema = schema_with({});
  const Entity& shape = schema.entity("shape");
  const auto number = [&](std::string_view name) { return shape.field(name).number; };
  REQUIRE(shape.indexes.size() == 4);
  CHECK(shape.indexes[0].unique);
  CHECK(shape.indexes[0].fields == std::vector<FieldNumber>{number("code")});
  CHECK(shape.indexes[1].unique);
  CHECK(shape.indexes[1].fields == std::vector<FieldNumber>{number("label"), number("born")});
  CHECK(!shape.indexes[2].unique);
  CHECK(shape.indexes[2].fields == std::vector<FieldNumber>{number("customer_id")});
  CHECK(shape.indexes[3].fields == std::vector<FieldNumber>{number("sides")});
}

TEST_CASE("schema: options of a line become the field's") {
  const Schema schema = schema_with({});
  const Entity& shape = schema.entity("shape");
  CHECK(shape.customer_field == shape.field("customer_id").number);
  CHECK(shape.field("customer_id").reference == "customer");
  CHECK(shape.field("label").choices == std::vector<std::string>{"round", "square", "odd"});
  CHECK(shape.field("label").has(field_flag::required));
  CHECK(shape.field("code").has(field_flag::personal));
  CHECK(!schema.entity("corner").customer_field);
  CHECK(schema.entity("corner").keeping == Keeping::derived);
}

TEST_CASE("schema: a store that was written before keeps its numbers, whatever the order of lines and rows") {
  std::vector<CatalogField> catalog = schema_with({}).catalog();
  const auto swap_numbers = [&](std::string_view a, std::string_view b) {
    const auto find = [&](std::string_view name) {
      return std::find_if(catalog.begin(), catalog.end(), [&](const CatalogField& row) { return row.name == name; });
    };
    std::swap(find(a)->number, find(b)->number);
  };
  swap_numbers("sides", "code");
  std::reverse(catalog.begin(), catalog.end());
  const Schema schema = schema_with(catalog);
  CHECK(schema.entity("shape").field("code").number == 4);
  CHECK(schema.entity("shape").field("sides").number == 12);
  CHECK(schema.entity("shape").indexes[0].fields == std::vector<FieldNumber>{4});
  CHECK(schema.added().empty());
}

TEST_CASE("schema: a field that is new to a store is numbered after those it has, and listed") {
  std::vector<CatalogField> catalog = schema_with({}).catalog();
  std::erase_if(catalog, [](const CatalogField& row) { return row.name == "code"; });
  const Schema schema = schema_with(catalog);
  REQUIRE(schema.added().size() == 1);
  CHECK(schema.added()[0].name == "code");
  CHECK(schema.added()[0].number == 12);
  CHECK(schema.catalog().size() == catalog.size() + 1);
}

TEST_CASE("schema: a field that is no longer described stays readable and is no longer required") {
  std::vector<CatalogField> catalog = schema_with({}).catalog();
  const auto corner = std::find_if(catalog.begin(), catalog.end(), [](const auto& row) { return row.entity == 501; });
  REQUIRE(corner != catalog.end());
  catalog.push_back({501, 4, "colour", Type::text, field_flag::required | field_flag::personal, {}});
  const Schema schema = schema_with(catalog);
  const Field& colour = schema.entity("corner").field("colour");
  CHECK(colour.number == 4);
  CHECK(!colour.has(field_flag::required));
  CHECK(colour.has(field_flag::personal));
  CHECK(schema.added().empty());
}

TEST_CASE("schema: rows of an entity that this program does not know are kept") {
  std::vector<CatalogField> catalog = schema_with({}).catalog();
  catalog.push_back({900, 3, "later", Type::text, 0, {}});
  const Schema schema = schema_with(catalog);
  CHECK(schema.find(EntityNumber{900}) == nullptr);
  REQUIRE(schema.catalog().size() == catalog.size());
  CHECK(schema.catalog().back().name == "later");
}

TEST_CASE("schema: building again from its own catalogue changes nothing") {
  std::vector<CatalogField> catalog = schema_with({}).catalog();
  catalog.push_back(schema_with(catalog).custom(custom("weight", Type::decimal, field_flag::indexed)));
  const Schema schema = schema_with(catalog);
  CHECK(schema.added().empty());
  const std::vector<CatalogField> again = schema.catalog();
  REQUIRE(again.size() == catalog.size());
  const Schema twice = schema_with(again);
  for (const Entity& entity : schema.entities()) {
    const Entity& same = twice.entity(entity.number);
    REQUIRE(same.fields.size() == entity.fields.size());
    for (const Field& field : entity.fields) {
      CHECK(same.fields[field.number].name == field.name);
      CHECK(same.fields[field.number].flags == field.flags);
      CHECK(same.fields[field.number].doc == field.doc);
    }
  }
}

TEST_CASE("schema: a catalogue that contradicts itself is corrupt") {
  const auto code_with = [](CatalogField row) {
    std::vector<CatalogField> catalog = schema_with({}).catalog();
    catalog.push_back(std::move(row));
    return error_of([&] { schema_with(catalog); }).code();
  };
  CHECK(code_with({500, 3, "again", Type::text, 0, {}}) == Code::corrupt);
  CHECK(code_with({500, 14, "after_a_hole", Type::text, 0, {}}) == Code::corrupt);
  CHECK(code_with({500, 13, "sides", Type::integer, 0, {}}) == Code::corrupt);
  CHECK(code_with({500, 13, "version", Type::integer, 0, {}}) == Code::corrupt);
  CHECK(code_with({500, 0, "zeroth", Type::integer, 0, {}}) == Code::corrupt);
}

TEST_CASE("schema: a field that changed its type is not supported, and is named") {
  std::vector<CatalogField> catalog = schema_with({}).catalog();
  for (CatalogField& row : catalog) {
    if (row.name == "sides") row.type = Type::text;
  }
  const Error error = error_of([&] { schema_with(catalog); });
  CHECK(error.code() == Code::unsupported);
  CHECK(error.first().entity == "shape");
  CHECK(error.first().field == "sides");
}

TEST_CASE("schema: a custom field gets its prefix, the next number and its flags") {
  const Schema schema = schema_with({});
  const CatalogField row = schema.custom(custom("weight", Type::decimal, field_flag::indexed | field_flag::personal));
  CHECK(row.entity == 500);
  CHECK(row.number == 13);
  CHECK(row.name == "x_weight");
  CHECK(row.type == Type::decimal);
  CHECK(row.flags == (field_flag::indexed | field_flag::personal | field_flag::custom));
  CHECK(row.doc == "a test");
  CHECK(schema.custom(custom("x_weight")).name == "x_weight");
}

TEST_CASE("schema: a custom field is a field like any other, and its doc is kept") {
  std::vector<CatalogField> catalog = schema_with({}).catalog();
  catalog.push_back(schema_with(catalog).custom(custom("weight", Type::decimal, field_flag::indexed)));
  const Schema schema = schema_with(catalog);
  const Field& weight = schema.entity("shape").field("x_weight");
  CHECK(weight.type == Type::decimal);
  CHECK(weight.doc == "a test");
  CHECK(schema.entity("shape").indexes.back().fields == std::vector<FieldNumber>{weight.number});
  CHECK(schema.added().empty());
  CHECK(error_of([&] { schema.custom(custom("weight")); }).code() == Code::duplicate);
  CHECK(error_of([&] { schema.custom(custom("x_weight")); }).code() == Code::duplicate);
}

TEST_CASE("schema: names, types and flags of custom fields are checked") {
  const Schema schema = schema_with({});
  const auto code = [&](const CustomField& field) { return error_of([&] { schema.custom(field); }).code(); };
  for (const char* name : {"", "Weight", "7up", "a b", "a-b", "_a", "größe", "a;drop"}) {
    CHECK_MESSAGE(code(custom(name)) == Code::invalid, name);
  }
  CHECK(code(custom(std::string(60, 'a'))) == Code::ok);
  CHECK(code(custom(std::string(61, 'a'))) == Code::invalid);
  CHECK(code(custom("weight", Type::integer, field_flag::unique)) == Code::invalid);
  CHECK(code(custom("weight", Type::integer, field_flag::required)) == Code::invalid);
  CHECK(code(custom("weight", static_cast<Type>(77))) == Code::invalid);
  CHECK(code({"corner", "weight", Type::integer, 0, {}}) == Code::invalid);
  CHECK(code({"nowhere", "weight", Type::integer, 0, {}}) == Code::invalid);
}

TEST_CASE("schema: the program's own entities make a schema, in the order of numbers") {
  const Schema schema(described_entities(), {}, 1);
  CHECK(schema.entity("customer").customer_field == std::nullopt);
  CHECK(schema.entity("order_line").customer_field.has_value());
  CHECK(std::is_sorted(schema.entities().begin(), schema.entities().end(),
                       [](const Entity& a, const Entity& b) { return a.number < b.number; }));
}
