/// Writes the rows of one entity: the hot half of an import.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "emptor/model/record.hpp"
#include "store/sql/layout.hpp"
#include "store/sqlite/statement.hpp"

namespace emptor::sqlite {

class RowWriter {
 public:
  RowWriter(sqlite3* connection, const Entity& entity);

  void insert(Row row);
  /// Writes the row whether it is there or not, with all its indexes.
  void put(Row row);
  /// Requires the row to stand there as `before`; indexes whose fields stay are left alone.
  void replace(Row before, Row after);
  void erase(Id id);

 private:
  // A statement with a parameter for each column that it writes, which remembers what is bound: most fields of most
  // records are missing, and what was missing in the last row too needs no call.
  struct Write {
    Statement statement;
    std::vector<std::size_t> columns;
    std::vector<bool> bound;
    Write(sqlite3* connection, const std::string& text, std::vector<std::size_t> written);
    void run(Id id, Row row);
  };
  // One table with its share of the fields.
  struct Table {
    sql::Share share;
    Write put;
    Statement erase;

    Table(sqlite3* connection, const Entity& entity, std::size_t number);
  };
  // All columns on which no index stands, and some of the others: SQLite writes every index anew whose columns are set,
  // changed or not.
  struct Replacement {
    std::vector<std::size_t> indexed;
    Write write;
  };
  Write& replacing(const std::vector<std::size_t>& indexed);
  void write_satellite(Table& table, Row row, bool is_new);

  sqlite3* connection_;
  const Entity entity_;
  std::vector<std::unique_ptr<Table>> tables_;
  // Of the first table: most records have no other.
  std::vector<std::size_t> indexed_;  // columns that some index stands on
  std::vector<std::size_t> changed_;  // of them, in the row at hand
  Write insert_;
  std::vector<std::unique_ptr<Replacement>> replacements_;
};

}  // namespace emptor::sqlite
