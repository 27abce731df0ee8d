/// Queries that were compiled before on a connection: found again by their shape (everything but the values
/// that they compare with), so that asking one again costs neither its SQL nor a look-up by its text.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/sql/compiler.hpp"
#include "store/sqlite/statement.hpp"

namespace emptor::sqlite {

struct KnownScan {
  const Entity* entity = nullptr;
  sql::ScanPlan plan;
  std::vector<std::unique_ptr<Statement>> parts;  ///< in the order they are walked; the last parameter is the limit
};

struct KnownAggregate {
  const Entity* entity = nullptr;
  std::unique_ptr<Statement> statement;
};

class KnownQueries {
 public:
  explicit KnownQueries(sqlite3* connection) : connection_(connection) {}

  /// The first batch of a query, its values bound; null for one whose SQL depends on its values.
  const KnownScan* scan(const sql::LayoutPtr& layout, const Query& query);
  const KnownAggregate* aggregate(const sql::LayoutPtr& layout, const AggregateQuery& query);
  /// All fields of one record by its id, which is parameter 1.
  Statement& point(const sql::LayoutPtr& layout, const Entity& entity);
  void forget() noexcept;

 private:
  void turn_to(const sql::LayoutPtr& layout);
  void bind(Statement& statement) const;
  std::unique_ptr<Statement> prepare(const sql::Compiled& compiled, std::size_t more) const;

  sqlite3* connection_;
  sql::LayoutPtr layout_;
  std::unordered_map<std::string, KnownScan> scans_;
  std::unordered_map<std::string, KnownAggregate> aggregates_;
  std::unordered_map<EntityNumber, std::unique_ptr<Statement>> points_;
  std::string shape_;             // of the query at hand
  std::vector<Value> values_;     // and what it compares with, in the order of its SQL's parameters
  std::deque<std::string> ends_;  // texts of values that it does not name itself
};

}  // namespace emptor::sqlite
