/// Turns queries into SQL: one compiler for every SQL database, told apart by a Dialect.
///
/// Text order, missing values and the two truth values follow store/query.hpp. Negation is pushed down
/// to the comparisons, where SQL's third truth value can be told apart: above them only AND and OR
/// remain, for which "unknown" is as good as false.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "emptor/store/batch.hpp"
#include "emptor/store/query.hpp"
#include "store/sql/dialect.hpp"
#include "store/sql/layout.hpp"

namespace emptor::sql {

/// A statement and what its parameters are bound to. Values are views of the query's, of `packed` and of `looked_up`.
struct Compiled {
  std::string text;
  std::vector<Value> parameters;
  std::deque<std::string> packed;     ///< what the best plan may depend on
  std::deque<std::string> looked_up;  ///< what it does not depend on
};

/// The least text that is greater than every text with this prefix; empty if there is none.
std::string prefix_end(std::string_view prefix);

class Compiler {
 public:
  Compiler(const Dialect& dialect, const Layout& layout, const Entity& entity)
      : dialect_(dialect), layout_(layout), entity_(entity) {}

  std::string column(FieldNumber field);
  std::string parameter(const Value& value);
  /// True exactly where `where` is (or is not, if negated).
  std::string condition(const Where& where, bool negated = false);
  /// The condition with softly deleted records left out.
  std::string filter(const Where& where, bool with_deleted);
  /// The tables that the columns so far stand in. Ask last.
  std::string from() const;
  /// Takes the parameters with the finished text.
  Compiled finish(std::string text);

 private:
  std::string comparison(const Where& where, bool negated);
  std::string ordering(const std::string& column, std::string_view sign, const Where& where, const Field& field,
                       bool negated);
  std::vector<Value> operands(const Where& where, const Field& field) const;
  void drive_by_key(const Where& where);
  bool drive_by(const Index& index, std::span<const Where* const> conjuncts);
  const Where* key_part(std::span<const Where* const> conjuncts, const Field& field, bool as_list) const;
  std::string looked_up(const Field& listed, std::span<const Where* const> key);
  std::string membership(const std::string& column, const Where& where, const Field& field, bool negated);
  std::string in_list(const std::string& column, std::span<const Value> values, Type type, bool negated);
  std::string packed_set(const std::string& column, const IdSet& ids, bool negated);
  bool is_foreign(const Value& value) const;  // no text of the database can be equal to it
  std::string prefix(const std::string& column, std::string_view text, bool negated);
  std::string keep(std::string text);
  std::string nothing(Type type) const;

  const Dialect& dialect_;
  const Layout& layout_;
  const Entity& entity_;
  Compiled compiled_;
  std::vector<bool> joined_;
  const Where* driving_ = nullptr;  ///< the list that rows are looked up by, and the table in this order
  std::string driven_table_;
};

/// The parts that join with " AND " or " OR ", nested so that thousands of them stay shallow.
std::string joined(std::span<const std::string> parts, std::string_view word);
/// The value as the field holds it (an integer for a decimal field becomes a decimal). Throws
/// Code::invalid where the types do not go together.
Value operand(const Entity& entity, const Field& field, const Value& value);

/// The field numbers that a query asks for; all of them if it names none.
std::vector<FieldNumber> fields_of(const Entity& entity, const Query& query);

/// A scan by an order has two parts: records that lack the first order field, and those that have it.
/// Each is a plain walk along an index.
enum class Part { whole, missing, present };
/// The parts in the order they are walked.
std::vector<Part> parts_of(const Entity& entity, const Query& query);
/// The same for a first batch, which one walk answers where an index ends in the order that is asked for.
std::vector<Part> first_parts_of(const Entity& entity, const Query& query);
/// The part that a key which has begun stands in.
Part part_of(const Entity& entity, const Query& query, const ScanKey& key);

struct ScanPlan {
  std::vector<FieldNumber> fields;    ///< columns 1 ... of the statement; column 0 is the id
  std::vector<FieldNumber> order;     ///< order fields but id
  std::vector<std::size_t> order_at;  ///< the statement's column of each order field
};
ScanPlan plan_scan(const Entity& entity, const Query& query);
/// `continued`: only what comes after `key`. The last parameter is the limit; where the dialect writes it into the
/// statement, more rows may come.
Compiled compile_scan(const Dialect& dialect, const Layout& layout, const Entity& entity, const Query& query,
                      const ScanPlan& plan, Part part, const ScanKey* continued, std::size_t limit);

/// Columns: the keys, then for each measure one, or for a sum two: its upper part (times 2^32) and lower.
Compiled compile_aggregate(const Dialect& dialect, const Layout& layout, const Entity& entity,
                           const AggregateQuery& query);

}  // namespace emptor::sql
