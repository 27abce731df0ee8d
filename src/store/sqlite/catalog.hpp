/// What a file says about itself (format, settings, fields), and how a new or older file is brought up
/// to the entities that this program describes.
#pragma once

#include <string>
#include <vector>

#include "emptor/store/store.hpp"
#include "store/sqlite/connection.hpp"

namespace emptor::sqlite {

inline constexpr int application_id = 0x456d7074;  ///< "Empt"
inline constexpr int format_major = 1;
inline constexpr int format_minor = 0;

struct FileState {
  bool empty = false;        ///< no store was made in it yet
  bool newer_minor = false;  ///< to be read, not written
};

/// Throws Code::corrupt for a foreign file and Code::newer for a format of a newer major version.
FileState inspect(Connection& connection);

std::string read_setting(Connection& connection, std::string_view name);
void write_setting(Connection& connection, std::string_view name, std::string_view value);
/// Of those that are set, without what `StoreInfo` tells.
std::vector<std::string> setting_names(Connection& connection);
/// The next number to give, as the file has it.
std::int64_t next_id(Connection& connection, EntityNumber entity);
/// The schema of the snapshot that the connection stands in.
SchemaPtr load_schema(Connection& connection);
/// Whether fields or indexes are missing.
bool is_behind(Connection& connection, const Schema& schema);

/// Both require the write lock. They run a transaction of their own.
void create_store(Connection& connection, const OpenOptions& options);
void migrate(Connection& connection);

/// Adds one field (its column, index and catalogue row) and returns the new schema. Requires a transaction.
SchemaPtr add_field(Connection& connection, const Schema& schema, const CatalogField& field);

/// Gives fields other flags and returns the new schema. Requires a transaction.
SchemaPtr mark_fields(Connection& connection, const Schema& schema, std::span<const CatalogField> fields);

/// Gives up the non-unique indexes of an entity.
void drop_indexes(Connection& connection, const Entity& entity);
/// Builds one index that the schema has and the file lacks; false where there is none.
bool restore_index(Connection& connection, const Schema& schema);

}  // namespace emptor::sqlite
