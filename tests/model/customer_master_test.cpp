// Acceptance: the record types that customer master data needs exist, with the fields they need.
#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include "emptor/model/entities.hpp"
#include "emptor/model/record.hpp"
#include "emptor/model/schema.hpp"

namespace emptor {
namespace {

const Schema& schema() {
  static const Schema described(described_entities(), {}, 1);
  return described;
}

struct Wanted {
  std::string_view field;
  Type type;
};

void check_fields(std::string_view entity_name, std::initializer_list<Wanted> wanted) {
  CAPTURE(entity_name);
  const Entity& entity = schema().entity(entity_name);
  for (const Wanted& each : wanted) {
    CAPTURE(each.field);
    const Field* field = entity.find(each.field);
    REQUIRE(field != nullptr);
    CHECK(field->type == each.type);
  }
}

bool offers(std::string_view entity, std::string_view field, std::string_view choice) {
  const auto& choices = schema().entity(entity).field(field).choices;
  return std::ranges::find(choices, choice) != choices.end();
}

std::string_view target(std::string_view entity, std::string_view field) {
  return schema().entity(entity).field(field).reference;
}

}  // namespace

TEST_CASE("[B1] customer master: one format, with the standard classifications") {
  check_fields("customer", {{"kind", Type::text},
                            {"name", Type::text},
                            {"name_key", Type::text},
                            {"stage", Type::text},
                            {"segment", Type::text},
                            {"industry", Type::text},
                            {"tier", Type::text},
                            {"country", Type::text},
                            {"source", Type::text},
                            {"owner_id", Type::id},
                            {"since", Type::instant}});
  for (const std::string_view stage : {"prospect", "new", "active", "regular", "dormant", "lost"})
    CHECK(offers("customer", "stage", stage));
}

TEST_CASE("[B4] customer master: persons, organisations, and members of a programme") {
  CHECK(offers("customer", "kind", "person"));
  CHECK(offers("customer", "kind", "organisation"));
  check_fields("enrolment", {{"customer_id", Type::id},
                             {"programme_id", Type::id},
                             {"number", Type::text},
                             {"enrolled_at", Type::instant},
                             {"status", Type::text}});
  CHECK(target("enrolment", "programme_id") == "programme");
  CHECK(offers("programme", "kind", "loyalty"));
}

TEST_CASE("[B5] customer master: several contacts a customer, the key ones marked") {
  check_fields("relationship", {{"customer_id", Type::id},
                                {"related_id", Type::id},
                                {"kind", Type::text},
                                {"position", Type::text},
                                {"influence", Type::text},
                                {"key_contact", Type::boolean}});
  CHECK(target("relationship", "related_id") == "customer");
  CHECK(offers("relationship", "kind", "contact"));
  CHECK(offers("relationship", "kind", "household"));
  const Field& related = schema().entity("relationship").field("related_id");
  CHECK_FALSE(related.has(field_flag::unique));
}

TEST_CASE("[B6] customer master: every way to reach a customer, found by its normal form") {
  check_fields("contact_point", {{"customer_id", Type::id},
                                 {"origin_id", Type::id},
                                 {"channel", Type::text},
                                 {"value", Type::text},
                                 {"value_key", Type::text},
                                 {"label", Type::text},
                                 {"preferred", Type::boolean}});
  for (const std::string_view channel : {"phone", "mobile", "email", "fax", "address", "wechat", "web"})
    CHECK(offers("contact_point", "channel", channel));
  CHECK(schema().entity("contact_point").field("value_key").has(field_flag::indexed));
}

TEST_CASE("[B7] customer master: how the customer wants to be reached, and what they agreed to") {
  for (const std::string_view channel : {"phone", "sms", "email", "wechat", "mail", "visit"}) {
    CHECK(offers("customer", "preferred_channel", channel));
    CHECK(offers("consent", "channel", channel));
  }
  check_fields("consent", {{"purpose", Type::text}, {"state", Type::text}, {"stated_at", Type::instant}});
  CHECK(offers("consent", "state", "refused"));
}

TEST_CASE("[B8] customer master: branches and offices belong to their company") {
  check_fields("customer", {{"parent_id", Type::id}});
  CHECK(target("customer", "parent_id") == "customer");
  CHECK(schema().entity("customer").field("parent_id").has(field_flag::indexed));
}

TEST_CASE("[B9] customer master: place in the supply chain and industry") {
  check_fields("customer", {{"supply_position", Type::text}, {"industry", Type::text}, {"employees", Type::integer}});
  for (const std::string_view position : {"end_user", "retailer", "wholesaler", "manufacturer", "supplier"})
    CHECK(offers("customer", "supply_position", position));
}

TEST_CASE("[B10] customer master: age, region and background") {
  check_fields("customer", {{"birth_date", Type::date},
                            {"age", Type::integer},
                            {"gender", Type::text},
                            {"marital_status", Type::text},
                            {"education", Type::text},
                            {"occupation", Type::text},
                            {"annual_revenue", Type::decimal},
                            {"country", Type::text},
                            {"region", Type::text},
                            {"city", Type::text},
                            {"language", Type::text}});
}

TEST_CASE("[B10] customer master: a record is the struct that describes it, field by field") {
  const auto described = std::make_shared<const Schema>(described_entities(), std::span<const CatalogField>(), 1);
  Record record(described, Customer::entity_number);
  record.set("kind", "person");
  record.set("name", "Ada Lovelace");
  record.set("birth_date", Date{-56'270});
  record.set("annual_revenue", Decimal::of(125, 1));
  record.set("age", 36);
  const auto customer = record.as<Customer>();
  CHECK(customer.kind == "person");
  CHECK(customer.name == "Ada Lovelace");
  CHECK(customer.birth_date == Date{-56'270});
  CHECK(customer.annual_revenue == Decimal::of(125, 1));
  CHECK(customer.age == 36);
  CHECK(customer.city.empty());
  CHECK_FALSE(customer.employees.has_value());
}

}  // namespace emptor
