#include "emptor/model/record.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "emptor/core/error.hpp"
#include "emptor/model/party.hpp"
#include "model/shapes.hpp"

using namespace emptor;
using shapes::Shape;

namespace {

Code code_of(auto call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

void check_equal(const Shape& a, const Shape& b) {
  for (const FieldDescription& field : shapes::described_fields<Shape>) {
    CHECK_MESSAGE(read_member(&a, field) == read_member(&b, field), field.name);
  }
}

}  // namespace

TEST_CASE("record: a struct becomes a record and the same struct again") {
  const Shape shape = shapes::full_shape();
  check_equal(shapes::record_of(shape).as<Shape>(), shape);
  check_equal(shapes::record_of(Shape()).as<Shape>(), Shape());
}

TEST_CASE("record: id, version and deletion come with the struct") {
  Record record(shapes::schema(), Shape::entity_number);
  CHECK(record.id() == no_id);
  CHECK(record.version() == 0);
  CHECK(!record.deleted());
  record.set(system_field::id, Id{12});
  record.set(system_field::version, 7);
  record.set(system_field::deleted_at, Instant{99});
  const Shape shape = record.as<Shape>();
  CHECK(shape.id == Id{12});
  CHECK(shape.version == 7);
  CHECK(shape.deleted_at == Instant{99});
}

TEST_CASE("record: it owns its text, also when it is copied or moved") {
  Record record(shapes::schema(), Shape::entity_number);
  {
    std::string text(1'000, 'q');
    record.set("code", std::string_view(text));
    text.assign(1'000, 'z');
  }
  const Record copy = record;
  Record moved = std::move(record);
  CHECK(moved.get("code").text() == std::string(1'000, 'q'));
  moved.set("code", "other");
  CHECK(copy.get("code").text() == std::string(1'000, 'q'));
  CHECK(copy.get("code").text().data() != moved.get("code").text().data());
  Record assigned;
  assigned = copy;
  CHECK(assigned.get("code").text() == std::string(1'000, 'q'));
}

TEST_CASE("record: a value of another type is invalid, and names the place") {
  Record record(shapes::schema(), Shape::entity_number);
  try {
    record.set("area", 12);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == Code::invalid);
    CHECK(error.first().entity == "shape");
    CHECK(error.first().field == "area");
    CHECK(error.first().hint == "the field is of type decimal");
  }
  CHECK(code_of([&] { record.set("no_such", 12); }) == Code::not_found);
  CHECK(code_of([&] { record.get("no_such"); }) == Code::not_found);
  record.set("area", Value());
  CHECK(!record.get("area").present());
}

TEST_CASE("record: the struct of another entity is a misuse") {
  const Record record(shapes::schema(), Shape::entity_number);
  CHECK(code_of([&] { record.as<shapes::Corner>(); }) == Code::misuse);
  CHECK(code_of([&] { Record().as<Shape>(); }) == Code::misuse);
}

TEST_CASE("record: members of a struct are read and written by their lines") {
  const Shape full = shapes::full_shape();
  Shape copy;
  for (const FieldDescription& field : shapes::described_fields<Shape>) {
    write_member(&copy, field, read_member(&full, field));
  }
  check_equal(copy, full);
  for (const FieldDescription& field : shapes::described_fields<Shape>) write_member(&copy, field, Value());
  check_equal(copy, Shape());
  const FieldDescription& sides = shapes::described_fields<Shape>[1];
  CHECK(code_of([&] { write_member(&copy, sides, "four"); }) == Code::invalid);
}

TEST_CASE("record: a decimal that cannot be stored is invalid, and names the field") {
  Shape shape;
  shape.area = Decimal(9'300'000'000'000);
  const FieldDescription& area = shapes::described_fields<Shape>[2];
  try {
    read_member(&shape, area);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == Code::invalid);
    CHECK(error.first().field == "area");
  }
}

TEST_CASE("record: an arena keeps text of any length, also when it is moved") {
  Arena arena;
  const std::string_view small = arena.keep(std::string_view("abc"));
  const std::string long_text(100'000, 'x');
  const std::string_view large = arena.keep(std::string_view(long_text));
  const Arena moved = std::move(arena);
  CHECK(small == "abc");
  CHECK(large == long_text);
}

TEST_CASE("record: the description of every entity gives its values back [B1]") {
  Customer customer;
  customer.name = "王伟";
  customer.birth_date = Date{7'000};
  customer.annual_revenue = Decimal::of(125, 1);
  customer.parent_id = Id{4};
  const auto schema = std::make_shared<const Schema>(described_entities(), std::span<const CatalogField>{}, 1);
  Record record(schema, Customer::entity_number);
  static constexpr auto fields = fields_of<Customer>();
  for (const FieldDescription& field : fields) record.set(field.name, read_member(&customer, field));
  const Customer again = record.as<Customer>();
  CHECK(again.name == customer.name);
  CHECK(again.birth_date == customer.birth_date);
  CHECK(again.annual_revenue == customer.annual_revenue);
  CHECK(again.parent_id == customer.parent_id);
  CHECK(!again.since);
}
