#include "store/sqlite/catalog.hpp"

#include <algorithm>
#include <charconv>

#include "model/next_schema.hpp"
#include "store/sql/catalog.hpp"
#include "store/store_id.hpp"

namespace emptor::sqlite {
namespace {

constexpr std::string_view schema_version_setting = "schema_version";

constexpr const char* own_tables =
    "CREATE TABLE emptor_setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE emptor_field(entity INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,"
    " type TEXT NOT NULL, flags INTEGER NOT NULL, doc TEXT, PRIMARY KEY(entity, number)) WITHOUT ROWID;"
    "CREATE TABLE emptor_sequence(entity INTEGER PRIMARY KEY, next INTEGER NOT NULL);"
    "CREATE TABLE emptor_journal(position INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor INTEGER NOT NULL,"
    " op_id TEXT, reason TEXT, count INTEGER NOT NULL, root BLOB NOT NULL, hash BLOB NOT NULL,"
    " changes BLOB NOT NULL);"
    "CREATE UNIQUE INDEX emptor_journal__op_id ON emptor_journal(op_id) WHERE op_id IS NOT NULL;";

std::int64_t ask_integer(Connection& connection, const std::string& text) {
  Statement statement(connection.handle(), text);
  return statement.step() ? statement.integer(0) : 0;
}

std::uint64_t schema_version(Connection& connection) {
  const std::string text = read_setting(connection, schema_version_setting);
  std::uint64_t version = 0;
  std::from_chars(text.data(), text.data() + text.size(), version);
  return version;
}

std::vector<CatalogField> load_catalog(Connection& connection) {
  std::vector<CatalogField> catalog;
  Use rows(
      connection.prepared("SELECT entity, number, name, type, flags, doc FROM emptor_field ORDER BY entity, number"));
  while (rows->step()) catalog.push_back(sql::field_from(*rows));
  return catalog;
}

void insert_field(Connection& connection, const CatalogField& field) {
  Use insert(connection.prepared("INSERT INTO emptor_field VALUES(?1, ?2, ?3, ?4, ?5, ?6)"));
  insert->bind(1, Value(std::int64_t{field.entity}));
  insert->bind(2, Value(std::int64_t{field.number}));
  insert->bind(3, Value(std::string_view(field.name)));
  insert->bind(4, Value(name_of(field.type)));
  insert->bind(5, Value(std::int64_t{field.flags}));
  insert->bind(6, Value(std::string_view(field.doc)));
  insert->step();
}

sql::Names things_in(Connection& connection, std::string_view kind) {
  sql::Names names;
  Statement rows(connection.handle(), "SELECT name FROM sqlite_schema WHERE type = ?1");
  rows.bind(1, Value(kind));
  while (rows.step()) names.emplace(rows.text(0));
  return names;
}

void bring_up_to_date(Connection& connection) {
  const SchemaPtr schema = load_schema(connection);
  for (const std::string& statement : sql::bring_up_to_date(
           sql::sqlite_dialect, *schema, things_in(connection, "table"), things_in(connection, "index")))
    connection.execute(statement);
  if (schema->added().empty()) return;
  for (const CatalogField& field : schema->added()) insert_field(connection, field);
  write_setting(connection, schema_version_setting, std::to_string(schema->version() + 1));
}

template <class Work>
void in_transaction(Connection& connection, const Work& work) {
  connection.execute("BEGIN IMMEDIATE");
  try {
    work();
    connection.execute("COMMIT");
  } catch (...) {
    connection.roll_back();
    throw;
  }
}

}  // namespace

FileState inspect(Connection& connection) {
  FileState state;
  const std::int64_t id = ask_integer(connection, "PRAGMA application_id");
  if (id != application_id) {
    state.empty = id == 0 && ask_integer(connection, "SELECT count(*) FROM sqlite_schema") == 0;
    if (state.empty) return state;
    throw Error(Code::corrupt, "the file is a database of another program, not a store",
                "`emptor import` reads the tables of a foreign SQLite file");
  }
  const std::int64_t format = ask_integer(connection, "PRAGMA user_version");
  if (format / 1000 > format_major)
    throw Error(Code::newer, "the store was written by a newer version of Emptor", "use that version");
  state.newer_minor = format / 1000 == format_major && format % 1000 > format_minor;
  return state;
}

std::string read_setting(Connection& connection, std::string_view name) {
  Use row(connection.prepared("SELECT value FROM emptor_setting WHERE name = ?1"));
  row->bind(1, Value(name));
  return row->step() ? std::string(row->text(0)) : std::string();
}

void write_setting(Connection& connection, std::string_view name, std::string_view value) {
  Use statement(connection.prepared(value.empty() ? "DELETE FROM emptor_setting WHERE name = ?1"
                                                  : "INSERT OR REPLACE INTO emptor_setting VALUES(?1, ?2)"));
  statement->bind(1, Value(name));
  if (!value.empty()) statement->bind(2, Value(value));
  statement->step();
}

std::vector<std::string> setting_names(Connection& connection) {
  std::vector<std::string> names;
  Use rows(
      connection.prepared("SELECT name FROM emptor_setting WHERE name NOT IN ('store_id', 'currency', 'zone',"
                          " 'schema_version') ORDER BY name"));
  while (rows->step()) names.emplace_back(rows->text(0));
  return names;
}

std::int64_t next_id(Connection& connection, EntityNumber entity) {
  Use row(connection.prepared("SELECT next FROM emptor_sequence WHERE entity = ?1"));
  row->bind(1, Value(std::int64_t{entity}));
  return row->step() ? row->integer(0) : 1;
}

SchemaPtr load_schema(Connection& connection) {
  return std::make_shared<const Schema>(described_entities(), load_catalog(connection), schema_version(connection));
}

bool is_behind(Connection& connection, const Schema& schema) {
  return !schema.added().empty() ||
         !sql::missing_indexes(sql::sqlite_dialect, schema, things_in(connection, "index")).empty();
}

void create_store(Connection& connection, const OpenOptions& options) {
  connection.execute("PRAGMA journal_mode=WAL");
  in_transaction(connection, [&] {
    connection.execute("PRAGMA application_id=" + std::to_string(application_id));
    connection.execute("PRAGMA user_version=" + std::to_string(format_major * 1000 + format_minor));
    connection.execute(own_tables);
    for (const auto& [name, value] : first_settings(options)) write_setting(connection, name, value);
    for (const CatalogField& field : first_catalog(options)) insert_field(connection, field);
    bring_up_to_date(connection);
  });
}

void migrate(Connection& connection) {
  in_transaction(connection, [&] { bring_up_to_date(connection); });
}

void drop_indexes(Connection& connection, const Entity& entity) {
  for (const std::string& statement : sql::drop_indexes(sql::sqlite_dialect, entity)) connection.execute(statement);
}

bool restore_index(Connection& connection, const Schema& schema) {
  const std::vector<std::string> missing =
      sql::missing_indexes(sql::sqlite_dialect, schema, things_in(connection, "index"));
  if (missing.empty()) return false;
  connection.execute(missing.front());
  return true;
}

SchemaPtr add_field(Connection& connection, const Schema& schema, const CatalogField& field) {
  SchemaPtr next = extended(schema, field);
  for (const std::string& statement : sql::add_field(sql::sqlite_dialect, next->entity(field.entity), field.number))
    connection.execute(statement);
  insert_field(connection, field);
  write_setting(connection, schema_version_setting, std::to_string(next->version()));
  return next;
}

SchemaPtr mark_fields(Connection& connection, const Schema& schema, std::span<const CatalogField> fields) {
  SchemaPtr next = marked(schema, fields);
  for (const CatalogField& field : fields) {
    Use update(connection.prepared("UPDATE emptor_field SET flags = ?3 WHERE entity = ?1 AND number = ?2"));
    update->bind(1, Value(std::int64_t{field.entity}));
    update->bind(2, Value(std::int64_t{field.number}));
    update->bind(3, Value(std::int64_t{field.flags}));
    update->step();
  }
  write_setting(connection, schema_version_setting, std::to_string(next->version()));
  return next;
}

}  // namespace emptor::sqlite
