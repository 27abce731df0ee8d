// A plain table made row by row, and what a computation says of it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emptor/insight/compute.hpp"

namespace emptor::test {

class PlainTable {
 public:
  struct Named {
    std::string name;
    Type type;
  };
  explicit PlainTable(const std::vector<Named>& columns) {
    for (const Named& one : columns) table_.add(one.name, one.type);
  }
  /// A value for each column; Value() where there is none. Texts are copied.
  void row(std::initializer_list<Value> values) {
    auto column = table_.columns.begin();
    for (const Value& value : values) (column++)->append(value);
  }
  /// Takes the table's rows along: a table is computed on once.
  ComputedResult compute(std::string_view computation, std::string options = "{}") {
    ArrowArrayStream stream{};
    to_arrow(std::move(table_), &stream);
    return emptor::compute(computation, {.stream = &stream, .json = std::move(options)});
  }

 private:
  NamedTable table_;
};

/// The cell of a row in a column by its name, as a text; "-" where there is none.
inline std::string cell(const NamedTable& table, std::string_view column, std::size_t row) {
  for (std::size_t c = 0; c < table.names.size(); ++c) {
    if (table.names[c] != column) continue;
    const Value value = table.columns[c].value(row);
    if (!value.present()) return "-";
    if (value.type() == Type::text) return std::string(value.text());
    if (value.type() == Type::decimal) return value.decimal().to_string();
    return value.type() == Type::real ? std::to_string(value.real()) : std::to_string(value.integer());
  }
  return "no such column";
}

}  // namespace emptor::test
