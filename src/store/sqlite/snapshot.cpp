#include "store/sqlite/snapshot.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "store/sql/answers.hpp"
#include "store/sqlite/catalog.hpp"
#include "store/sqlite/file_lock.hpp"

namespace emptor::sqlite {
namespace {

// Every snapshot begins with it: nothing in it may make SQLite build a table, as a subquery in FROM would.
constexpr const char* info_text =
    "SELECT s.value, j.position, j.hash FROM emptor_setting AS s LEFT JOIN emptor_journal AS j"
    " ON j.position = (SELECT max(position) FROM emptor_journal) WHERE s.name = 'schema_version'";

std::optional<JournalEntry> single_entry(Statement& statement) {
  const Use use(statement);
  if (!statement.step()) return std::nullopt;
  return sql::entry_from(statement);
}

}  // namespace

StoreInfo read_info(Connection& connection, const sql::Fixed& fixed) {
  StoreInfo info = fixed.info();
  Use row(connection.prepared(info_text));
  if (!row->step()) throw Error(Code::corrupt, "the store has no schema version", "restore a backup");
  const std::string_view version = row->text(0);
  std::from_chars(version.data(), version.data() + version.size(), info.schema_version);
  info.position = row->integer(1);
  if (info.position > 0) info.head = sql::hash_from(row->text(2));
  return info;
}

void Snapshot::get(const Entity& entity, std::span<const Id> ids, Batch& out) {
  out.reset(entity);
  Statement& statement = connection_.known().point(layout(), entity);
  for (const Id id : ids) {
    const Use use(statement);
    statement.bind(1, Value(id));
    if (append_rows(statement, 1, out) == 0) out.append_nothing();
  }
}

bool Snapshot::scan(const Query& query, ScanKey& key, Batch& out) {
  const std::size_t limit = std::max<std::size_t>(query.limit, 1);
  const bool whole = is_whole_scan(*layout(), query);
  if (!whole && !key.begun && !key.ended)
    if (const KnownScan* known = connection_.known().scan(layout(), query)) return scan_known(*known, limit, key, out);
  const Entity& entity = schema()->entity(query.entity);
  const sql::ScanPlan plan = sql::plan_scan(entity, query);
  out.reset(entity, plan.fields);
  if (key.ended) return false;
  if (whole) return scan_whole(entity, query, plan, key, out);
  return sql::scan_parts(entity, query, limit, key, out,
                         [&](sql::Part part, const ScanKey* continued, std::size_t most) {
                           scan_part(entity, query, plan, part, continued, most, key, out);
                         });
}

bool Snapshot::scan_known(const KnownScan& known, std::size_t limit, ScanKey& key, Batch& out) {
  out.reset(*known.entity, known.plan.fields);
  for (const auto& part : known.parts) {
    const Use use(*part);
    const std::size_t most = limit - out.rows();
    part->bind(part->parameters(), Value(static_cast<std::int64_t>(most)));
    if (append_rows(*part, most, out) < most) continue;
    sql::advance(key, *part, *known.entity, known.plan);
    return true;
  }
  key.ended = true;
  return false;
}

bool Snapshot::scan_whole(const Entity& entity, const Query& query, const sql::ScanPlan& plan, ScanKey& key,
                          Batch& out) {
  Statement& statement = connection_.prepared(compile_whole_scan(*layout(), entity, query, plan));
  const Use use(statement);
  statement.bind(1, Value(key.begun ? key.id : Id{std::numeric_limits<std::int64_t>::min()}));
  const bool more = connection_.taker().take(statement, query.limit, out) == query.limit;
  key.ended = !more;
  if (more) sql::advance(key, statement, entity, plan);
  return more;
}

void Snapshot::scan_part(const Entity& entity, const Query& query, const sql::ScanPlan& plan, sql::Part part,
                         const ScanKey* continued, std::size_t most, ScanKey& next, Batch& out) {
  const sql::Compiled compiled =
      sql::compile_scan(sql::sqlite_dialect, *layout(), entity, query, plan, part, continued, most);
  Statement& statement = connection_.prepared(compiled);
  const Use use(statement);
  if (append_rows(statement, most, out) == most) sql::advance(next, statement, entity, plan);
}

Groups Snapshot::aggregate(const AggregateQuery& query) {
  const Entity& entity = schema()->entity(query.entity);
  const KnownAggregate* const known = connection_.known().aggregate(layout(), query);
  sql::Compiled compiled;
  if (known == nullptr) compiled = sql::compile_aggregate(sql::sqlite_dialect, *layout(), entity, query);
  Statement& statement = known != nullptr ? *known->statement : connection_.prepared(compiled);
  const Use use(statement);
  Groups groups;
  while (statement.step()) groups.groups.push_back(sql::group_from(statement, entity, query, groups.text));
  return groups;
}

std::vector<JournalEntry> Snapshot::journal(std::int64_t after, std::size_t limit) {
  static const std::string text = std::string(sql::entry_columns) + "WHERE position > ?1 ORDER BY position LIMIT ?2";
  Statement& rows = connection_.prepared(text);
  const Use use(rows);
  rows.bind(1, Value(after));
  rows.bind(2, Value(sql::limit_of(limit)));
  std::vector<JournalEntry> entries;
  while (rows.step()) entries.push_back(sql::entry_from(rows));
  return entries;
}

std::optional<JournalEntry> Snapshot::entry(std::int64_t version) {
  static const std::string text = std::string(sql::entry_columns) + "WHERE position = ?1";
  Statement& statement = connection_.prepared(text);
  statement.bind(1, Value(version));
  return single_entry(statement);
}

std::optional<JournalEntry> Snapshot::operation(std::string_view op_id) {
  static const std::string text = std::string(sql::entry_columns) + "WHERE op_id = ?1";
  if (op_id.empty()) return std::nullopt;
  Statement& statement = connection_.prepared(text);
  statement.bind(1, Value(op_id));
  return single_entry(statement);
}

std::string Snapshot::setting(std::string_view name) { return read_setting(connection_, name); }

std::vector<std::string> Snapshot::setting_names() { return sqlite::setting_names(connection_); }

Id Snapshot::next_id(const Entity& entity) { return Id{sqlite::next_id(connection_, entity.number)}; }

}  // namespace emptor::sqlite
