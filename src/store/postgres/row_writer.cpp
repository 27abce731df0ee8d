#include "store/postgres/row_writer.hpp"

#include <algorithm>

#include "store/sql/binary.hpp"
#include "store/sql/row_statements.hpp"

namespace emptor::postgres {
namespace {

using sql::postgres_dialect;
using sql::quoted;

constexpr std::size_t most_single_rows = 4;
constexpr std::size_t least_copied_rows = 300;
constexpr std::size_t most_rows_a_statement = 2000;
constexpr std::size_t piece_bytes = 1 << 18;  // of COPY

// Each column is an array, so that one statement takes any number of rows.
std::string columns_as_rows(const std::vector<Type>& types) {
  std::string text = "unnest(";
  for (std::size_t i = 0; i < types.size(); ++i) {
    text += (i == 0 ? "$" : ", $") + std::to_string(i + 1) + "::";
    text += sql::column_type(postgres_dialect, types[i]);
    text += "[]";
  }
  return text + ")";
}

// "SET column = value of column ...", where the values of one row are parameters and those of many are columns of r.
std::string assignments(const Entity& entity, const sql::Share& share, bool many) {
  std::string text;
  for (std::size_t number = share.begin; number < share.end; ++number) {
    const std::string name = quoted(entity.fields[number].name);
    text += (text.empty() ? " SET " : ", ") + name + " = " +
            (many ? "r." + name : "$" + std::to_string(number - share.begin + 2));
  }
  return text;
}

void append_row(std::string& out, Id id, Row part) {
  sql::append_number(out, static_cast<std::int16_t>(part.size() + 1));
  sql::append_cell(out, Value(id.value));
  for (const Value& value : part) sql::append_cell(out, value);
}

Id id_of(Row row) { return row[system_field::id].id(); }

// A statement of many rows must not meet one of them twice.
bool are_distinct(std::span<const Row> rows) {
  const auto ascending = [](Row a, Row b) { return id_of(a) < id_of(b); };
  if (std::ranges::adjacent_find(rows, [&](Row a, Row b) { return !ascending(a, b); }) == rows.end()) return true;
  std::vector<Id> ids;
  for (const Row row : rows) ids.push_back(id_of(row));
  std::ranges::sort(ids);
  return std::ranges::adjacent_find(ids) == ids.end();
}

}  // namespace

RowWriter::Table::Table(const Entity& entity, std::size_t number)
    : share(postgres_dialect, entity, number),
      insert(sql::insert_text(postgres_dialect, entity, number)),
      put(sql::put_text(postgres_dialect, entity, number)) {
  types.push_back(Type::id);
  for (std::size_t field = share.begin; field < share.end; ++field) types.push_back(entity.fields[field].type);
  const std::string name = quoted(sql::table_name(entity, number));
  const std::string columns = sql::column_names(postgres_dialect, entity, number);
  const std::string rows = columns_as_rows(types);
  replace = "UPDATE " + name + assignments(entity, share, false) + " WHERE \"id\" = $1";
  replace_many = "UPDATE " + name + " AS t" + assignments(entity, share, true) + " FROM " + rows + " AS r" + columns +
                 " WHERE t.\"id\" = r.\"id\"";
  insert_many = "INSERT INTO " + name + columns + " SELECT * FROM " + rows;
  put_many = insert_many + sql::or_replace(postgres_dialect, entity, number);
  copy = "COPY " + name + columns + " FROM STDIN (FORMAT binary)";
  erase = "DELETE FROM " + name + " WHERE \"id\" = ANY($1)";
}

RowWriter::RowWriter(const Entity& entity) {
  for (std::size_t table = 0; table < sql::count_tables(postgres_dialect, entity); ++table)
    tables_.emplace_back(entity, table);
}

void RowWriter::insert(Connection& connection, std::span<const Row> rows) const {
  const Table& table = tables_.front();
  rows.size() < least_copied_rows ? write(connection, table, {table.insert, table.insert_many}, rows)
                                  : copy(connection, table, rows);
  write_satellites(connection, rows, true);
}

void RowWriter::put(Connection& connection, std::span<const Row> rows) const {
  write(connection, tables_.front(), {tables_.front().put, tables_.front().put_many}, rows);
  write_satellites(connection, rows, false);
}

void RowWriter::replace(Connection& connection, std::span<const Row> rows) const {
  write(connection, tables_.front(), {tables_.front().replace, tables_.front().replace_many}, rows);
  write_satellites(connection, rows, false);
}

void RowWriter::erase(Connection& connection, std::span<const Id> ids) const {
  sql::BinaryArray array(Type::id);
  for (const Id id : ids) array.add(Value(id.value));
  Arguments arguments;
  arguments.add_kept(array.take());
  for (const Table& table : tables_) connection.send(table.erase, arguments);
}

void RowWriter::write(Connection& connection, const Table& table, const Words& words, std::span<const Row> rows) const {
  Arguments arguments;
  if (rows.size() <= most_single_rows || !are_distinct(rows)) {
    for (const Row row : rows) {
      arguments.clear();
      arguments.add(Value(id_of(row).value));
      for (const Value& value : table.share.part(row)) arguments.add(value);
      connection.send(words.one, arguments);
    }
    return;
  }
  for (; !rows.empty(); rows = rows.subspan(std::min(rows.size(), most_rows_a_statement))) {
    const std::span<const Row> some = rows.first(std::min(rows.size(), most_rows_a_statement));
    arguments.clear();
    for (std::size_t column = 0; column < table.types.size(); ++column) {
      sql::BinaryArray array(table.types[column]);
      for (const Row row : some) array.add(column == 0 ? Value(id_of(row).value) : table.share.part(row)[column - 1]);
      arguments.add_kept(array.take());
    }
    connection.send(words.many, arguments);
  }
}

// A row of a satellite exists only where one of its fields was ever given.
void RowWriter::write_satellites(Connection& connection, std::span<const Row> rows, bool are_new) const {
  for (std::size_t i = 1; i < tables_.size(); ++i) {
    const Table& table = tables_[i];
    std::vector<Row> present;
    std::vector<Id> absent;
    for (const Row row : rows)
      sql::any_present(table.share.part(row)) ? present.push_back(row) : absent.push_back(id_of(row));
    write(connection, table, {table.put, table.put_many}, present);
    if (are_new || absent.empty()) continue;
    sql::BinaryArray array(Type::id);
    for (const Id id : absent) array.add(Value(id.value));
    Arguments arguments;
    arguments.add_kept(array.take());
    connection.send(table.erase, arguments);
  }
}

void RowWriter::copy(Connection& connection, const Table& table, std::span<const Row> rows) {
  constexpr std::string_view signature("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", 19);
  std::size_t next = 0;
  bool ended = false;
  connection.copy_in(table.copy, [&](std::string& out) {
    if (next == 0) out += signature;
    for (; next < rows.size() && out.size() < piece_bytes; ++next)
      append_row(out, id_of(rows[next]), table.share.part(rows[next]));
    if (next < rows.size() || ended) return;
    sql::append_number(out, std::int16_t{-1});
    ended = true;
  });
}

}  // namespace emptor::postgres
