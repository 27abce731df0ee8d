// The values that a store has in the host's, besides rows (model/row_codec.hpp). Every reading throws Code::corrupt for
// bytes that none of the writings made.
#pragma once

#include <string>
#include <string_view>

#include "emptor/store/store.hpp"

namespace emptor::host {

/// Of what is told by its key alone.
inline constexpr std::string_view mark = "1";

inline constexpr std::uint64_t format_major = 1;
inline constexpr std::uint64_t format_minor = 0;

struct Format {
  std::uint64_t major = format_major;
  std::uint64_t minor = format_minor;
};
std::string write_format(const Format& format);
Format read_format(std::string_view bytes);

/// What one value tells of the whole store.
struct StoreState {
  StoreInfo info;
  std::int64_t forgotten = 0;  ///< the journal begins after this position
};
std::string write_state(const StoreState& state);
StoreState read_state(std::string_view bytes);

/// Of an entity: nothing was given or put before the first.
struct EntityState {
  std::int64_t last_id = 0;
  std::uint64_t rows = 0;
};
std::string write_entity_state(const EntityState& state);
EntityState read_entity_state(std::string_view bytes);

/// Entity and number are the key's.
std::string write_field(const CatalogField& field);
CatalogField read_field(EntityNumber entity, FieldNumber number, std::string_view bytes);

/// The position, which is the version too, is the key's.
std::string write_entry(const JournalEntry& entry);
JournalEntry read_entry(std::int64_t position, std::string_view bytes);

std::string write_position(std::int64_t position);
std::int64_t read_position(std::string_view bytes);

}  // namespace emptor::host
