#include "store/sqlite/known_queries.hpp"

#include <algorithm>

namespace emptor::sqlite {
namespace {

constexpr std::size_t most_known = 200;
constexpr std::size_t most_single_values = 8;

// Writes a query's shape and collects its values. What it cannot tell apart is refused (`plain`).
class Shape {
 public:
  Shape(std::string& text, std::vector<Value>& values, std::deque<std::string>& ends, char kind)
      : text_(text), values_(values), ends_(ends) {
    text_.assign(1, kind);
    values_.clear();
    ends_.clear();
  }

  void add(std::string_view name) {
    const std::size_t size = name.size();
    text_.append(reinterpret_cast<const char*>(&size), sizeof size);
    text_ += name;
  }
  void add(std::size_t number) { text_ += static_cast<char>(number); }
  void add(const Where& where) {
    add(static_cast<std::size_t>(where.kind));
    if (where.kind == Where::Kind::compare) {
      add(where.field);
      add(static_cast<std::size_t>(where.op));
      if (where.op != Operator::missing && where.op != Operator::present) add_values(where);
      return;
    }
    plain_ = plain_ && where.children.size() < 128;
    add(where.children.size());
    for (const Where& child : where.children) add(child);
  }

  bool plain() const noexcept { return plain_; }

 private:
  void add_values(const Where& where) {
    plain_ = plain_ && where.values.size() <= most_single_values;
    add(where.values.size());
    for (const Value& value : where.values) {
      add(value.present() ? 1 + static_cast<std::size_t>(value.type()) : 0);
      if (value.present()) values_.push_back(value);
    }
    if (where.op == Operator::starts_with) add_end(where.values.front());
  }

  // Texts with a beginning are those from it to before its end, which nearly every beginning has.
  void add_end(const Value& beginning) {
    const std::string& end = ends_.emplace_back(sql::prefix_end(beginning.text()));
    plain_ = plain_ && !end.empty();
    values_.emplace_back(std::string_view(end));
  }

  std::string& text_;
  std::vector<Value>& values_;
  std::deque<std::string>& ends_;
  bool plain_ = true;
};

bool write_shape(Shape& shape, const Query& query) {
  shape.add(query.entity);
  shape.add(query.where);
  for (const OrderBy& order : query.order) {
    shape.add(order.field);
    shape.add(order.descending ? 1 : 2);
  }
  shape.add("");
  for (const std::string& field : query.fields) shape.add(field);
  shape.add(query.with_deleted ? 1 : 2);
  return shape.plain();
}

bool write_shape(Shape& shape, const AggregateQuery& query) {
  shape.add(query.entity);
  shape.add(query.where);
  for (const std::string& field : query.group_by) shape.add(field);
  shape.add("");
  for (const AggregateQuery::Item& item : query.measures) {
    shape.add(item.field);
    shape.add(static_cast<std::size_t>(item.measure));
  }
  shape.add(query.with_deleted ? 1 : 2);
  return shape.plain();
}

std::string point_query(const sql::Layout& layout, const Entity& entity) {
  sql::Compiler compiler(sql::sqlite_dialect, layout, entity);
  std::string columns = "SELECT " + compiler.column(system_field::id);
  for (const Field& field : entity.fields) columns += ", " + compiler.column(field.number);
  return columns + compiler.from() + compiler.column(system_field::id) + " = ?1";
}

}  // namespace

void KnownQueries::forget() noexcept {
  scans_.clear();
  aggregates_.clear();
  points_.clear();
  layout_.reset();
}

void KnownQueries::turn_to(const sql::LayoutPtr& layout) {
  if (layout_ == layout && scans_.size() + aggregates_.size() < most_known) return;
  forget();
  layout_ = layout;
}

void KnownQueries::bind(Statement& statement) const {
  for (std::size_t i = 0; i < values_.size(); ++i) statement.bind(static_cast<int>(i) + 1, values_[i]);
}

// Null where the SQL's parameters are not the query's own values, in their order (a value was converted).
std::unique_ptr<Statement> KnownQueries::prepare(const sql::Compiled& compiled, std::size_t more) const {
  if (compiled.parameters.size() != values_.size() + more) return nullptr;
  if (!std::equal(values_.begin(), values_.end(), compiled.parameters.begin())) return nullptr;
  return std::make_unique<Statement>(connection_, compiled.text);
}

const KnownScan* KnownQueries::scan(const sql::LayoutPtr& layout, const Query& query) {
  turn_to(layout);
  Shape shape(shape_, values_, ends_, 's');
  if (!write_shape(shape, query)) return nullptr;
  auto found = scans_.find(shape_);
  if (found == scans_.end()) {
    KnownScan scan;
    scan.entity = &layout->schema()->entity(query.entity);
    scan.plan = sql::plan_scan(*scan.entity, query);
    for (const sql::Part part : sql::first_parts_of(*scan.entity, query)) {
      scan.parts.push_back(prepare(
          sql::compile_scan(sql::sqlite_dialect, *layout, *scan.entity, query, scan.plan, part, nullptr, 1), 1));
      if (!scan.parts.back()) return nullptr;
    }
    found = scans_.emplace(shape_, std::move(scan)).first;
  }
  for (const auto& part : found->second.parts) bind(*part);
  return &found->second;
}

const KnownAggregate* KnownQueries::aggregate(const sql::LayoutPtr& layout, const AggregateQuery& query) {
  turn_to(layout);
  Shape shape(shape_, values_, ends_, 'a');
  if (!write_shape(shape, query)) return nullptr;
  auto found = aggregates_.find(shape_);
  if (found == aggregates_.end()) {
    KnownAggregate aggregate;
    aggregate.entity = &layout->schema()->entity(query.entity);
    aggregate.statement = prepare(sql::compile_aggregate(sql::sqlite_dialect, *layout, *aggregate.entity, query), 0);
    if (!aggregate.statement) return nullptr;
    found = aggregates_.emplace(shape_, std::move(aggregate)).first;
  }
  bind(*found->second.statement);
  return &found->second;
}

Statement& KnownQueries::point(const sql::LayoutPtr& layout, const Entity& entity) {
  turn_to(layout);
  std::unique_ptr<Statement>& statement = points_[entity.number];
  if (!statement) statement = std::make_unique<Statement>(connection_, point_query(*layout, entity));
  return *statement;
}

}  // namespace emptor::sqlite
