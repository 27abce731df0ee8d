#include "store/postgres/catalog.hpp"

#include <charconv>

#include "model/next_schema.hpp"
#include "store/sql/catalog.hpp"
#include "store/store_id.hpp"

namespace emptor::postgres {
namespace {

constexpr std::string_view schema_version_setting = "schema_version";
constexpr std::string_view format_setting = "format";

// Octets where a text may hold what PostgreSQL's texts may not. Entries are not packed: they hardly get smaller.
constexpr const char* own_tables =
    "CREATE TABLE emptor_setting(name text COLLATE \"C\" PRIMARY KEY, value bytea NOT NULL);"
    "CREATE TABLE emptor_field(entity bigint NOT NULL, number bigint NOT NULL, name text COLLATE \"C\" NOT NULL,"
    " type text NOT NULL, flags bigint NOT NULL, doc text, PRIMARY KEY(entity, number));"
    "CREATE TABLE emptor_sequence(entity bigint PRIMARY KEY, next bigint NOT NULL);"
    "CREATE TABLE emptor_journal(position bigint PRIMARY KEY, at bigint NOT NULL, actor bigint NOT NULL,"
    " op_id bytea, reason bytea, count bigint NOT NULL, root bytea NOT NULL, hash bytea NOT NULL,"
    " changes bytea NOT NULL);"
    "ALTER TABLE emptor_journal ALTER changes SET STORAGE EXTERNAL;"
    "CREATE UNIQUE INDEX emptor_journal__op_id ON emptor_journal(op_id) WHERE op_id IS NOT NULL;";

std::int64_t number_from(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<CatalogField> load_catalog(Connection& connection) {
  std::vector<CatalogField> catalog;
  const Rows rows =
      connection.ask("SELECT entity, number, name, type, flags, doc FROM emptor_field ORDER BY entity, number");
  for (std::size_t i = 0; i < rows.size(); ++i) catalog.push_back(sql::field_from(rows[i]));
  return catalog;
}

void insert_field(Connection& connection, const CatalogField& field) {
  connection.send(
      "INSERT INTO emptor_field VALUES($1, $2, $3, $4, $5, $6)",
      {Value(std::int64_t{field.entity}), Value(std::int64_t{field.number}), Value(std::string_view(field.name)),
       Value(name_of(field.type)), Value(std::int64_t{field.flags}), Value(std::string_view(field.doc))});
}

// Tables ("r") or indexes ("i") of the store.
sql::Names things_in(Connection& connection, std::string_view kind) {
  const Rows rows = connection.ask(
      "SELECT c.relname::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
      " WHERE n.nspname = current_schema() AND c.relkind::text = $1",
      {Value(kind)});
  sql::Names names;
  for (std::size_t i = 0; i < rows.size(); ++i) names.emplace(rows[i].text(0));
  return names;
}

// One script is one round trip, and needs no statement to be prepared that is used once.
void run_all(Connection& connection, const std::vector<std::string>& statements) {
  std::string script;
  for (const std::string& statement : statements) script += statement + ";";
  if (!script.empty()) connection.execute(script);
}

void bring_up_to_date(Connection& connection) {
  const SchemaPtr schema = load_schema(connection);
  run_all(connection, sql::bring_up_to_date(sql::postgres_dialect, *schema, things_in(connection, "r"),
                                            things_in(connection, "i")));
  if (schema->added().empty()) return;
  for (const CatalogField& field : schema->added()) insert_field(connection, field);
  write_setting(connection, schema_version_setting, std::to_string(schema->version() + 1));
}

// A user who may not make schemas may be given one.
bool has_schema(Connection& connection, const std::string& schema) {
  return !connection.ask("SELECT 1::bigint FROM pg_namespace WHERE nspname = $1", {Value(std::string_view(schema))})
              .empty();
}

// After a load the server is to know what it plans with, before it looks by itself.
void analyse_new_tables(Connection& connection) {
  const Rows rows = connection.ask(
      "SELECT c.relname::text FROM pg_class AS c WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname ="
      " current_schema()) AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0 AND NOT EXISTS (SELECT FROM pg_stats AS "
      "s WHERE"
      " s.schemaname = current_schema() AND s.tablename = c.relname)");
  std::vector<std::string> statements;
  for (std::size_t i = 0; i < rows.size(); ++i) statements.push_back("ANALYZE " + sql::quoted(rows[i].text(0)));
  run_all(connection, statements);
}

template <class Work>
void in_transaction(Connection& connection, const Work& work) {
  connection.send("BEGIN");
  try {
    work();
    connection.ask("COMMIT");
  } catch (...) {
    connection.roll_back();
    throw;
  }
}

}  // namespace

StoreState inspect(Connection& connection, const std::string& schema) {
  StoreState state;
  const Rows found = connection.ask(
      "SELECT count(*), count(*) FILTER (WHERE c.relname = 'emptor_setting') FROM pg_class AS c"
      " JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1",
      {Value(std::string_view(schema))});
  if (found[0].integer(1) == 0) {
    state.empty = found[0].integer(0) == 0;
    if (state.empty) return state;
    throw Error(Code::corrupt, "the schema holds tables of another program, not a store",
                "give another name after ?schema=");
  }
  const std::int64_t format = number_from(read_setting(connection, format_setting));
  if (format / 1000 > format_major)
    throw Error(Code::newer, "the store was written by a newer version of Emptor", "use that version");
  state.newer_minor = format / 1000 == format_major && format % 1000 > format_minor;
  return state;
}

std::string read_setting(Connection& connection, std::string_view name) {
  const Rows rows = connection.ask("SELECT value FROM emptor_setting WHERE name = $1", {Value(name)});
  return rows.empty() ? std::string() : std::string(rows[0].text(0));
}

void write_setting(Connection& connection, std::string_view name, std::string_view value) {
  if (value.empty()) return connection.send("DELETE FROM emptor_setting WHERE name = $1", {Value(name)});
  connection.send("INSERT INTO emptor_setting VALUES($1, $2) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                  {Value(name), Value::bytes(value)});
}

std::vector<std::string> setting_names(Connection& connection) {
  const Rows rows = connection.ask(
      "SELECT name FROM emptor_setting WHERE name NOT IN ('store_id', 'currency', 'zone', 'schema_version', 'format')"
      " ORDER BY name");
  std::vector<std::string> names;
  for (std::size_t i = 0; i < rows.size(); ++i) names.emplace_back(rows[i].text(0));
  return names;
}

std::int64_t next_id(Connection& connection, EntityNumber entity) {
  const Rows rows = connection.ask("SELECT next FROM emptor_sequence WHERE entity = $1", {Value(std::int64_t{entity})});
  return rows.empty() ? 1 : rows[0].integer(0);
}

SchemaPtr load_schema(Connection& connection) {
  const std::vector<CatalogField> catalog = load_catalog(connection);
  const auto version = static_cast<std::uint64_t>(number_from(read_setting(connection, schema_version_setting)));
  return std::make_shared<const Schema>(described_entities(), catalog, version);
}

bool is_behind(Connection& connection, const Schema& schema) {
  return !schema.added().empty() ||
         !sql::missing_indexes(sql::postgres_dialect, schema, things_in(connection, "i")).empty();
}

void create_store(Connection& connection, const std::string& schema, const OpenOptions& options) {
  in_transaction(connection, [&] {
    if (!has_schema(connection, schema)) connection.execute("CREATE SCHEMA " + sql::quoted(schema));
    connection.execute(own_tables);
    write_setting(connection, format_setting, std::to_string(format_major * 1000 + format_minor));
    for (const auto& [name, value] : first_settings(options)) write_setting(connection, name, value);
    for (const CatalogField& field : first_catalog(options)) insert_field(connection, field);
    bring_up_to_date(connection);
  });
}

void migrate(Connection& connection) {
  in_transaction(connection, [&] { bring_up_to_date(connection); });
}

bool restore_index(Connection& connection, const Schema& schema) {
  const std::vector<std::string> missing =
      sql::missing_indexes(sql::postgres_dialect, schema, things_in(connection, "i"));
  if (missing.empty()) return false;
  connection.execute(missing.front());
  if (missing.size() == 1) analyse_new_tables(connection);
  return true;
}

SchemaPtr add_field(Connection& connection, const Schema& schema, const CatalogField& field) {
  SchemaPtr next = extended(schema, field);
  run_all(connection, sql::add_field(sql::postgres_dialect, next->entity(field.entity), field.number));
  insert_field(connection, field);
  write_setting(connection, schema_version_setting, std::to_string(next->version()));
  return next;
}

SchemaPtr mark_fields(Connection& connection, const Schema& schema, std::span<const CatalogField> fields) {
  SchemaPtr next = marked(schema, fields);
  for (const CatalogField& field : fields)
    connection.send(
        "UPDATE emptor_field SET flags = $3 WHERE entity = $1 AND number = $2",
        {Value(std::int64_t{field.entity}), Value(std::int64_t{field.number}), Value(std::int64_t{field.flags})});
  write_setting(connection, schema_version_setting, std::to_string(next->version()));
  return next;
}

}  // namespace emptor::postgres
