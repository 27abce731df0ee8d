#include "store/postgres/snapshot.hpp"

#include <algorithm>
#include <charconv>

#include "store/postgres/catalog.hpp"
#include "store/sql/answers.hpp"

namespace emptor::postgres {
namespace {

constexpr std::size_t most_ids = 1000;  // a statement

constexpr std::string_view info_text =
    "SELECT s.value, coalesce(j.position, 0), j.hash FROM emptor_setting AS s LEFT JOIN"
    " (SELECT position, hash FROM emptor_journal ORDER BY position DESC LIMIT 1) AS j ON true"
    " WHERE s.name = 'schema_version'";

StoreInfo read_info(Connection& connection, const sql::Fixed& fixed) {
  StoreInfo info = fixed.info();
  const Rows rows = connection.ask(info_text);
  if (rows.empty()) throw Error(Code::corrupt, "the store has no schema version", "restore a backup");
  const std::string_view version = rows[0].text(0);
  std::from_chars(version.data(), version.data() + version.size(), info.schema_version);
  info.position = rows[0].integer(1);
  if (info.position > 0) info.head = sql::hash_from(rows[0].text(2));
  return info;
}

std::string point_query(const sql::Layout& layout, const Entity& entity, const char* condition) {
  sql::Compiler compiler(sql::postgres_dialect, layout, entity);
  std::string columns = "SELECT " + compiler.column(system_field::id);
  for (const Field& field : entity.fields) columns += ", " + compiler.column(field.number);
  return columns + compiler.from() + compiler.column(system_field::id) + condition;
}

// Rows of ids that were asked for in any order, more than once or in vain.
void append_in_order(const Rows& rows, std::span<const Id> ids, Batch& out) {
  std::vector<std::pair<Id, std::size_t>> found;
  for (std::size_t i = 0; i < rows.size(); ++i) found.emplace_back(Id{rows[i].integer(0)}, i);
  std::ranges::sort(found);
  for (const Id id : ids) {
    const auto at = std::ranges::lower_bound(found, id, {}, &std::pair<Id, std::size_t>::first);
    if (at == found.end() || at->first != id) {
      out.append_nothing();
      continue;
    }
    sql::resize(out, out.rows() + 1);
    sql::read_row(rows.cells(at->second), out, out.rows() - 1);
  }
}

}  // namespace

StoreInfo begin_reading(Connection& connection, const sql::Fixed& fixed) {
  connection.send("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  connection.send("SAVEPOINT begun");
  return read_info(connection, fixed);
}

StoreInfo begin_writing(Connection& connection, const sql::Fixed& fixed, std::int64_t lock) {
  connection.send("SELECT pg_advisory_lock($1)", {Value(lock)});
  connection.separate();
  connection.send("BEGIN ISOLATION LEVEL REPEATABLE READ");
  return read_info(connection, fixed);
}

// What fails in a transaction fails it, up to a savepoint.
Rows Snapshot::ask(const sql::Compiled& compiled) {
  try {
    return connection_.ask(compiled);
  } catch (const Error&) {
    if (reads_only_ && !connection_.lost()) connection_.ask("ROLLBACK TO begun");
    throw;
  }
}

void Snapshot::get(const Entity& entity, std::span<const Id> ids, Batch& out) {
  out.reset(entity);
  if (ids.size() == 1) {
    const Rows rows = connection_.ask(point_query(*layout(), entity, " = $1"), {Value(ids.front().value)});
    if (append_rows(rows, 1, out) == 0) out.append_nothing();
    return;
  }
  const std::string text = ids.empty() ? std::string() : point_query(*layout(), entity, " = ANY($1)");
  for (; !ids.empty(); ids = ids.subspan(std::min(ids.size(), most_ids))) {
    const std::span<const Id> part = ids.first(std::min(ids.size(), most_ids));
    sql::BinaryArray array(Type::id);
    for (const Id id : part) array.add(Value(id.value));
    Arguments arguments;
    arguments.add_kept(array.take());
    append_in_order(connection_.ask(text, arguments), part, out);
  }
}

bool Snapshot::scan(const Query& query, ScanKey& key, Batch& out) {
  const std::size_t limit = std::max<std::size_t>(query.limit, 1);
  const Entity& entity = schema()->entity(query.entity);
  const sql::ScanPlan plan = sql::plan_scan(entity, query);
  out.reset(entity, plan.fields);
  if (key.ended) return false;
  return sql::scan_parts(
      entity, query, limit, key, out, [&](sql::Part part, const ScanKey* continued, std::size_t most) {
        const Rows rows =
            ask(sql::compile_scan(sql::postgres_dialect, *layout(), entity, query, plan, part, continued, most));
        if (append_rows(rows, most, out) == most) sql::advance(key, rows[most - 1], entity, plan);
      });
}

Groups Snapshot::aggregate(const AggregateQuery& query) {
  const Entity& entity = schema()->entity(query.entity);
  const Rows rows = ask(sql::compile_aggregate(sql::postgres_dialect, *layout(), entity, query));
  Groups groups;
  for (std::size_t i = 0; i < rows.size(); ++i)
    groups.groups.push_back(sql::group_from(rows[i], entity, query, groups.text));
  return groups;
}

std::vector<JournalEntry> Snapshot::journal(std::int64_t after, std::size_t limit) {
  static const std::string text = std::string(sql::entry_columns) + "WHERE position > $1 ORDER BY position LIMIT $2";
  const Rows rows = connection_.ask(text, {Value(after), Value(sql::limit_of(limit))});
  std::vector<JournalEntry> entries;
  for (std::size_t i = 0; i < rows.size(); ++i) entries.push_back(sql::entry_from(rows[i]));
  return entries;
}

std::optional<JournalEntry> Snapshot::single_entry(std::string_view condition, const Value& value) {
  const Rows rows = connection_.ask(std::string(sql::entry_columns).append(condition), {value});
  if (rows.empty()) return std::nullopt;
  return sql::entry_from(rows[0]);
}

std::optional<JournalEntry> Snapshot::entry(std::int64_t version) {
  return single_entry("WHERE position = $1", Value(version));
}

std::optional<JournalEntry> Snapshot::operation(std::string_view op_id) {
  if (op_id.empty()) return std::nullopt;
  return single_entry("WHERE op_id = $1", Value::bytes(op_id));
}

std::string Snapshot::setting(std::string_view name) { return read_setting(connection_, name); }

std::vector<std::string> Snapshot::setting_names() { return postgres::setting_names(connection_); }

Id Snapshot::next_id(const Entity& entity) { return Id{postgres::next_id(connection_, entity.number)}; }

}  // namespace emptor::postgres
