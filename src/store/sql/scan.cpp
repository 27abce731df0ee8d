#include <algorithm>
#include <bit>

#include "store/sql/compiler.hpp"

namespace emptor::sql {
namespace {

constexpr std::size_t row_id = 0;
constexpr std::size_t largest_limit = std::size_t{1} << 40;  // that can be rounded

// Whether `where` can only be true where the field is present.
bool implies_present(const Where& where, std::string_view field) {
  if (where.kind == Where::Kind::all)
    return std::ranges::any_of(where.children, [&](const Where& child) { return implies_present(child, field); });
  return where.kind == Where::Kind::compare && where.field == field && where.op != Operator::missing &&
         where.op != Operator::not_equal;
}

// Whether `where` can only be true where the field has one value.
bool pins(const Where& where, std::string_view field) {
  if (where.kind == Where::Kind::all)
    return std::ranges::any_of(where.children, [&](const Where& child) { return pins(child, field); });
  return where.kind == Where::Kind::compare && where.field == field && where.op == Operator::equal;
}

// The order fields that tell records apart, up to the id, which ends all ties.
struct Order {
  std::vector<FieldNumber> fields;
  std::vector<bool> descending;
  bool id_descending = false;
};

Order order_of(const Entity& entity, const Query& query) {
  Order order;
  for (const OrderBy& by : query.order) {
    const FieldNumber number = entity.field(by.field).number;
    if (number == row_id) {
      order.id_descending = by.descending;
      break;
    }
    if (std::ranges::find(order.fields, number) != order.fields.end()) continue;
    order.fields.push_back(number);
    order.descending.push_back(by.descending);
  }
  return order;
}

// Conditions for "later than the key in this order".
class After {
 public:
  After(Compiler& compiler, const Order& order, const ScanKey& key) : compiler_(compiler), order_(order), key_(key) {}

  std::string in_part(Part part) {
    if (part == Part::whole) return from(0);
    if (part == Part::missing) return from(1);
    // The first term bounds the walk along the index; the second only drops what ties with the key.
    const std::string name = compiler_.column(order_.fields[0]);
    const std::string sign = order_.descending[0] ? " < " : " > ";
    const std::string bound = name + (order_.descending[0] ? " <= " : " >= ") + compiler_.parameter(key_.values[0]);
    return bound + " AND (" + name + sign + compiler_.parameter(key_.values[0]) + " OR " + from(1) + ")";
  }

 private:
  std::string from(std::size_t i) {
    if (i == order_.fields.size())
      return compiler_.column(row_id) + (order_.id_descending ? " < " : " > ") + compiler_.parameter(Value(key_.id));
    const std::string name = compiler_.column(order_.fields[i]);
    return key_.values[i].present() ? after_value(name, i) : after_missing(name, i);
  }
  std::string after_value(const std::string& name, std::size_t i) {
    std::string later = name + (order_.descending[i] ? " < " : " > ") + compiler_.parameter(key_.values[i]);
    if (order_.descending[i]) later += " OR " + name + " IS NULL";
    return "(" + later + " OR (" + name + " = " + compiler_.parameter(key_.values[i]) + " AND " + from(i + 1) + "))";
  }
  std::string after_missing(const std::string& name, std::size_t i) {
    const std::string tie = "(" + name + " IS NULL AND " + from(i + 1) + ")";
    return order_.descending[i] ? tie : "(" + name + " IS NOT NULL OR " + tie + ")";
  }

  Compiler& compiler_;
  const Order& order_;
  const ScanKey& key_;
};

std::string order_text(Compiler& compiler, const Order& order, Part part) {
  std::string text = " ORDER BY ";
  for (std::size_t i = part == Part::missing ? 1 : 0; i < order.fields.size(); ++i)
    text += compiler.column(order.fields[i]) + (order.descending[i] ? " DESC NULLS LAST, " : " ASC NULLS FIRST, ");
  return text + compiler.column(row_id) + (order.id_descending ? " DESC" : " ASC");
}

}  // namespace

std::vector<FieldNumber> fields_of(const Entity& entity, const Query& query) {
  std::vector<FieldNumber> fields;
  for (const std::string& name : query.fields) fields.push_back(entity.field(name).number);
  if (query.fields.empty())
    for (const Field& field : entity.fields) fields.push_back(field.number);
  return fields;
}

std::vector<Part> parts_of(const Entity& entity, const Query& query) {
  const Order order = order_of(entity, query);
  if (order.fields.empty()) return {Part::whole};
  if (implies_present(query.where, entity.fields[order.fields[0]].name)) return {Part::present};
  if (order.descending[0]) return {Part::present, Part::missing};
  return {Part::missing, Part::present};
}

std::vector<Part> first_parts_of(const Entity& entity, const Query& query) {
  const Order order = order_of(entity, query);
  const auto ends_in_order = [&](const Index& index) {
    return index.open_end && !order.fields.empty() && index.fields.back() == order.fields[0] &&
           std::all_of(index.fields.begin(), index.fields.end() - 1,
                       [&](FieldNumber field) { return pins(query.where, entity.fields[field].name); });
  };
  if (std::ranges::any_of(entity.indexes, ends_in_order)) return {Part::whole};
  return parts_of(entity, query);
}

Part part_of(const Entity& entity, const Query& query, const ScanKey& key) {
  if (order_of(entity, query).fields.empty()) return Part::whole;
  return key.values.at(0).present() ? Part::present : Part::missing;
}

ScanPlan plan_scan(const Entity& entity, const Query& query) {
  ScanPlan plan;
  plan.fields = fields_of(entity, query);
  plan.order = order_of(entity, query).fields;
  std::size_t next = plan.fields.size() + 1;
  for (const FieldNumber number : plan.order) {
    const auto found = std::ranges::find(plan.fields, number);
    plan.order_at.push_back(found == plan.fields.end() ? next++
                                                       : static_cast<std::size_t>(found - plan.fields.begin()) + 1);
  }
  return plan;
}

Compiled compile_scan(const Dialect& dialect, const Layout& layout, const Entity& entity, const Query& query,
                      const ScanPlan& plan, Part part, const ScanKey* continued, std::size_t limit) {
  Compiler compiler(dialect, layout, entity);
  const Order order = order_of(entity, query);
  std::string columns = "SELECT " + compiler.column(row_id);
  for (const FieldNumber number : plan.fields) columns += ", " + compiler.column(number);
  for (std::size_t i = 0; i < plan.order.size(); ++i)
    if (plan.order_at[i] > plan.fields.size()) columns += ", " + compiler.column(plan.order[i]);
  std::string where = compiler.filter(query.where, query.with_deleted);
  if (part != Part::whole)
    where += " AND " + compiler.column(order.fields[0]) + (part == Part::missing ? " IS NULL" : " IS NOT NULL");
  if (continued) where += " AND " + After(compiler, order, *continued).in_part(part);
  std::string tail = order_text(compiler, order, part);
  tail += " LIMIT ";
  // Rounded up, so that there are few statements.
  tail += dialect.limit_is_written ? std::to_string(std::bit_ceil(std::min(limit, largest_limit)))
                                   : compiler.parameter(Value(static_cast<std::int64_t>(limit)));
  return compiler.finish(columns + compiler.from() + where + tail);
}

}  // namespace emptor::sql
