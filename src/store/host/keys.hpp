// The keys that a store has in the host's: a byte that says of what, then big-endian numbers and bytes, so that memcmp
// orders them as their parts. docs/host-store.md lists them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "emptor/model/schema.hpp"
#include "store/host/calls.hpp"
#include "store/keyvalue/source.hpp"

namespace emptor::host {

enum class Kind : char {
  format = first_host_key,  // what wrote the store
  info = 2,                 // what StoreInfo tells
  field = 3,                // entity, number: one row of the catalogue
  index = 4,                // number: this index is kept
  entity = 5,               // entity: the last number given, and how many rows there are
  setting = 6,              // name
  entry = 7,                // position: an entry of the journal
  operation = 8,            // digest of an operation id: the position of its entry
  row = 9,                  // entity, id
  index_entry = 10,         // index, encoded values (or their beginning and digest), id
};

/// Every key of the store; those of one kind.
Bounds every_key();
Bounds keys_of(Kind kind);

std::string format_key();
std::string info_key();
std::string field_key(EntityNumber entity, FieldNumber number);
std::string index_key(std::uint64_t index);
std::string entity_key(EntityNumber entity);
std::string setting_key(std::string_view name);
std::string entry_key(std::int64_t position);
/// Of any length are operation ids, so their digests stand for them.
std::string operation_key(std::string_view op_id);
std::string row_key(EntityNumber entity, Id id);
/// Long values are cut, so that no key is too long: such entries sort among others as they should, among those of one
/// beginning they do not, and their values stand in what the key leads to.
std::string index_entry_key(std::uint64_t index, std::string_view values, Id id);
inline constexpr std::size_t beginning_bytes = 220;
inline bool is_cut(std::string_view values) noexcept { return values.size() > beginning_bytes; }

/// The rows of an entity after an id.
Bounds rows_after(EntityNumber entity, Id after);
/// The entries of the journal after a position, up to another.
Bounds entries_between(std::int64_t after, std::int64_t up_to);
/// The entries of an index in a range, and what else is cut to the beginnings of its bounds; all of them; those of one
/// key.
Bounds index_range(std::uint64_t index, const keyvalue::KeyRange& range);
Bounds whole_index(std::uint64_t index);
Bounds index_entries_of(std::uint64_t index, std::string_view values);

/// What a key is about. Each throws Code::corrupt for a key of another shape.
struct FieldPlace {
  EntityNumber entity = 0;
  FieldNumber number = 0;
};
FieldPlace field_of(std::string_view key);
std::uint64_t index_of(std::string_view key);
std::string_view setting_of(std::string_view key);
std::int64_t position_of(std::string_view key);
Id row_of(std::string_view key);
struct IndexEntry {
  std::string values;
  Id id;
};
IndexEntry index_entry_of(std::string_view key, std::string_view value);

[[noreturn]] void fail_damaged();

}  // namespace emptor::host
