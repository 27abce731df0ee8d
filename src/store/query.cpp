#include "emptor/store/query.hpp"

namespace emptor {
namespace {

Where combination(Where::Kind kind, std::vector<Where> children) {
  Where where;
  where.kind = kind;
  where.children = std::move(children);
  return where;
}

}  // namespace

Where Where::compare(std::string field, Operator op, Value value) {
  Where where;
  where.kind = Kind::compare;
  where.field = std::move(field);
  where.op = op;
  if (op != Operator::missing && op != Operator::present) where.values.push_back(value);
  return where;
}

Where Where::in(std::string field, std::vector<Value> values) {
  Where where;
  where.kind = Kind::compare;
  where.field = std::move(field);
  where.op = Operator::in;
  where.values = std::move(values);
  return where;
}

// The address is a value like others, so that a statement that was prepared for one set serves every other.
Where Where::among(std::string field, std::shared_ptr<const IdSet> ids) {
  Where where = in(std::move(field), {Value(static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(ids.get())))});
  where.op = Operator::among;
  where.ids = std::move(ids);
  return where;
}

const IdSet& id_set_of(const Value& address) noexcept {
  return *reinterpret_cast<const IdSet*>(static_cast<std::intptr_t>(address.bits()));
}

Where Where::all(std::vector<Where> children) { return combination(Kind::all, std::move(children)); }

Where Where::any(std::vector<Where> children) { return combination(Kind::any, std::move(children)); }

Where Where::negate(Where child) {
  Where where;
  where.kind = Kind::negate;
  where.children.push_back(std::move(child));
  return where;
}

}  // namespace emptor
