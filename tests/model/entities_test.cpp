#include "emptor/model/entities.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emptor/model/schema.hpp"
#include "model/entity_lists.hpp"

namespace emptor {
namespace {

const EntityDescription* find(std::string_view name) {
  const auto all = described_entities();
  const auto found = std::ranges::find(all, name, &EntityDescription::name);
  return found == all.end() ? nullptr : &*found;
}

const FieldDescription* find(const EntityDescription& entity, std::string_view name) {
  const auto found = std::ranges::find(entity.fields, name, &FieldDescription::name);
  return found == entity.fields.end() ? nullptr : &*found;
}

bool is_snake_case(std::string_view name) {
  const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
  if (name.empty() || !small(name.front()) || name.back() == '_' || name.find("__") != name.npos) return false;
  return std::ranges::all_of(name, [&](char c) { return small(c) || (c >= '0' && c <= '9') || c == '_'; });
}

std::vector<std::string_view> choices_of(const FieldDescription& field) {
  std::vector<std::string_view> choices;
  std::string_view rest = field.options.choices;
  while (!rest.empty()) {
    const std::size_t bar = std::min(rest.find('|'), rest.size());
    choices.push_back(rest.substr(0, bar));
    rest.remove_prefix(std::min(bar + 1, rest.size()));
  }
  return choices;
}

template <class Check>
void each_field(const Check& check) {
  for (const EntityDescription& entity : described_entities()) {
    for (const FieldDescription& field : entity.fields) {
      CAPTURE(entity.name);
      CAPTURE(field.name);
      check(entity, field);
    }
  }
}

}  // namespace

TEST_CASE("entities: numbers are those that journals carry, for ever") {
  std::vector<std::pair<int, std::string_view>> described;
  for (const EntityDescription& entity : described_entities()) described.emplace_back(entity.number, entity.name);
  const std::vector<std::pair<int, std::string_view>> golden(std::begin(numbers_for_ever), std::end(numbers_for_ever));
  CHECK(described == golden);
}

TEST_CASE("entities: names are snake_case and no two share a name or a number") {
  std::set<std::string_view> names;
  std::set<int> numbers;
  for (const EntityDescription& entity : described_entities()) {
    CAPTURE(entity.name);
    CHECK(is_snake_case(entity.name));
    CHECK(names.insert(entity.name).second);
    CHECK(numbers.insert(entity.number).second);
  }
}

TEST_CASE("entities: field names are snake_case, unique, and free of the library's and custom fields' names") {
  for (const EntityDescription& entity : described_entities()) {
    std::set<std::string_view> names{"id", "version", "deleted_at"};
    for (const FieldDescription& field : entity.fields) {
      CAPTURE(entity.name);
      CAPTURE(field.name);
      CHECK(is_snake_case(field.name));
      CHECK_FALSE(field.name.starts_with("x_"));
      CHECK(names.insert(field.name).second);
    }
  }
}

TEST_CASE("entities: every entity and field says what it means, in a phrase without a full stop") {
  for (const EntityDescription& entity : described_entities()) {
    CAPTURE(entity.name);
    CHECK(entity.doc.size() > 5);
    CHECK_FALSE(entity.doc.ends_with('.'));
    CHECK_FALSE(entity.fields.empty());
  }
  each_field([](const EntityDescription&, const FieldDescription& field) {
    CHECK(field.doc.size() > 2);
    CHECK_FALSE(field.doc.ends_with('.'));
  });
}

TEST_CASE("entities: every reference is an id and points to a known entity") {
  each_field([](const EntityDescription& entity, const FieldDescription& field) {
    const std::string_view reference = field.options.reference;
    CHECK((field.type == Type::id) == !reference.empty());
    if (reference.empty()) return;
    CHECK(field.name.ends_with("_id"));
    CHECK((reference == "*" ? find(entity, "entity") != nullptr : find(reference) != nullptr));
  });
}

TEST_CASE("entities: a child of a customer names its customer and the one it came from") {
  each_field([](const EntityDescription& entity, const FieldDescription& field) {
    const bool names_owner = (field.options.flags & field_flag::owner) != 0;
    CHECK(names_owner == (field.name == "customer_id"));
    if (!names_owner) return;
    CHECK((field.options.flags & field_flag::indexed) != 0);
    const FieldDescription* origin = find(entity, "origin_id");
    REQUIRE(origin != nullptr);
    CHECK(origin->options.reference == "customer");
    CHECK((origin->options.flags & field_flag::required) == 0);
  });
}

TEST_CASE("entities: personal data are flagged as such") {
  for (const auto& [entity_name, field_name] : personal_for_sure) {
    CAPTURE(entity_name);
    CAPTURE(field_name);
    const EntityDescription* entity = find(entity_name);
    REQUIRE(entity != nullptr);
    const FieldDescription* field = find(*entity, field_name);
    REQUIRE(field != nullptr);
    CHECK((field->options.flags & field_flag::personal) != 0);
  }
}

TEST_CASE("entities: a folded key is as personal as what it is folded from, and set by the library") {
  each_field([](const EntityDescription& entity, const FieldDescription& field) {
    if (!field.name.ends_with("_key") || field.type != Type::text) return;
    const FieldDescription* source = find(entity, field.name.substr(0, field.name.size() - 4));
    REQUIRE(source != nullptr);
    CHECK((field.options.flags & field_flag::system) != 0);
    CHECK((field.options.flags & field_flag::indexed) != 0);
    CHECK((field.options.flags & field_flag::personal) == (source->options.flags & field_flag::personal));
  });
}

TEST_CASE("entities: an amount says in which currency it is") {
  each_field([](const EntityDescription& entity, const FieldDescription& field) {
    if (field.type != Type::decimal) return;
    if (field.doc.find("`currency`") != field.doc.npos) CHECK(find(entity, "currency") != nullptr);
    if (field.name == "amount" || field.name == "price" || field.name == "cost" || field.name == "budget") {
      CHECK(field.doc.find("currency") != field.doc.npos);
    }
    if (field.name != "base_amount") return;
    CHECK(find(entity, "amount") != nullptr);
    CHECK(find(entity, "currency") != nullptr);
  });
}

TEST_CASE("entities: money and quantities are exact, never reals") {
  constexpr std::array exact = {"amount",   "base_amount", "price",   "cost", "quantity",
                                "discount", "budget",      "revenue", "limit"};
  each_field([&](const EntityDescription&, const FieldDescription& field) {
    if (std::ranges::find(exact, field.name) != exact.end()) CHECK(field.type == Type::decimal);
  });
}

TEST_CASE("entities: choices are distinct single words of a text") {
  each_field([](const EntityDescription&, const FieldDescription& field) {
    const auto choices = choices_of(field);
    if (choices.empty()) return;
    CHECK(field.type == Type::text);
    CHECK(choices.size() > 1);
    CHECK(std::set(choices.begin(), choices.end()).size() == choices.size());
    CHECK(std::ranges::all_of(choices, is_snake_case));
  });
}

TEST_CASE("entities: instants end in _at and days do not") {
  each_field([](const EntityDescription&, const FieldDescription& field) {
    const bool named_as_instant = field.name.ends_with("_at") || field.name == "at" || field.name == "since";
    if (field.type == Type::instant) CHECK(named_as_instant);
    if (field.type == Type::date) CHECK_FALSE(named_as_instant);
  });
}

TEST_CASE("entities: together they make a schema, with an index for each key and look-up") {
  const Schema schema(described_entities(), {}, 1);
  REQUIRE(schema.entities().size() == std::size(numbers_for_ever));
  CHECK(schema.entity("order_line").customer_field == schema.entity("order_line").field("customer_id").number);
  CHECK_FALSE(schema.entity("product").customer_field.has_value());
  const auto& coupon = schema.entity("coupon");
  REQUIRE_FALSE(coupon.indexes.empty());
  CHECK(coupon.indexes.front().unique);
  CHECK(coupon.indexes.front().fields == std::vector<FieldNumber>{coupon.field("code").number});
}

TEST_CASE("entities: the entities that an import fills row by row carry few indexes") {
  // Each index is a second write of every imported row; these are the ones that a look-up needs.
  const Schema schema(described_entities(), {}, 1);
  CHECK(schema.entity("order_line").indexes.size() <= 3);
  CHECK(schema.entity("order").indexes.size() <= 3);
  CHECK(schema.entity("contact_point").indexes.size() <= 2);
}

TEST_CASE("entities: what a firm has a few hundred of carries no index, for a scan is as quick") {
  const Schema schema(described_entities(), {}, 1);
  for (const std::string_view few : {"user", "role", "team", "territory", "pipeline_stage", "survey_question",
                                     "campaign", "calendar", "holiday", "workflow_transition", "segment"}) {
    CAPTURE(few);
    CHECK(schema.entity(few).indexes.empty());
  }
}

TEST_CASE("entities: a pipeline has the eight steps of the sales method unless told otherwise") {
  const std::set<std::string_view> distinct(sales_steps.begin(), sales_steps.end());
  CHECK(distinct.size() == 8);
  CHECK(sales_steps.front() == "find");
  CHECK(sales_steps.back() == "satisfy");
}

}  // namespace emptor
