// Two small entities with a member of every type, for the tests of schemas, records and encodings.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "emptor/model/describe.hpp"
#include "emptor/model/record.hpp"
#include "emptor/model/schema.hpp"

namespace emptor::shapes {

struct Shape {
  EMPTOR_ENTITY(Shape, "shape", 500, "one field of every type")
  static constexpr std::string_view unique_keys[] = {"label|born"};
  Id customer_id;
  EMPTOR_FIELD(customer_id, "an owner", of_customer)
  std::optional<std::int64_t> sides;
  EMPTOR_FIELD(sides, "an integer", indexed)
  std::optional<Decimal> area;
  EMPTOR_FIELD(area, "a decimal")
  std::optional<double> angle;
  EMPTOR_FIELD(angle, "a real")
  std::optional<bool> convex;
  EMPTOR_FIELD(convex, "a truth")
  std::string label;
  EMPTOR_FIELD(label, "a text", required | one_of("round|square|odd"))
  std::optional<Date> born;
  EMPTOR_FIELD(born, "a day")
  std::optional<Instant> seen;
  EMPTOR_FIELD(seen, "an instant")
  Octets mark;
  EMPTOR_FIELD(mark, "bytes")
  std::string code;
  EMPTOR_FIELD(code, "a unique text", unique | personal)
};

struct Corner {
  EMPTOR_ENTITY(Corner, "corner", 501, "a derived one")
  static constexpr Keeping keeping = Keeping::derived;
  Id shape_id;
  EMPTOR_FIELD(shape_id, "its shape", required | refers_to("shape"))
};

template <class T>
inline constexpr auto described_fields = fields_of<T>();

inline constexpr std::array<EntityDescription, 2> described = {{
    {"shape", "one field of every type", 500, Keeping::journalled, described_fields<Shape>, Shape::unique_keys},
    {"corner", "a derived one", 501, Keeping::derived, described_fields<Corner>, {}},
}};

inline SchemaPtr schema() { return std::make_shared<const Schema>(described, std::span<const CatalogField>{}, 1); }

inline Shape full_shape() {
  Shape shape;
  shape.customer_id = Id{1'234'567};
  shape.sides = -4;
  shape.area = Decimal::of(125, 1);
  shape.angle = 0.1;
  shape.convex = true;
  shape.label = "square";
  shape.born = Date{10'134};
  shape.seen = Instant{875'607'960'000'001};
  shape.mark.value = std::string("\0\xFF", 2);
  shape.code = "客户-7";
  return shape;
}

/// The row of a struct, as a session makes it.
template <class T>
Record record_of(const T& object) {
  Record record(schema(), T::entity_number);
  for (const FieldDescription& field : described_fields<T>) record.set(field.name, read_member(&object, field));
  return record;
}

}  // namespace emptor::shapes
