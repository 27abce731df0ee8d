/// Writes the rows of one entity: the hot half of an import.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "emptor/model/record.hpp"
#include "store/sqlite/statement.hpp"

namespace emptor::sqlite {

class RowWriter {
 public:
  RowWriter(sqlite3* connection, const Entity& entity);

  void insert(Row row);
  void replace(Row row);
  void erase(Id id);

 private:
  // A statement with a parameter for each column, which remembers what is bound: most fields of most
  // records are missing, and what was missing in the last row too needs no call.
  struct Write {
    Statement statement;
    std::vector<bool> bound;
    Write(sqlite3* connection, const std::string& text, std::size_t columns);
    void run(Id id, Row columns);
  };
  // One table with its share of the fields.
  struct Table {
    std::size_t begin;
    std::size_t end;
    std::vector<std::size_t> indexed;  // columns that some index stands on
    Write insert;
    Write replace;
    Write replace_rest;  // all but the indexed columns, so that no index is touched
    Statement same_indexed;
    Statement erase;

    Table(sqlite3* connection, const Entity& entity, std::size_t number);
    Row part(Row row) const { return row.subspan(begin, end - begin); }
    void put(Id id, Row columns);
    bool keeps_indexes(Id id, Row columns);
  };
  void write_satellites(Row row, bool is_new);

  std::vector<std::unique_ptr<Table>> tables_;
  std::size_t fields_;
};

}  // namespace emptor::sqlite
