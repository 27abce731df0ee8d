// A scan's question bound to its entity, and the batch that its answers go into.
#pragma once

#include <algorithm>

#include "emptor/core/error.hpp"
#include "store/keyvalue/condition.hpp"
#include "store/keyvalue/walk.hpp"

namespace emptor::keyvalue {

struct BoundOrder {
  FieldNumber field = 0;
  bool descending = false;
};

// The names of a query looked up, its texts still the query's.
struct BoundQuery {
  BoundQuery(const Entity& of, const Query& query) : entity(of), condition(of, query.where) {
    for (const OrderBy& order : query.order) orders.push_back({of.field(order.field).number, order.descending});
    for (const std::string& field : query.fields) fields.push_back(of.field(field).number);
    if (query.fields.empty())
      for (const Field& field : of.fields) fields.push_back(field.number);
    limit = query.limit;
    with_deleted = query.with_deleted;
    if (limit == 0) throw Error(Code::misuse, "a scan of no rows a batch", "set a limit above 0");
    drop_what_follows_id();
  }

  bool matches(Row row) const {
    return (with_deleted || !row[system_field::deleted_at].present()) && condition.holds(row);
  }
  bool by_id() const noexcept { return orders.empty() || (orders.front().field == 0 && !orders.front().descending); }

  const Entity& entity;
  Condition condition;
  std::vector<BoundOrder> orders;
  std::vector<FieldNumber> fields;
  std::size_t limit = 0;
  bool with_deleted = false;

 private:
  // The id decides every tie, so what is named after it orders nothing.
  void drop_what_follows_id() {
    const auto id =
        std::find_if(orders.begin(), orders.end(), [](const BoundOrder& order) { return order.field == 0; });
    if (id != orders.end()) orders.erase(id + 1, orders.end());
  }
};

inline int compare_ordered(const BoundOrder& order, const Value& a, const Value& b) {
  return order.descending ? compare(b, a) : compare(a, b);
}

// Takes rows in their order until the batch is full, and one more to know that there are others.
class Taker {
 public:
  Taker(const BoundQuery& query, Batch& out) : query_(query), out_(out) {}

  /// `row` is what `stored` holds.
  bool take(const StoredRow& stored, Row row) {
    if (out_.rows() == query_.limit) return !(more_ = true);
    out_.ids.push_back(stored.id);
    for (std::size_t i = 0; i < query_.fields.size(); ++i) out_.columns[i].append(row[query_.fields[i]]);
    last_.clear();
    for (const BoundOrder& order : query_.orders) last_.push_back(row[order.field]);
    holder_ = stored.holder;
    return true;
  }
  std::size_t wanted() const { return query_.limit + 1 - out_.rows(); }
  std::size_t chunk() const { return std::clamp<std::size_t>(wanted(), 8, usual_chunk); }

  bool finish(ScanKey& key) {
    if (out_.rows() != 0) {
      key.begun = true;
      key.id = out_.ids.back();
      key.values.clear();
      key.text.clear();
      for (const Value& value : last_) key.values.push_back(key.text.keep(value));
    }
    key.ended = !more_;
    return more_;
  }

 private:
  const BoundQuery& query_;
  Batch& out_;
  std::vector<Value> last_;
  std::shared_ptr<const std::string> holder_;  // of their texts
  bool more_ = false;
};

}  // namespace emptor::keyvalue
