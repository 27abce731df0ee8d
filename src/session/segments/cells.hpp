// What segments ask of the records of one entity: values, each of them once, and conditions on records.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "emptor/session/rule.hpp"

namespace emptor::segments {

/// A value that a record has: its own, that of the record which a reference points to, or a computed one.
struct Cell {
  enum class Kind : std::uint8_t { own, related, order_total };
  Kind kind = Kind::own;
  FieldNumber field = 0;    ///< of the record, or of the other one
  FieldNumber through = 0;  ///< of `related`: the reference, or the id itself
  EntityNumber of = 0;      ///< of `related`: the other one's entity
  Type type = Type::text;

  friend bool operator==(const Cell&, const Cell&) = default;
};

/// A comparison, or several joined. Each says of a row: whether it holds, and until when it does by itself.
struct CellCondition {
  RuleTerm::Kind kind = RuleTerm::Kind::all;
  std::size_t cell = 0;            ///< of a comparison
  const RuleTerm* term = nullptr;  ///< of a comparison; the rule must be alive
  std::vector<CellCondition> children = {};
};

/// The records of an entity that belong to customers, or the customers themselves.
class AskedRecords {
 public:
  AskedRecords(const Schema& schema, const Entity& entity) : schema_(&schema), entity_(&entity) {}

  const Entity& entity() const noexcept { return *entity_; }
  const std::vector<Cell>& cells() const noexcept { return cells_; }
  const std::vector<CellCondition>& conditions() const noexcept { return conditions_; }
  const std::optional<std::size_t>& moment() const noexcept { return moment_; }

  /// The number of a cell, asked from here on.
  std::size_t cell(const RuleSubject& subject);
  std::size_t cell(std::string_view field);
  std::size_t own_cell(std::string_view field);
  std::size_t condition(const RuleTerm& term);
  /// When the record happened. Requires an entity that has a moment, be it a computed one.
  std::size_t ask_moment();
  /// The entity whose records a cell tells of: its own or another.
  EntityNumber depends_on(std::size_t cell) const;

 private:
  std::size_t add(const Cell& cell);
  Cell related(std::string_view through, std::string_view entity, std::string_view field) const;
  CellCondition bound(const RuleTerm& term);

  const Schema* schema_;
  const Entity* entity_;
  std::vector<Cell> cells_;
  std::vector<CellCondition> conditions_;
  std::unordered_map<std::string, std::size_t> condition_by_key_;
  std::optional<std::size_t> moment_;
};

/// The same text for subjects and terms that ask the same.
std::string key_of(const RuleSubject& subject);
std::string key_of(const RuleTerm& term);

}  // namespace emptor::segments
