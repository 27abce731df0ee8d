// What an import does with each row of a table, worked out once: which records the row speaks of, from which
// cells each is read, and how they refer to one another.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "desk/understanding.hpp"
#include "emptor/session/session.hpp"

namespace emptor::desk {

using NameTable = std::unordered_map<std::string, std::string>;

enum class CellKind {
  text,
  decimal,
  integer,
  boolean,
  opposite,  ///< of a boolean or a 0/1 number
  date,
  instant,
  birth_year,
  name,    ///< two columns, given and family name, as one
  party,   ///< person or organisation
  outcome  ///< won, lost or abandoned, from the name of a stage
};

/// One field of a record, from one cell (or two) of the row.
struct CellPlan {
  std::size_t column = 0;
  std::size_t second = TableUnderstanding::npos;  ///< family name; time of day of an instant
  std::string field;
  std::size_t memory = 0;  ///< place among the fields that are remembered of each record of the entity
  CellKind kind = CellKind::text;
  NumberFormat number;
  DateFormat date;
  bool single_precision = false;
  std::int64_t lowest = std::numeric_limits<std::int64_t>::min();  ///< micros; beyond is an outlier
  std::int64_t highest = std::numeric_limits<std::int64_t>::max();
  std::shared_ptr<const NameTable> names;  ///< keys become names
  std::vector<std::string> choices;
};

/// A reference field, and the record of the same row that it points to.
struct LinkPlan {
  std::string field;
  std::size_t record = 0;
  std::size_t memory = 0;
};

/// A reference to another record of the same entity, which may stand further down.
struct SelfPlan {
  std::size_t column = 0;
  std::string field;
  std::size_t memory = 0;
};

struct RecordPlan {
  std::string entity;
  std::size_t pool = 0;
  bool own = false;              ///< one a row: the table is of these
  bool refers = false;           ///< another table is of these: keys that it lacks are broken references
  std::vector<std::size_t> key;  ///< columns; empty: known by its content and occurrence
  std::string key_prefix;        ///< before the key ("manager:")
  std::string constant_field, constant;
  std::size_t of_record = TableUnderstanding::npos;  ///< the key holds only within that record (contact points)
  std::vector<CellPlan> cells;
  std::vector<LinkPlan> links;
  std::vector<SelfPlan> selves;
  bool strip_point = false;   ///< "17850.0" is 17850
  std::string required_name;  ///< field that a record must have: its key, where no name is known
};

enum class DiscountStyle { share, percent, money };

struct LinePlan {
  std::size_t order = TableUnderstanding::npos, customer = TableUnderstanding::npos,
              product = TableUnderstanding::npos;  ///< places among the records
  std::optional<CellPlan> quantity, price, amount, discount, cost, unit_cost, profit, currency, description;
  std::vector<CellPlan> customs;
  DiscountStyle discount_style = DiscountStyle::share;
  std::vector<std::string> credit_prefixes;  ///< of document numbers
  bool numbered = false;                     ///< documents have numbers
  std::vector<std::size_t> ignored;          ///< columns that are no part of what a row says (row numbers)
};

struct TablePlan {
  TableUnderstanding* table = nullptr;
  std::vector<RecordPlan> records;  ///< each after those that it refers to
  std::optional<LinePlan> line;
  std::size_t own = TableUnderstanding::npos;
};

/// The fields of one entity that an import writes, over all tables.
struct PoolPlan {
  std::string entity;
  std::vector<std::string> fields;  ///< remembered, by `memory`
  std::vector<bool> links;
  std::vector<bool> referring;  ///< rows of other tables that refer to the record say this field
  std::vector<const TablePlan*> masters;
};

struct ImportPlan {
  std::vector<TablePlan> tables;  ///< in the order of reading
  std::vector<PoolPlan> pools;
  std::vector<CustomField> customs;
  std::size_t pool_of(const std::string& entity);
};

/// Requires the tables to be understood; they must outlive the plan.
ImportPlan plan_import(std::vector<TableUnderstanding>& tables, const Schema& schema);

/// Reads the key and the name of every row of a look-up.
NameTable read_names(TableUnderstanding& lookup, std::size_t column);

}  // namespace emptor::desk
