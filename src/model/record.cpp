#include "emptor/model/record.hpp"

#include <cstring>
#include <utility>

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

[[noreturn]] void throw_wrong_type(std::string_view entity, std::string_view field, Type type) {
  Problem problem;
  problem.message = "the value is not of the field's type";
  problem.entity = entity;
  problem.field = field;
  problem.hint = "the field is of type " + std::string(name_of(type));
  throw Error(std::move(problem));
}

template <class Member>
const Member& member(const void* object, const FieldDescription& field) {
  return *reinterpret_cast<const Member*>(static_cast<const char*>(object) + field.offset);
}
template <class Member>
Member& member(void* object, const FieldDescription& field) {
  return *reinterpret_cast<Member*>(static_cast<char*>(object) + field.offset);
}

template <class Content>
Value read_optional(const void* object, const FieldDescription& field) {
  const auto& content = member<std::optional<Content>>(object, field);
  return content ? Value(*content) : Value();
}

Value read_decimal(const void* object, const FieldDescription& field) {
  const auto& content = member<std::optional<Decimal>>(object, field);
  if (!content) return {};
  if (content->fits_micros()) return Value(*content);
  Problem problem;
  problem.message = "the number is too large to be stored";
  problem.field = field.name;
  problem.hint = "the bound is 9223372036854.775807";
  throw Error(std::move(problem));
}

/// Missing values clear the member.
template <class Content>
void write_optional(void* object, const FieldDescription& field, const Value& value, Content (Value::*get)() const) {
  auto& content = member<std::optional<Content>>(object, field);
  if (value.present()) {
    content = (value.*get)();
  } else {
    content.reset();
  }
}

}  // namespace

std::string_view Arena::keep(std::string_view text) {
  if (text.empty()) return {};
  if (!memory_) memory_ = std::make_unique<Memory>();
  char* const copy = static_cast<char*>(memory_->resource.allocate(text.size(), 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

Value Arena::keep(const Value& value) {
  if (!value.present() || !value.is_text()) return value;
  const std::string_view text = keep(value.text());
  return value.type() == Type::text ? Value(text) : Value::bytes(text);
}

Record::Record(SchemaPtr schema, EntityNumber entity) : schema_(std::move(schema)), entity_(entity) {
  values_.resize(this->entity().fields.size());
}

Record::Record(SchemaPtr schema, EntityNumber entity, Row row) : schema_(std::move(schema)), entity_(entity) {
  values_.reserve(row.size());
  for (const Value& value : row) values_.push_back(arena_.keep(value));
}

void Record::set(std::string_view field, const Value& value) {
  const Field& known = entity().field(field);
  if (value.present() && value.type() != known.type) throw_wrong_type(entity().name, known.name, known.type);
  set(known.number, value);
}

void Record::require(EntityNumber described) const {
  if (schema_ && entity_ == described) return;
  throw Error(Code::misuse, "a record was asked for as the struct of another entity");
}

Value read_member(const void* object, const FieldDescription& field) {
  switch (field.type) {
    case Type::id:
      return Value(member<Id>(object, field));
    case Type::integer:
      return read_optional<std::int64_t>(object, field);
    case Type::decimal:
      return read_decimal(object, field);
    case Type::real:
      return read_optional<double>(object, field);
    case Type::boolean:
      return read_optional<bool>(object, field);
    case Type::text:
      return Value(std::string_view(member<std::string>(object, field)));
    case Type::date:
      return read_optional<Date>(object, field);
    case Type::instant:
      return read_optional<Instant>(object, field);
    case Type::bytes:
      return Value::bytes(member<Octets>(object, field).value);
  }
  return {};
}

void write_member(void* object, const FieldDescription& field, const Value& value) {
  if (value.present() && value.type() != field.type) throw_wrong_type({}, field.name, field.type);
  switch (field.type) {
    case Type::id:
      member<Id>(object, field) = value.id();
      break;
    case Type::integer:
      write_optional<std::int64_t>(object, field, value, &Value::integer);
      break;
    case Type::decimal:
      write_optional<Decimal>(object, field, value, &Value::decimal);
      break;
    case Type::real:
      write_optional<double>(object, field, value, &Value::real);
      break;
    case Type::boolean:
      write_optional<bool>(object, field, value, &Value::boolean);
      break;
    case Type::text:
      member<std::string>(object, field) = value.text();
      break;
    case Type::date:
      write_optional<Date>(object, field, value, &Value::date);
      break;
    case Type::instant:
      write_optional<Instant>(object, field, value, &Value::instant);
      break;
    case Type::bytes:
      member<Octets>(object, field).value = value.text();
      break;
  }
}

}  // namespace emptor
