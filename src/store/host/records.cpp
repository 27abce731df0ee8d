#include "store/host/records.hpp"

#include <cstring>
#include <limits>

#include "core/digest.hpp"
#include "core/varint.hpp"
#include "store/host/keys.hpp"

namespace emptor::host {
namespace {

constexpr std::string_view magic = "EMPTOR";

Hash read_hash(ByteReader& reader) {
  Hash hash;
  std::memcpy(hash.data(), reader.bytes(hash.size()).data(), hash.size());
  return hash;
}

template <class Number>
Number read_number(ByteReader& reader) {
  const std::uint64_t number = reader.varint();
  if (number > std::numeric_limits<Number>::max()) fail_damaged();
  return static_cast<Number>(number);
}

std::int64_t read_count(ByteReader& reader) {
  const std::int64_t count = reader.zigzag();
  if (count < 0) fail_damaged();
  return count;
}

Type read_type(ByteReader& reader) {
  const std::uint64_t number = reader.varint();
  if (number > static_cast<std::uint64_t>(Type::bytes)) fail_damaged();
  return static_cast<Type>(number);
}

// Reads a whole value: what is left over was not written by us.
template <class Read>
auto read_whole(std::string_view bytes, const Read& read) {
  ByteReader reader(bytes);
  auto result = read(reader);
  if (!reader.done()) fail_damaged();
  return result;
}

}  // namespace

std::string write_format(const Format& format) {
  std::string bytes(magic);
  append_varint(bytes, format.major);
  append_varint(bytes, format.minor);
  return bytes;
}

Format read_format(std::string_view bytes) {
  return read_whole(bytes, [](ByteReader& reader) {
    if (reader.bytes(magic.size()) != magic) fail_damaged();
    Format format;
    format.major = reader.varint();
    format.minor = reader.varint();
    return format;
  });
}

std::string write_state(const StoreState& state) {
  std::string bytes;
  append_sized(bytes, state.info.store_id);
  append_sized(bytes, state.info.currency.code());
  append_sized(bytes, state.info.zone);
  append_varint(bytes, state.info.schema_version);
  append_zigzag(bytes, state.info.position);
  append_zigzag(bytes, state.forgotten);
  bytes.append(view_of(state.info.head));
  return bytes;
}

StoreState read_state(std::string_view bytes) {
  return read_whole(bytes, [](ByteReader& reader) {
    StoreState state;
    state.info.store_id = reader.sized();
    const std::optional<Currency> currency = Currency::parse(reader.sized());
    if (!currency) fail_damaged();
    state.info.currency = *currency;
    state.info.zone = reader.sized();
    state.info.schema_version = reader.varint();
    state.info.position = read_count(reader);
    state.forgotten = read_count(reader);
    state.info.head = read_hash(reader);
    return state;
  });
}

std::string write_entity_state(const EntityState& state) {
  std::string bytes;
  append_zigzag(bytes, state.last_id);
  append_varint(bytes, state.rows);
  return bytes;
}

EntityState read_entity_state(std::string_view bytes) {
  return read_whole(bytes, [](ByteReader& reader) {
    EntityState state;
    state.last_id = read_count(reader);
    state.rows = reader.varint();
    return state;
  });
}

std::string write_field(const CatalogField& field) {
  std::string bytes;
  append_sized(bytes, field.name);
  append_varint(bytes, static_cast<std::uint64_t>(field.type));
  append_varint(bytes, field.flags);
  append_sized(bytes, field.doc);
  return bytes;
}

CatalogField read_field(EntityNumber entity, FieldNumber number, std::string_view bytes) {
  return read_whole(bytes, [&](ByteReader& reader) {
    CatalogField field;
    field.entity = entity;
    field.number = number;
    field.name = reader.sized();
    field.type = read_type(reader);
    field.flags = read_number<std::uint32_t>(reader);
    field.doc = reader.sized();
    return field;
  });
}

std::string write_entry(const JournalEntry& entry) {
  std::string bytes;
  append_zigzag(bytes, entry.at.micros);
  append_zigzag(bytes, entry.actor.value);
  append_varint(bytes, entry.count);
  append_sized(bytes, entry.op_id);
  append_sized(bytes, entry.reason);
  append_sized(bytes, entry.changes);
  bytes.append(view_of(entry.root));
  bytes.append(view_of(entry.hash));
  return bytes;
}

JournalEntry read_entry(std::int64_t position, std::string_view bytes) {
  return read_whole(bytes, [&](ByteReader& reader) {
    JournalEntry entry;
    entry.position = entry.version = position;
    entry.at.micros = reader.zigzag();
    entry.actor.value = reader.zigzag();
    entry.count = read_number<std::uint32_t>(reader);
    entry.op_id = reader.sized();
    entry.reason = reader.sized();
    entry.changes = reader.sized();
    entry.root = read_hash(reader);
    entry.hash = read_hash(reader);
    return entry;
  });
}

std::string write_position(std::int64_t position) {
  std::string bytes;
  append_zigzag(bytes, position);
  return bytes;
}

std::int64_t read_position(std::string_view bytes) {
  return read_whole(bytes, [](ByteReader& reader) { return read_count(reader); });
}

}  // namespace emptor::host
