/// Writes the rows of one entity: few by a statement each, more as columns in one statement, many new ones by COPY.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "emptor/model/record.hpp"
#include "store/postgres/connection.hpp"
#include "store/sql/layout.hpp"

namespace emptor::postgres {

class RowWriter {
 public:
  explicit RowWriter(const Entity& entity);

  /// Statements are sent and not waited for; COPY is waited for.
  void insert(Connection& connection, std::span<const Row> rows) const;
  /// Writes the rows whether they are there or not.
  void put(Connection& connection, std::span<const Row> rows) const;
  /// Requires the rows to stand there.
  void replace(Connection& connection, std::span<const Row> rows) const;
  void erase(Connection& connection, std::span<const Id> ids) const;

 private:
  // The statements of one table with its share of the fields: of one row, and of many as columns.
  struct Table {
    sql::Share share;
    std::vector<Type> types;
    std::string insert, put, replace;
    std::string insert_many, put_many, replace_many;
    std::string copy, erase;

    Table(const Entity& entity, std::size_t number);
  };
  struct Words {
    const std::string& one;
    const std::string& many;
  };

  void write(Connection& connection, const Table& table, const Words& words, std::span<const Row> rows) const;
  void write_satellites(Connection& connection, std::span<const Row> rows, bool are_new) const;
  static void copy(Connection& connection, const Table& table, std::span<const Row> rows);

  std::vector<Table> tables_;
};

}  // namespace emptor::postgres
