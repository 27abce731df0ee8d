// What the caller card is measured on: many customers with contact points, orders, lines, touches and scores.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "desk/contact_search.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"

namespace emptor::bench {

inline constexpr std::int64_t orders_each = 5, lines_an_order = 2, touches_each = 3, scores_each = 4, users = 200;
inline constexpr std::int64_t rows_a_commit = 50'000;
inline constexpr std::int64_t first_day = 1'600'000'000'000'000;
inline constexpr std::int64_t an_hour = 3600 * micros_per_second;

inline std::string number_of(std::int64_t customer) { return "+49 30 " + std::to_string(20'000'000 + customer); }

/// Rows of one entity, written many at a time. A customer's rows come in rounds, as they do in time, so that they lie
/// on different pages.
class Filler {
 public:
  Filler(Store& store, const char* entity, std::vector<std::string> fields) : store_(store) {
    const auto reader = store.read();
    schema_ = reader->schema();
    entity_ = &schema_->entity(entity);
    for (const std::string& field : fields) numbers_.push_back(entity_->field(field).number);
  }
  ~Filler() { flush(); }

  void row(std::int64_t id, std::initializer_list<Value> values) {
    std::vector<Value>& row = rows_.emplace_back(entity_->fields.size());
    row[system_field::id] = Value(Id{id});
    row[system_field::version] = Value(std::int64_t{1});
    auto number = numbers_.begin();
    for (const Value& value : values) row[*number++] = text_.keep(value);
    if (std::ssize(rows_) == rows_a_commit) flush();
  }
  void flush() {
    if (rows_.empty()) return;
    const std::vector<Row> rows(rows_.begin(), rows_.end());
    const auto writer = store_.write();
    writer->put(*entity_, rows, true);
    writer->commit();
    rows_.clear();
    text_.clear();
  }

 private:
  Store& store_;
  SchemaPtr schema_;
  const Entity* entity_;
  std::vector<FieldNumber> numbers_;
  std::vector<std::vector<Value>> rows_;
  Arena text_;
};

inline void fill_people(Store& store, std::int64_t customers) {
  Filler user(store, "user", {"name"});
  for (std::int64_t id = 1; id <= users; ++id) user.row(id, {Value("Agent Smith")});
  Filler customer(store, "customer", {"kind", "name", "name_key", "tier", "stage", "country", "owner_id"});
  Filler point(store, "contact_point", {"customer_id", "origin_id", "channel", "value", "value_key"});
  for (std::int64_t id = 1; id <= customers; ++id) {
    const std::string name = "Customer Number " + std::to_string(id);
    customer.row(id, {Value("person"), Value(std::string_view(name)), Value(std::string_view(name)), Value("gold"),
                      Value("active"), Value("DE"), Value(Id{id % users + 1})});
    const std::string number = number_of(id);
    const std::string key = desk::number_keys(number, "DE").keys.front();
    point.row(id, {Value(Id{id}), Value(Id{id}), Value("phone"), Value(std::string_view(number)),
                   Value(std::string_view(key))});
  }
}

inline void fill_sales(Store& store, std::int64_t customers) {
  Filler order(store, "order", {"customer_id", "origin_id", "number", "ordered_at", "status", "channel", "owner_id"});
  Filler line(store, "order_line", {"customer_id", "origin_id", "order_id", "quantity", "amount", "base_amount"});
  for (std::int64_t round = 0; round < orders_each; ++round)
    for (std::int64_t c = 1; c <= customers; ++c) {
      const std::int64_t id = round * customers + c;
      const std::string number = "SO-" + std::to_string(id);
      order.row(id, {Value(Id{c}), Value(Id{c}), Value(std::string_view(number)),
                     Value(Instant{first_day + round * 500 * an_hour + c}), Value("shipped"), Value("web"),
                     Value(Id{id % users + 1})});
      for (std::int64_t l = 0; l < lines_an_order; ++l) {
        const Value amount = Value::of_bits(Type::decimal, (id % 997 + l) * 10'000);
        line.row(id * lines_an_order + l,
                 {Value(Id{c}), Value(Id{c}), Value(Id{id}), Value(Decimal(1)), amount, amount});
      }
    }
}

inline void fill_touch(Store& store, std::int64_t customers) {
  Filler touch(store, "interaction",
               {"customer_id", "origin_id", "channel", "direction", "at", "outcome", "subject", "user_id"});
  for (std::int64_t round = 0; round < touches_each; ++round)
    for (std::int64_t c = 1; c <= customers; ++c)
      touch.row(round * customers + c,
                {Value(Id{c}), Value(Id{c}), Value("phone"), Value(round % 2 == 0 ? "in" : "out"),
                 Value(Instant{first_day + round * 700 * an_hour + c}), Value("reached"),
                 Value("asked where the parcel is"), Value(Id{c % users + 1})});
  Filler score(store, "score", {"customer_id", "origin_id", "name", "value", "label"});
  static constexpr const char* names[] = {"rfm.recency", "rfm.frequency", "rfm.monetary", "rfm.cell"};
  for (std::int64_t round = 0; round < scores_each; ++round)
    for (std::int64_t c = 1; c <= customers; ++c)
      score.row(round * customers + c, {Value(Id{c}), Value(Id{c}), Value(names[round]),
                                        Value(1.0 + static_cast<double>(c % 5)), Value("loyal")});
  Filler consent(store, "consent", {"customer_id", "origin_id", "channel", "purpose", "state", "stated_at"});
  Filler open(store, "case", {"customer_id", "origin_id", "subject", "state", "opened_at", "owner_id"});
  Filler task(store, "task", {"customer_id", "origin_id", "subject", "status", "due_at", "user_id"});
  Filler block(store, "block", {"customer_id", "origin_id", "kind", "cause"});
  for (std::int64_t c = 1; c <= customers; ++c) {
    consent.row(c, {Value(Id{c}), Value(Id{c}), Value("email"), Value("marketing"), Value("granted"),
                    Value(Instant{first_day + c})});
    if (c % 5 == 0)
      open.row(c, {Value(Id{c}), Value(Id{c}), Value("parcel lost"), Value("new"), Value(Instant{first_day + c}),
                   Value(Id{c % users + 1})});
    if (c % 4 == 0)
      task.row(c, {Value(Id{c}), Value(Id{c}), Value("call back"), Value("open"), Value(Instant{first_day + c}),
                   Value(Id{c % users + 1})});
    if (c % 100 == 0) block.row(c, {Value(Id{c}), Value(Id{c}), Value("no_credit"), Value("unpaid")});
  }
}

/// Requires a new store.
inline void fill(Store& store, std::int64_t customers) {
  Session session(store);
  ChangeSet first;  // brings derivations into being, and takes the first entry
  first.put("product").set("name", "Parcel");
  session.apply(first);
  static constexpr std::string_view loaded[] = {"customer",    "contact_point", "order",  "order_line",
                                                "interaction", "score",         "consent"};
  {
    const auto writer = store.write();
    for (const std::string_view entity : loaded) writer->drop_indexes(writer->schema()->entity(entity));
    writer->commit();
  }
  fill_people(store, customers);
  fill_sales(store, customers);
  fill_touch(store, customers);
  for (bool more = true; more;) {
    const auto writer = store.write();
    more = writer->restore_index();
    if (more) writer->commit();
  }
}

}  // namespace emptor::bench
