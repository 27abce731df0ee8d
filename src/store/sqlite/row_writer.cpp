#include "store/sqlite/row_writer.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "store/sql/row_statements.hpp"

namespace emptor::sqlite {
namespace {

using sql::quoted;

constexpr std::size_t most_replacements = 16;  // statements an entity

sql::Share share_of(const Entity& entity, std::size_t table) { return {sql::sqlite_dialect, entity, table}; }

std::vector<std::size_t> all_columns(const Entity& entity, std::size_t table) {
  std::vector<std::size_t> columns(share_of(entity, table).size());
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  return columns;
}

std::vector<std::size_t> indexed_columns(const Entity& entity, std::size_t table) {
  std::vector<std::size_t> columns;
  for (const Index& index : entity.indexes)
    for (const FieldNumber number : index.fields)
      if (sql::table_number(sql::sqlite_dialect, number) == table)
        columns.push_back(number - share_of(entity, table).begin);
  std::ranges::sort(columns);
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

std::vector<std::size_t> without(const std::vector<std::size_t>& columns, const std::vector<std::size_t>& left_out) {
  std::vector<std::size_t> rest;
  std::ranges::set_difference(columns, left_out, std::back_inserter(rest));
  return rest;
}

// The columns hold at least the version, which no index stands on.
std::string replace_text(const Entity& entity, const std::vector<std::size_t>& columns) {
  std::string changes;
  for (const std::size_t column : columns)
    changes += (changes.empty() ? " SET " : ", ") + quoted(entity.fields[share_of(entity, 0).begin + column].name) +
               " = ?" + std::to_string(column + 2);
  return "UPDATE " + quoted(sql::table_name(entity, 0)) + changes + " WHERE \"id\" = ?1";
}

}  // namespace

RowWriter::Write::Write(sqlite3* connection, const std::string& text, std::vector<std::size_t> written)
    : statement(connection, text), columns(std::move(written)), bound(columns.size()) {}

void RowWriter::Write::run(Id id, Row row) {
  statement.bind(1, Value(id));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Value& value = row[columns[i]];
    if (value.present() || bound[i]) statement.bind(static_cast<int>(columns[i]) + 2, value);
    bound[i] = value.present();
  }
  statement.run();
}

RowWriter::Table::Table(sqlite3* connection, const Entity& entity, std::size_t number)
    : share(share_of(entity, number)),
      put(connection, sql::put_text(sql::sqlite_dialect, entity, number), all_columns(entity, number)),
      erase(connection, sql::erase_text(sql::sqlite_dialect, entity, number)) {}

RowWriter::RowWriter(sqlite3* connection, const Entity& entity)
    : connection_(connection),
      entity_(entity),
      indexed_(indexed_columns(entity, 0)),
      insert_(connection, sql::insert_text(sql::sqlite_dialect, entity, 0), all_columns(entity, 0)) {
  for (std::size_t table = 0; table < sql::count_tables(sql::sqlite_dialect, entity); ++table)
    tables_.push_back(std::make_unique<Table>(connection, entity, table));
}

void RowWriter::insert(Row row) {
  insert_.run(row[system_field::id].id(), tables_.front()->share.part(row));
  for (std::size_t i = 1; i < tables_.size(); ++i) write_satellite(*tables_[i], row, true);
}

void RowWriter::put(Row row) {
  tables_.front()->put.run(row[system_field::id].id(), tables_.front()->share.part(row));
  for (std::size_t i = 1; i < tables_.size(); ++i) write_satellite(*tables_[i], row, false);
}

// Most updates change nothing that is indexed, and the others few things of many.
RowWriter::Write& RowWriter::replacing(const std::vector<std::size_t>& indexed) {
  const auto known = std::ranges::find(replacements_, indexed, &Replacement::indexed);
  if (known != replacements_.end()) return (*known)->write;
  if (replacements_.size() >= most_replacements && indexed != indexed_) return replacing(indexed_);
  const std::vector<std::size_t> columns = without(all_columns(entity_, 0), without(indexed_, indexed));
  replacements_.push_back(std::unique_ptr<Replacement>(
      new Replacement{indexed, Write(connection_, replace_text(entity_, columns), columns)}));
  return replacements_.back()->write;
}

void RowWriter::replace(Row before, Row after) {
  const Row from = tables_.front()->share.part(before), to = tables_.front()->share.part(after);
  changed_.clear();
  for (const std::size_t column : indexed_)
    if (!(from[column] == to[column])) changed_.push_back(column);
  replacing(changed_).run(after[system_field::id].id(), to);
  for (std::size_t i = 1; i < tables_.size(); ++i)
    if (!std::ranges::equal(tables_[i]->share.part(before), tables_[i]->share.part(after)))
      write_satellite(*tables_[i], after, false);
}

void RowWriter::erase(Id id) {
  for (const auto& table : tables_) {
    table->erase.bind(1, Value(id));
    table->erase.run();
  }
}

// A row of a satellite exists only where one of its fields was ever given.
void RowWriter::write_satellite(Table& table, Row row, bool is_new) {
  const Id id = row[system_field::id].id();
  if (sql::any_present(table.share.part(row))) {
    table.put.run(id, table.share.part(row));
  } else if (!is_new) {
    table.erase.bind(1, Value(id));
    table.erase.run();
  }
}

}  // namespace emptor::sqlite
