/// Questions to a store: a small tree of conditions on the fields of one entity.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "emptor/model/record.hpp"
#include "emptor/model/schema.hpp"
#include "emptor/store/id_set.hpp"

namespace emptor {

enum class Operator {
  equal,
  not_equal,  ///< a missing value is not equal to any value
  less,
  less_equal,
  greater,
  greater_equal,
  in,     ///< equal to one of several values
  among,  ///< ids only: a member of a set
  missing,
  present,
  starts_with,  ///< text only, by bytes
  contains,     ///< text only, by bytes
};

/// A condition or a combination of conditions. Values are views: their text must outlive the query.
/// An ordering comparison with a missing value is false, and so is its negation by `Where::negate`
/// only where the value is present: there are two truth values, and `missing` compares as false first.
struct Where {
  enum class Kind { always, compare, all, any, negate };
  Kind kind = Kind::always;
  std::string field;
  Operator op = Operator::equal;
  std::vector<Value> values;
  std::vector<Where> children;
  std::shared_ptr<const IdSet> ids = {};  ///< of `among`; `values` then holds its address, see `id_set_of`

  static Where compare(std::string field, Operator op, Value value = {});
  static Where equal(std::string field, Value value) { return compare(std::move(field), Operator::equal, value); }
  static Where in(std::string field, std::vector<Value> values);
  static Where among(std::string field, std::shared_ptr<const IdSet> ids);
  static Where missing(std::string field) { return compare(std::move(field), Operator::missing); }
  static Where present(std::string field) { return compare(std::move(field), Operator::present); }
  static Where all(std::vector<Where> children);
  static Where any(std::vector<Where> children);
  static Where negate(Where child);
};

/// The set that a condition `among` asks, from the value that stands for it where values are bound to statements.
/// Requires the condition to be alive.
const IdSet& id_set_of(const Value& address) noexcept;

struct OrderBy {
  std::string field;
  bool descending = false;
};

/// Which records, in which order, and which of their fields. Ties are broken by id (ascending), so
/// the order is total and a scan can be continued by key.
struct Query {
  std::string entity;
  Where where;
  std::vector<OrderBy> order;       ///< empty: by id; missing values come first (last when descending)
  std::vector<std::string> fields;  ///< empty: every field, in the order of numbers
  std::size_t limit = 1000;         ///< rows a batch, at most
  bool with_deleted = false;        ///< softly deleted records too
};

enum class Measure { count, sum, min, max };  ///< sum: integer and decimal fields only

struct AggregateQuery {
  struct Item {
    Measure measure = Measure::count;
    std::string field;  ///< empty for count of records; else only present values count
  };
  std::string entity;
  Where where;
  std::vector<std::string> group_by;
  std::vector<Item> measures;
  bool with_deleted = false;
};

/// The answer to an AggregateQuery: a row a group, ordered by the group's values (missing first).
/// Sums of decimals are decimals; a sum beyond 64 bits of micros throws Code::invalid.
struct Groups {
  struct Group {
    std::vector<Value> keys;
    std::vector<Value> results;
  };
  std::vector<Group> groups;
  Arena text;  ///< owns the text of keys and results
};

}  // namespace emptor
