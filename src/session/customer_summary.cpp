#include "session/customer_summary.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>

#include "emptor/core/error.hpp"
#include "emptor/model/sales.hpp"
#include "emptor/model/system.hpp"
#include "emptor/model/touch.hpp"

namespace emptor {
namespace {

/// What one customer's records add up to, or a change of that.
struct Summary {
  std::int64_t orders = 0;
  std::int64_t revenue = 0;  // micros
  std::optional<std::int64_t> first_order, last_order, last_touch;
  bool stale = false;  // an extreme went away: only a recount tells the next one
};

void widen(Summary& summary, std::optional<std::int64_t> order, std::optional<std::int64_t> touch) {
  if (order) {
    summary.first_order = std::min(*order, summary.first_order.value_or(*order));
    summary.last_order = std::max(*order, summary.last_order.value_or(*order));
  }
  if (touch) summary.last_touch = std::max(*touch, summary.last_touch.value_or(*touch));
}

void add_revenue(Summary& summary, std::int64_t micros) {
  if (__builtin_add_overflow(summary.revenue, micros, &summary.revenue))
    throw Error(Problem{.code = Code::invalid,
                        .message = "a customer's revenue is beyond what a decimal holds",
                        .entity = std::string(CustomerSummary::entity_name),
                        .field = "revenue",
                        .hint = "keep amounts in a larger unit"});
}

// The fields read, as numbers of the entities at hand.
struct OrderFields {
  explicit OrderFields(const Entity& order)
      : customer(*order.customer_field), at(order.field("ordered_at").number), kind(order.field("kind").number) {}
  FieldNumber customer, at, kind;
  bool counts(const Value& kind_value) const { return kind_value.text() != "credit_note"; }
};

struct SummaryFields {
  explicit SummaryFields(const Entity& entity)
      : orders(entity.field("orders").number),
        revenue(entity.field("revenue").number),
        first(entity.field("first_order_at").number),
        last(entity.field("last_order_at").number),
        touch(entity.field("last_touch_at").number),
        width(entity.fields.size()) {}
  FieldNumber orders, revenue, first, last, touch;
  std::size_t width;

  void write(std::span<Value> row, Id customer, const Summary& summary) const {
    const auto instant = [](const std::optional<std::int64_t>& at) { return at ? Value(Instant{*at}) : Value(); };
    row[system_field::id] = Value(customer);
    row[orders] = Value(summary.orders);
    row[revenue] = Value::of_bits(Type::decimal, summary.revenue);
    row[first] = instant(summary.first_order);
    row[last] = instant(summary.last_order);
    row[touch] = instant(summary.last_touch);
  }

  Summary read(const Batch& batch, std::size_t at) const {
    const auto moment = [&](FieldNumber field) {
      const Column& column = batch.columns[field];
      return column.valid[at] ? std::optional(column.bits[at]) : std::nullopt;
    };
    return {moment(orders).value_or(0), moment(revenue).value_or(0), moment(first), moment(last), moment(touch), false};
  }
};

using Changes = boost::unordered_flat_map<std::int64_t, Summary>;

// One row as it counts towards its customer: `sign` +1 where it appears, -1 where it goes.
class Counter {
 public:
  explicit Counter(const Schema& schema)
      : order_(schema.entity("order")),
        line_(schema.entity("order_line")),
        interaction_(schema.entity("interaction")),
        order_fields_(order_),
        line_amount_(line_.field("base_amount").number),
        interaction_at_(interaction_.field("at").number) {}

  /// The fields on which a record's part depends.
  std::vector<FieldNumber> reads(const Entity& entity) const {
    if (entity.number == order_.number)
      return {system_field::deleted_at, order_fields_.customer, order_fields_.at, order_fields_.kind};
    return {system_field::deleted_at, *entity.customer_field,
            entity.number == line_.number ? line_amount_ : interaction_at_};
  }

  /// Whether a changed record counts as it did before.
  bool same(const Entity& entity, Row before, Row after) const {
    const auto equal = [&](FieldNumber field) { return before[field] == after[field]; };
    return !before.empty() && std::ranges::all_of(reads(entity), equal);
  }

  void add(Changes& changes, const Entity& entity, Row row, int sign) const {
    if (row.empty() || row[system_field::deleted_at].present()) return;
    const Id customer = row[*entity.customer_field].id();
    if (!customer) return;
    Summary& summary = changes[customer.value];
    if (entity.number == order_.number)
      add_order(summary, row, sign);
    else if (entity.number == line_.number)
      add_line(summary, row, sign);
    else
      add_touch(summary, row[interaction_at_], false, sign);
  }

 private:
  void add_order(Summary& summary, Row row, int sign) const {
    if (!order_fields_.counts(row[order_fields_.kind])) return;
    summary.orders += sign;
    add_touch(summary, row[order_fields_.at], true, sign);
  }
  void add_line(Summary& summary, Row row, int sign) const {
    const Value& amount = row[line_amount_];
    if (amount.present()) add_revenue(summary, sign * amount.micros());
  }
  void add_touch(Summary& summary, const Value& at, bool order, int sign) const {
    if (!at.present()) return;
    if (sign < 0)
      summary.stale = true;
    else
      widen(summary, order ? std::optional(at.bits()) : std::nullopt, at.bits());
  }

  const Entity& order_;
  const Entity& line_;
  const Entity& interaction_;
  OrderFields order_fields_;
  FieldNumber line_amount_, interaction_at_;
};

// Reads all rows of `entity` that satisfy `where` and counts them.
void count_rows(Reader& reader, const Counter& counter, const std::string& entity_name, const Where& where,
                Changes& changes) {
  const Entity& entity = reader.schema()->entity(entity_name);
  Query query;
  query.entity = entity_name;
  query.where = where;
  for (const FieldNumber field : counter.reads(entity)) query.fields.push_back(entity.fields[field].name);
  query.limit = 4096;
  ScanKey key;
  Batch batch;
  std::vector<Value> row(entity.fields.size());
  for (bool more = true; more;) {
    more = reader.scan(query, key, batch);
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      for (const Column& column : batch.columns) row[column.field] = column.value(i);
      counter.add(changes, entity, row, +1);
    }
  }
}

Summary recount(Reader& reader, const Counter& counter, Id customer) {
  Changes changes;
  for (const std::string_view source : customer_summary_sources()) {
    const std::string name(source);
    const Entity& entity = reader.schema()->entity(name);
    count_rows(reader, counter, name, Where::equal(entity.fields[*entity.customer_field].name, customer), changes);
  }
  return changes[customer.value];
}

void apply(Summary& summary, const Summary& change) {
  summary.orders += change.orders;
  add_revenue(summary, change.revenue);
  widen(summary, change.first_order, change.last_touch);
  widen(summary, change.last_order, {});
}

std::vector<Id> update(Writer& writer, std::span<const RecordChange> records, DerivationMemory&) {
  const Entity& entity = writer.schema()->entity(CustomerSummary::entity_name);
  const SummaryFields fields(entity);
  const Counter counter(*writer.schema());
  Changes changes;
  for (const RecordChange& record : records) {
    if (counter.same(*record.entity, record.before, record.after)) continue;
    counter.add(changes, *record.entity, record.before, -1);
    counter.add(changes, *record.entity, record.after, +1);
  }
  std::vector<Id> customers;
  for (const auto& [customer, change] : changes) customers.push_back(Id{customer});
  std::sort(customers.begin(), customers.end());
  Batch batch;
  if (customers.empty()) return customers;
  writer.get(entity, customers, batch);
  std::vector<Value> values(fields.width * customers.size()), old;
  old.reserve(values.size());
  std::vector<Row> made, before, changed;
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const Summary& change = changes[customers[i].value];
    Summary summary = change.stale ? recount(writer, counter, customers[i]) : fields.read(batch, i);
    if (!change.stale) apply(summary, change);
    const std::span<Value> row(values.data() + i * fields.width, fields.width);
    fields.write(row, customers[i], summary);
    (batch.ids[i] ? changed : made).push_back(row);
    if (!batch.ids[i]) continue;
    before.emplace_back(old.data() + old.size(), fields.width);
    batch.copy_row(i, old);
  }
  if (!made.empty()) writer.put(entity, made, true);
  if (!changed.empty()) writer.replace(entity, before, changed);
  return customers;
}

void recompute(Reader& reader, const std::function<void(Row)>& emit) {
  const Counter counter(*reader.schema());
  Changes changes;
  for (const std::string_view name : customer_summary_sources())
    count_rows(reader, counter, std::string(name), {}, changes);
  const SummaryFields fields(reader.schema()->entity(CustomerSummary::entity_name));
  std::vector<Id> customers;
  for (const auto& [customer, summary] : changes) customers.push_back(Id{customer});
  std::ranges::sort(customers);
  std::vector<Value> row(fields.width);
  for (const Id customer : customers) {
    fields.write(row, customer, changes[customer.value]);
    emit(row);
  }
}

}  // namespace

std::span<const std::string_view> customer_summary_sources() {
  static constexpr std::string_view names[] = {Order::entity_name, OrderLine::entity_name, Interaction::entity_name};
  return names;
}

Derivation customer_summary_derivation() {
  const auto sources = customer_summary_sources();
  return {"customer_summary",
          {sources.begin(), sources.end()},
          std::string(CustomerSummary::entity_name),
          update,
          recompute};
}

}  // namespace emptor
