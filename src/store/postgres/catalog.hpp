/// What a tenant's schema says about itself (format, settings, fields), and how a new or older one is brought up to the
/// entities that this program describes.
#pragma once

#include <string>
#include <vector>

#include "emptor/store/store.hpp"
#include "store/postgres/connection.hpp"
#include "store/sql/snapshot_view.hpp"

namespace emptor::postgres {

inline constexpr int format_major = 1;
inline constexpr int format_minor = 0;

struct StoreState {
  bool empty = false;        ///< no store was made there yet
  bool newer_minor = false;  ///< to be read, not written
};

/// Throws Code::corrupt for a schema of somebody else's and Code::newer for a format of a newer major version.
StoreState inspect(Connection& connection, const std::string& schema);

std::string read_setting(Connection& connection, std::string_view name);
/// Sent with what follows.
void write_setting(Connection& connection, std::string_view name, std::string_view value);
/// Of those that are set, without what `StoreInfo` tells.
std::vector<std::string> setting_names(Connection& connection);
/// The next number to give.
std::int64_t next_id(Connection& connection, EntityNumber entity);
/// The schema of the snapshot that the connection stands in.
SchemaPtr load_schema(Connection& connection);
/// Whether fields or indexes are missing.
bool is_behind(Connection& connection, const Schema& schema);

/// Both require the turn to write. They run a transaction of their own.
void create_store(Connection& connection, const std::string& schema, const OpenOptions& options);
void migrate(Connection& connection);

/// Adds one field (its column, index and catalogue row) and returns the new schema. Requires a transaction.
SchemaPtr add_field(Connection& connection, const Schema& schema, const CatalogField& field);

/// Builds one index that the schema has and the database lacks; false where there is none.
bool restore_index(Connection& connection, const Schema& schema);

}  // namespace emptor::postgres
