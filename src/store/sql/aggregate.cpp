#include "emptor/core/error.hpp"
#include "store/sql/compiler.hpp"

namespace emptor::sql {
namespace {

const Field& measured(const Entity& entity, const AggregateQuery::Item& item) {
  if (item.field.empty())
    throw Error(Problem{Code::invalid,
                        "only records can be counted without a field",
                        entity.name,
                        {},
                        {},
                        "name the field to measure"});
  const Field& field = entity.field(item.field);
  const bool summable = field.type == Type::integer || field.type == Type::decimal;
  if (item.measure != Measure::sum || summable) return field;
  throw Error(Problem{Code::invalid,
                      "only integers and decimals can be summed",
                      entity.name,
                      field.name,
                      {},
                      "count it, or ask for its least or greatest value"});
}

// The first in an order, for types of which the database knows none to be the least.
std::string first_of(const std::string& name, const char* order) {
  return "(array_agg(" + name + " ORDER BY " + name + order + "))[1]";
}

std::string measure_text(const Dialect& dialect, Compiler& compiler, const Entity& entity,
                         const AggregateQuery::Item& item) {
  if (item.measure == Measure::count && item.field.empty()) return "count(*)";
  const Field& field = measured(entity, item);
  const std::string name = compiler.column(field.number);
  const bool sorted = field.type == Type::bytes && !dialect.has_least_bytes;
  const std::string half(dialect.half_of);
  switch (item.measure) {
    case Measure::count:
      return "count(" + name + ")";
    case Measure::min:
      return sorted ? first_of(name, " ASC NULLS LAST") : "min(" + name + ")";
    case Measure::max:
      return sorted ? first_of(name, " DESC NULLS LAST") : "max(" + name + ")";
    default:
      return "sum(" + name + " >> 32)" + half + ", sum(" + name + " & 4294967295)" + half;
  }
}

}  // namespace

Compiled compile_aggregate(const Dialect& dialect, const Layout& layout, const Entity& entity,
                           const AggregateQuery& query) {
  Compiler compiler(dialect, layout, entity);
  std::string keys;
  std::string order;
  for (const std::string& name : query.group_by) {
    const std::string column = compiler.column(entity.field(name).number);
    keys += (keys.empty() ? "" : ", ") + column;
    order += (order.empty() ? "" : ", ") + column + " ASC NULLS FIRST";
  }
  std::string columns = keys;
  for (const AggregateQuery::Item& item : query.measures)
    columns += (columns.empty() ? "" : ", ") + measure_text(dialect, compiler, entity, item);
  if (columns.empty()) columns = "count(*)";
  const std::string where = compiler.filter(query.where, query.with_deleted);
  std::string text = "SELECT " + columns + compiler.from() + where;
  if (!keys.empty()) text += " GROUP BY " + keys + " ORDER BY " + order;
  return compiler.finish(std::move(text));
}

}  // namespace emptor::sql
