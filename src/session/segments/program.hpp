// What the segments of a store ask, compiled together: each thing that several ask is there once.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "session/segments/cells.hpp"

namespace emptor::segments {

/// A segment as a program knows it.
struct Source {
  Id id;
  std::string name;
  Rule rule;
  std::vector<Value> thresholds = {};  ///< one for each `top` of the rule, in its order; missing: nobody is in it
};

/// A number that a customer has: a value of their record, what their records come to, a score, a tag.
struct Measure {
  RuleSubject::Kind kind = RuleSubject::Kind::field;
  const RuleSubject* subject = nullptr;
  std::size_t records = 0;       ///< whose cells it is made of
  std::size_t cell = 0;          ///< what is measured; of a count nothing
  std::size_t names = 0;         ///< of a score or tag: the cell of its name
  std::size_t from = 0, to = 0;  ///< of a tag: the cells of its days
  std::optional<std::size_t> condition;
};

/// A comparison of a measure.
struct Test {
  std::size_t measure = 0;
  const RuleTerm* term = nullptr;
  Value threshold = {};  ///< of `top`
};

/// A segment's rule over numbers of tests, and of segments that it names.
struct Node {
  enum class Kind : std::uint8_t { test, segment, all, any, negate };
  Kind kind = Kind::all;
  std::size_t number = 0;           ///< of the test or the segment
  const RuleTerm* term = nullptr;   ///< of a test or a segment: the comparison that it is
  std::vector<Node> children = {};  ///< what costs least is first
};

/// Immutable.
class Program {
 public:
  /// Throws Code::invalid for a segment that names an unknown one, or itself through others, and what rules that do not
  /// fit the schema throw.
  Program(SchemaPtr schema, std::vector<Source> sources);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  const Schema& schema() const noexcept { return *schema_; }
  std::span<const Source> sources() const noexcept { return sources_; }
  std::span<const Node> rules() const noexcept { return rules_; }
  std::span<const Test> tests() const noexcept { return tests_; }
  std::span<const Measure> measures() const noexcept { return measures_; }
  /// The first is that of the customers themselves.
  std::span<const AskedRecords> records() const noexcept { return records_; }
  /// Of each segment, whether it may hold of others after records of an entity changed; empty where none does.
  std::span<const std::uint8_t> dependents(EntityNumber entity) const;
  std::optional<std::size_t> find(Id segment) const;
  std::optional<std::size_t> find(std::string_view name) const;

 private:
  class Compiler;
  SchemaPtr schema_;
  std::vector<Source> sources_;
  std::vector<AskedRecords> records_;
  std::vector<Measure> measures_;
  std::vector<Test> tests_;
  std::vector<Node> rules_;
  std::vector<std::vector<EntityNumber>> depends_;  // by segment
  std::map<EntityNumber, std::vector<std::uint8_t>> dependents_;
};

/// The `top` comparisons of a rule, in its order.
std::vector<const RuleTerm*> tops_of(const Rule& rule);

}  // namespace emptor::segments
