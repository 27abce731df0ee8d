#include "store/sqlite/snapshot.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "store/sqlite/catalog.hpp"
#include "store/sqlite/file_lock.hpp"

namespace emptor::sqlite {
namespace {

constexpr const char* info_text =
    "SELECT s.value, j.position, j.hash FROM emptor_setting AS s LEFT JOIN"
    " (SELECT position, hash FROM emptor_journal ORDER BY position DESC LIMIT 1) AS j"
    " WHERE s.name = 'schema_version'";

constexpr const char* entry_columns =
    "SELECT position, at, actor, op_id, reason, count, root, hash, changes FROM emptor_journal ";

Hash hash_from(std::string_view bytes) {
  Hash hash{};
  if (bytes.size() != hash.size()) throw Error(Code::corrupt, "the journal holds a hash of a wrong size");
  std::memcpy(hash.data(), bytes.data(), bytes.size());
  return hash;
}

JournalEntry entry_from(const Statement& row) {
  JournalEntry entry;
  entry.position = row.integer(0);
  entry.version = entry.position;
  entry.at = Instant{row.integer(1)};
  entry.actor = Id{row.integer(2)};
  entry.op_id = row.text(3);
  entry.reason = row.text(4);
  entry.count = static_cast<std::uint32_t>(row.integer(5));
  entry.root = hash_from(row.text(6));
  entry.hash = hash_from(row.text(7));
  entry.changes = row.text(8);
  return entry;
}

std::optional<JournalEntry> single_entry(Statement& statement) {
  const Use use(statement);
  if (!statement.step()) return std::nullopt;
  return entry_from(statement);
}

std::int64_t limit_of(std::size_t limit) {
  return static_cast<std::int64_t>(std::min<std::size_t>(limit, std::numeric_limits<std::int64_t>::max()));
}

// The last row's order values become the key; its old text is let go only now that no statement uses it.
void advance(ScanKey& key, const Statement& row, const Entity& entity, const sql::ScanPlan& plan) {
  ScanKey next;
  next.begun = true;
  next.id = Id{row.integer(0)};
  for (std::size_t i = 0; i < plan.order.size(); ++i)
    next.values.push_back(
        next.text.keep(row.value(static_cast<int>(plan.order_at[i]), entity.fields[plan.order[i]].type)));
  key = std::move(next);
}

// The halves are sums of the upper and the lower 32 bits, which cannot overflow; only their total can.
Value sum_from(const Statement& row, int column, const Field& field) {
  if (!row.value(column, Type::integer).present()) return {};
  const std::int64_t upper = row.integer(column) + (row.integer(column + 1) >> 32);
  const std::int64_t lower = row.integer(column + 1) & 0xffffffff;
  if (upper > std::numeric_limits<std::int32_t>::max() || upper < std::numeric_limits<std::int32_t>::min())
    throw Error(Problem{Code::invalid, "a sum is out of range", {}, field.name, {}, "sum smaller groups"});
  return Value::of_bits(field.type, upper * (std::int64_t{1} << 32) + lower);
}

Groups::Group group_from(const Statement& row, const Entity& entity, const AggregateQuery& query, Arena& text) {
  Groups::Group group;
  int column = 0;
  for (const std::string& name : query.group_by)
    group.keys.push_back(text.keep(row.value(column++, entity.field(name).type)));
  for (const AggregateQuery::Item& item : query.measures) {
    if (item.measure == Measure::count) {
      group.results.push_back(row.value(column++, Type::integer));
    } else if (item.measure == Measure::sum) {
      group.results.push_back(sum_from(row, column, entity.field(item.field)));
      column += 2;
    } else {
      group.results.push_back(text.keep(row.value(column++, entity.field(item.field).type)));
    }
  }
  return group;
}

}  // namespace

void Fixed::check_process() const { require_process(process); }

StoreInfo read_info(Connection& connection, const Fixed& fixed) {
  StoreInfo info;
  info.store_id = fixed.store_id;
  info.currency = fixed.currency;
  info.zone = fixed.zone;
  Use row(connection.prepared(info_text));
  if (!row->step()) throw Error(Code::corrupt, "the store has no schema version", "restore a backup");
  const std::string_view version = row->text(0);
  std::from_chars(version.data(), version.data() + version.size(), info.schema_version);
  info.position = row->integer(1);
  if (info.position > 0) info.head = hash_from(row->text(2));
  return info;
}

void Snapshot::get(const Entity& entity, std::span<const Id> ids, Batch& out) {
  out.reset(entity);
  Statement& statement = connection_.known().point(layout_, entity);
  for (const Id id : ids) {
    const Use use(statement);
    statement.bind(1, Value(id));
    if (append_rows(statement, 1, out) == 0) out.append_nothing();
  }
}

bool Snapshot::scan(const Query& query, ScanKey& key, Batch& out) {
  const std::size_t limit = std::max<std::size_t>(query.limit, 1);
  const bool whole = is_whole_scan(*layout_, query);
  if (!whole && !key.begun && !key.ended)
    if (const KnownScan* known = connection_.known().scan(layout_, query)) return scan_known(*known, limit, key, out);
  const Entity& entity = schema()->entity(query.entity);
  const sql::ScanPlan plan = sql::plan_scan(entity, query);
  out.reset(entity, plan.fields);
  if (key.ended) return false;
  if (whole) return scan_whole(entity, query, plan, key, out);
  const std::vector<sql::Part> parts = key.begun ? sql::parts_of(entity, query) : sql::first_parts_of(entity, query);
  auto part = parts.begin();
  if (key.begun) part = std::ranges::find(parts, sql::part_of(entity, query, key));
  for (const ScanKey* continued = key.begun ? &key : nullptr; part != parts.end(); ++part, continued = nullptr) {
    scan_part(entity, query, plan, *part, continued, limit - out.rows(), key, out);
    if (out.rows() == limit) return true;
  }
  key.ended = true;
  return false;
}

bool Snapshot::scan_known(const KnownScan& known, std::size_t limit, ScanKey& key, Batch& out) {
  out.reset(*known.entity, known.plan.fields);
  for (const auto& part : known.parts) {
    const Use use(*part);
    const std::size_t most = limit - out.rows();
    part->bind(part->parameters(), Value(static_cast<std::int64_t>(most)));
    if (append_rows(*part, most, out) < most) continue;
    advance(key, *part, *known.entity, known.plan);
    return true;
  }
  key.ended = true;
  return false;
}

bool Snapshot::scan_whole(const Entity& entity, const Query& query, const sql::ScanPlan& plan, ScanKey& key,
                          Batch& out) {
  Statement& statement = connection_.prepared(compile_whole_scan(*layout_, entity, query, plan));
  const Use use(statement);
  statement.bind(1, Value(key.begun ? key.id : Id{std::numeric_limits<std::int64_t>::min()}));
  const bool more = connection_.taker().take(statement, query.limit, out) == query.limit;
  key.ended = !more;
  if (more) advance(key, statement, entity, plan);
  return more;
}

std::size_t Snapshot::scan_part(const Entity& entity, const Query& query, const sql::ScanPlan& plan, sql::Part part,
                                const ScanKey* continued, std::size_t most, ScanKey& next, Batch& out) {
  const sql::Compiled compiled =
      sql::compile_scan(sql::sqlite_dialect, *layout_, entity, query, plan, part, continued, most);
  Statement& statement = connection_.prepared(compiled);
  const Use use(statement);
  const std::size_t rows = append_rows(statement, most, out);
  if (rows == most) advance(next, statement, entity, plan);
  return rows;
}

Groups Snapshot::aggregate(const AggregateQuery& query) {
  const Entity& entity = schema()->entity(query.entity);
  const KnownAggregate* const known = connection_.known().aggregate(layout_, query);
  sql::Compiled compiled;
  if (known == nullptr) compiled = sql::compile_aggregate(sql::sqlite_dialect, *layout_, entity, query);
  Statement& statement = known != nullptr ? *known->statement : connection_.prepared(compiled);
  const Use use(statement);
  Groups groups;
  while (statement.step()) groups.groups.push_back(group_from(statement, entity, query, groups.text));
  return groups;
}

std::vector<JournalEntry> Snapshot::journal(std::int64_t after, std::size_t limit) {
  static const std::string text = std::string(entry_columns) + "WHERE position > ?1 ORDER BY position LIMIT ?2";
  Statement& rows = connection_.prepared(text);
  const Use use(rows);
  rows.bind(1, Value(after));
  rows.bind(2, Value(limit_of(limit)));
  std::vector<JournalEntry> entries;
  while (rows.step()) entries.push_back(entry_from(rows));
  return entries;
}

std::optional<JournalEntry> Snapshot::entry(std::int64_t version) {
  static const std::string text = std::string(entry_columns) + "WHERE position = ?1";
  Statement& statement = connection_.prepared(text);
  statement.bind(1, Value(version));
  return single_entry(statement);
}

std::optional<JournalEntry> Snapshot::operation(std::string_view op_id) {
  static const std::string text = std::string(entry_columns) + "WHERE op_id = ?1";
  if (op_id.empty()) return std::nullopt;
  Statement& statement = connection_.prepared(text);
  statement.bind(1, Value(op_id));
  return single_entry(statement);
}

std::string Snapshot::setting(std::string_view name) { return read_setting(connection_, name); }

std::vector<std::string> Snapshot::setting_names() { return sqlite::setting_names(connection_); }

Id Snapshot::next_id(const Entity& entity) { return Id{sqlite::next_id(connection_, entity.number)}; }

}  // namespace emptor::sqlite
