// What the tables of an import are, and where each of their columns goes. Pure logic over profiles: nothing
// is read or written here but look-up tables.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/header_reading.hpp"
#include "desk/table_profile.hpp"
#include "emptor/model/schema.hpp"

namespace emptor::desk {

/// What one row of a table is: an entity ("order_line"), a look-up (a key and its name), or nothing we know.
inline constexpr std::string_view lookup_kind = "look-up";

/// The field that stands for a record's id in its source.
inline constexpr std::string_view key_field = "external_id";

/// Where a column goes. A column may go to several places (a key into a chain of look-ups).
struct ColumnTarget {
  std::size_t column = 0;
  std::string entity;  ///< empty: not kept
  std::string field;   ///< a field of the entity, `key_field`, or one of the special ones below
  std::string note;
  std::vector<std::size_t> through = {};  ///< look-up tables to pass, first the column's own
  bool custom = false;                    ///< a field to be declared

  bool is(std::string_view e, std::string_view f) const { return entity == e && field == f; }
};

// Fields that are no fields of the schema but say how a column is used:
//   contact_point.phone, .mobile, .email, .fax, .address, .web   a contact point of that channel
//   order.ordered_at.time        the time of day of the order, in a column of its own
//   order.total                  what the whole order came to
//   order_line.cost.unit         cost of one unit
//   order_line.profit            amount less cost: kept as x_profit, and the cost from it
//   product.discontinued         the opposite of `active`
//   customer.birth_year          only the year

struct TableUnderstanding {
  TableProfile profile;
  std::string kind;  ///< an entity, `lookup_kind`, or empty: not read
  std::string why_unread;
  std::string_view subject;       ///< what the file's name says
  std::vector<Reading> readings;  ///< a column
  std::vector<ColumnTarget> targets;
  std::size_t key_column = npos, name_column = npos;  ///< of a look-up, and of what other tables refer to
  bool used_as_lookup = false;

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  const ColumnTarget* target(std::string_view entity, std::string_view field) const;
  /// First column that reads so (subject "*": any or none); npos where there is none.
  std::size_t column_of(std::string_view subject, std::string_view attribute) const;
  bool claimed(std::size_t column) const;
};

/// Reads the headers and tells what each table is and where its columns go.
void understand_tables(std::vector<TableUnderstanding>& tables, const Schema& schema);

// The steps of it, one file each.
void tell_kinds(std::vector<TableUnderstanding>& tables, const Schema& schema);  // row_kinds.cpp
void aim_columns(TableUnderstanding& table, const Schema& schema,
                 const std::vector<TableUnderstanding>& tables);                      // column_targets.cpp
void connect_lookups(std::vector<TableUnderstanding>& tables, const Schema& schema);  // lookups.cpp

/// Whether the values of a column can stand in a field.
bool fits(const ColumnProfile& column, const Sample& sample, std::size_t at, const Field& field);

/// All or nearly all values of a column are words for a gender.
bool tells_gender(const Sample& sample, std::size_t column);

}  // namespace emptor::desk
