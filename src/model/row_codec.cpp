#include "model/row_codec.hpp"

#include <algorithm>
#include <limits>

#include "core/varint.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

constexpr Value missing{};

const Value& value_at(Row row, std::size_t number) { return number < row.size() ? row[number] : missing; }

[[noreturn]] void throw_corrupt(const Entity& entity, std::string_view field) {
  Problem problem;
  problem.code = Code::corrupt;
  problem.message = "the bytes of a row are damaged";
  problem.entity = entity.name;
  problem.field = field;
  throw Error(std::move(problem));
}

/// Appends a number (of a field, with or without a mark) and the value's payload in one go.
void append_field(std::string& out, std::uint64_t number, const Value& value) {
  char buffer[2 * max_varint_bytes];
  char* const after_number = write_varint(buffer, number);
  const auto size_of = [&buffer](const char* end) { return static_cast<std::size_t>(end - buffer); };
  if (value.is_text()) {
    out.append(buffer, size_of(write_varint(after_number, value.text().size())));
    out.append(value.text());
  } else if (value.type() == Type::real) {
    out.append(buffer, size_of(after_number));
    append_fixed64(out, static_cast<std::uint64_t>(value.bits()));
  } else {
    out.append(buffer, size_of(write_varint(after_number, zigzag(value.bits()))));
  }
}

bool is_chosen(const Field& field, FieldChoice choice) {
  return choice == FieldChoice::all || field.has(field_flag::personal) == (choice == FieldChoice::personal);
}

/// Whether bits are a value of that type: there is no id 0, no third truth, no day past 32 bits.
bool is_value(Type type, std::int64_t bits) {
  switch (type) {
    case Type::id:
      return bits != 0;
    case Type::boolean:
      return bits == 0 || bits == 1;
    case Type::date:
      return bits >= std::numeric_limits<std::int32_t>::min() && bits <= std::numeric_limits<std::int32_t>::max();
    default:
      return true;
  }
}

Value read_text(const Entity& entity, const Field& field, ByteReader& reader) {
  const std::string_view text = reader.sized();
  if (text.empty() || text.size() > std::numeric_limits<std::uint32_t>::max()) throw_corrupt(entity, field.name);
  return field.type == Type::text ? Value(text) : Value::bytes(text);
}

Value read_value(const Entity& entity, const Field& field, ByteReader& reader) {
  if (field.type == Type::text || field.type == Type::bytes) return read_text(entity, field, reader);
  if (field.type == Type::real) return Value::of_bits(Type::real, static_cast<std::int64_t>(reader.fixed64()));
  const std::int64_t bits = reader.zigzag();
  if (!is_value(field.type, bits)) throw_corrupt(entity, field.name);
  return Value::of_bits(field.type, bits);
}

/// The field of that number, which must be one and come after those that were read (`lowest` and up).
const Field& next_field(const Entity& entity, std::uint64_t number, std::uint64_t& lowest) {
  if (number < lowest || number >= entity.fields.size()) throw_corrupt(entity, {});
  lowest = number + 1;
  return entity.fields[static_cast<std::size_t>(number)];
}

template <class Take>
void read_difference(const Entity& entity, std::string_view difference, Take&& take) {
  ByteReader reader(difference);
  for (std::uint64_t lowest = 0; !reader.done();) {
    const std::uint64_t marked = reader.varint();
    const Field& field = next_field(entity, marked >> 1, lowest);
    take(field, (marked & 1) != 0 ? read_value(entity, field, reader) : Value());
  }
}

}  // namespace

void encode_row(const Entity& entity, Row row, std::string& out, FieldNumber first) {
  const std::size_t end = std::min(row.size(), entity.fields.size());
  for (std::size_t number = first; number < end; ++number) {
    if (row[number].present()) append_field(out, number, row[number]);
  }
}

void decode_row(const Entity& entity, std::string_view encoded, std::vector<Value>& row) {
  row.assign(entity.fields.size(), Value());
  ByteReader reader(encoded);
  for (std::uint64_t lowest = 0; !reader.done();) {
    const Field& field = next_field(entity, reader.varint(), lowest);
    row[field.number] = read_value(entity, field, reader);
  }
}

void encode_difference(const Entity& entity, Row from, Row to, std::string& out, FieldNumber first,
                       FieldChoice choice) {
  for (std::size_t number = first; number < entity.fields.size(); ++number) {
    const Value& value = value_at(to, number);
    if (value == value_at(from, number) || !is_chosen(entity.fields[number], choice)) continue;
    if (value.present()) {
      append_field(out, number << 1 | 1, value);
    } else {
      append_varint(out, number << 1);
    }
  }
}

void apply_difference(const Entity& entity, std::string_view difference, std::vector<Value>& row) {
  row.resize(entity.fields.size());
  read_difference(entity, difference, [&](const Field& field, const Value& value) { row[field.number] = value; });
}

void list_difference(const Entity& entity, std::string_view difference, std::vector<FieldNumber>& fields) {
  read_difference(entity, difference, [&](const Field& field, const Value&) { fields.push_back(field.number); });
}

}  // namespace emptor
