// A query's conditions bound to an entity: checked once, then asked of many rows.
#pragma once

#include <vector>

#include "emptor/model/record.hpp"
#include "emptor/store/query.hpp"

namespace emptor::keyvalue {

class Condition {
 public:
  /// Throws Code::not_found for unknown fields and Code::invalid for values of another type than the
  /// field's. The texts of `where` must outlive the condition.
  Condition(const Entity& entity, const Where& where);

  bool holds(Row row) const { return holds(root_, row); }

  /// One comparison. Its values are present and sorted, each once (only `in` has several).
  struct Comparison {
    FieldNumber field = 0;
    Operator op = Operator::equal;
    std::vector<Value> values;
  };
  /// Comparisons of which every one must hold: the conjunction at the top.
  const std::vector<const Comparison*>& required() const noexcept { return required_; }
  /// True where a row can only match if this field is present.
  bool implies_present(FieldNumber field) const noexcept;

 private:
  struct Node {
    Where::Kind kind = Where::Kind::always;
    Comparison comparison;
    std::vector<Node> children;
  };
  static Node bind(const Entity& entity, const Where& where);
  static bool holds(const Node& node, Row row);
  void collect(const Node& node);

  Node root_;
  std::vector<const Comparison*> required_;
};

/// The comparison of one value, as query.hpp defines it: two truth values, a missing value is equal to
/// nothing and in no order.
bool holds(const Condition::Comparison& comparison, const Value& value);

}  // namespace emptor::keyvalue
