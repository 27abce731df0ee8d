#include "store/keyvalue/condition.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"

namespace emptor::keyvalue {
namespace {

bool before(const Value& a, const Value& b) { return compare(a, b) < 0; }

[[noreturn]] void refuse(const Entity& entity, const Field& field, std::string message) {
  throw Error(Problem{Code::invalid, std::move(message), entity.name, field.name, {}, {}});
}

// An id may be given as a number, a decimal as a whole one; nothing else is taken for another type.
Value operand(const Entity& entity, const Field& field, const Value& value) {
  if (!value.present() || value.type() == field.type) return value;
  const auto is_number = [](Type type) { return type == Type::integer || type == Type::id; };
  if (is_number(field.type) && is_number(value.type())) return Value::of_bits(field.type, value.bits());
  if (field.type == Type::decimal && value.type() == Type::integer) return Value(Decimal(value.integer()));
  refuse(entity, field,
         "a " + std::string(name_of(field.type)) + " cannot be compared with a " + std::string(name_of(value.type())));
}

void check_operator(const Entity& entity, const Field& field, const Where& where) {
  const bool text_only = where.op == Operator::starts_with || where.op == Operator::contains;
  if (where.op == Operator::among && field.type != Type::id) refuse(entity, field, "only an id is among records");
  if (text_only && field.type != Type::text) refuse(entity, field, "only text starts with or contains text");
  const bool unary = where.op == Operator::missing || where.op == Operator::present;
  if (!unary && where.op != Operator::in && where.values.size() != 1)
    refuse(entity, field, "a comparison takes one value");
}

Condition::Comparison bind_comparison(const Entity& entity, const Where& where) {
  const Field& field = entity.field(where.field);
  check_operator(entity, field, where);
  Condition::Comparison bound{field.number, where.op, {}};
  if (where.op == Operator::among) {
    bound.values = where.values;
    return bound;
  }
  for (const Value& value : where.values)
    if (value.present()) bound.values.push_back(operand(entity, field, value));
  std::sort(bound.values.begin(), bound.values.end(), before);
  bound.values.erase(std::unique(bound.values.begin(), bound.values.end()), bound.values.end());
  return bound;
}

bool implies_presence(Operator op) { return op != Operator::not_equal && op != Operator::missing; }

bool compare_ordered(Operator op, int order) {
  switch (op) {
    case Operator::equal:
      return order == 0;
    case Operator::less:
      return order < 0;
    case Operator::less_equal:
      return order <= 0;
    case Operator::greater:
      return order > 0;
    default:
      return order >= 0;
  }
}

}  // namespace

bool holds(const Condition::Comparison& comparison, const Value& value) {
  const std::vector<Value>& values = comparison.values;
  switch (comparison.op) {
    case Operator::missing:
      return !value.present();
    case Operator::present:
      return value.present();
    case Operator::not_equal:
      return !value.present() || values.empty() || compare(value, values[0]) != 0;
    case Operator::among:
      return value.present() && id_set_of(values.front()).contains(value.id());
    case Operator::in:
      return value.present() && std::binary_search(values.begin(), values.end(), value, before);
    default:
      break;
  }
  if (!value.present() || values.empty()) return false;
  if (comparison.op == Operator::starts_with) return value.text().starts_with(values[0].text());
  if (comparison.op == Operator::contains) return value.text().find(values[0].text()) != std::string_view::npos;
  return compare_ordered(comparison.op, compare(value, values[0]));
}

Condition::Condition(const Entity& entity, const Where& where) : root_(bind(entity, where)) { collect(root_); }

Condition::Node Condition::bind(const Entity& entity, const Where& where) {
  Node node;
  node.kind = where.kind;
  if (where.kind == Where::Kind::compare) node.comparison = bind_comparison(entity, where);
  for (const Where& child : where.children) node.children.push_back(bind(entity, child));
  return node;
}

void Condition::collect(const Node& node) {
  if (node.kind == Where::Kind::compare) required_.push_back(&node.comparison);
  if (node.kind == Where::Kind::all)
    for (const Node& child : node.children) collect(child);
}

bool Condition::holds(const Node& node, Row row) {
  const auto child_holds = [row](const Node& child) { return holds(child, row); };
  switch (node.kind) {
    case Where::Kind::always:
      return true;
    case Where::Kind::compare:
      return keyvalue::holds(node.comparison, row[node.comparison.field]);
    case Where::Kind::all:
      return std::all_of(node.children.begin(), node.children.end(), child_holds);
    case Where::Kind::any:
      return std::any_of(node.children.begin(), node.children.end(), child_holds);
    case Where::Kind::negate:
      return !child_holds(node.children.front());
  }
  return false;
}

bool Condition::implies_present(FieldNumber field) const noexcept {
  return std::any_of(required_.begin(), required_.end(), [field](const Comparison* comparison) {
    return comparison->field == field && implies_presence(comparison->op);
  });
}

}  // namespace emptor::keyvalue
