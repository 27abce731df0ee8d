#include "insight/facts/history_changes.hpp"

#include <algorithm>
#include <unordered_map>

#include "emptor/model/system.hpp"
#include "insight/facts/borrowed_view.hpp"
#include "insight/facts/each_row.hpp"

namespace emptor {
namespace {

/// Cells of a row that may not be there at all.
class Cells {
 public:
  Cells(const Entity& entity, Row row) : entity_(entity), row_(row) {}
  bool there() const { return !row_.empty() && !row_[system_field::deleted_at].present(); }
  Value operator[](std::string_view field) const { return row_.empty() ? Value() : row_[entity_.field(field).number]; }
  std::int64_t id(std::string_view field) const { return (*this)[field].id().value; }
  std::int64_t micros(std::string_view field) const {
    const Value value = (*this)[field];
    return value.present() ? value.micros() : 0;
  }
  std::int64_t own_id() const { return row_.empty() ? 0 : row_[system_field::id].id().value; }

 private:
  const Entity& entity_;
  Row row_;
};

class ChangeReading {
 public:
  ChangeReading(const View& view, DayFinder& days) : view_(view), days_(days) {}

  HistoryChanges read(std::span<const RecordChange> changes) {
    for (const RecordChange& change : changes)
      if (change.entity->name == "order") see_order(change);
    for (const RecordChange& change : changes) {
      const std::string& name = change.entity->name;
      if (name == "order_line")
        see_line(change);
      else if (name == "customer")
        see_customer(change);
      else if (name == "survey")
        see_survey(change);
      else if (name != "order")
        see_touch(change);
    }
    return std::move(out_);
  }

 private:
  struct NewOrder {
    std::int64_t customer = 0, at = 0;
    bool counts = false;
  };

  void read_again(std::int64_t customer) {
    if (customer == 0) return;
    out_[customer].read_lines = true;
    out_[customer].read_touches = true;
  }

  void see_order(const RecordChange& change) {
    const Cells before(*change.entity, change.before), after(*change.entity, change.after);
    const Value at = after["ordered_at"];
    if (change.before.empty()) {
      new_orders_[after.own_id()] = {after.id("customer_id"), at.present() ? at.bits() : 0, at.present()};
      if (after.id("customer_id") == 0) return;
      HistoryChange& own = out_[after.id("customer_id")];
      own.read_touches |= after["due_at"].present() && after["shipped_at"].present();
      return;
    }
    read_again(before.id("customer_id"));
    read_again(after.id("customer_id"));
    for (const std::int64_t customer : customers_where("order_line", "order_id", Id{after.own_id()}))
      read_again(customer);
  }

  std::int64_t customer_of_order(const Cells& line) const {
    const std::optional<Record> order = view_.get("order", Id{line.id("order_id")}, true);
    return order ? order->get("customer_id").id().value : 0;
  }
  /// The customer of a line, who may be the order's alone.
  std::int64_t customer_of(const Cells& line) const {
    const std::int64_t own = line.id("customer_id");
    return own != 0 ? own : customer_of_order(line);
  }

  void see_line(const RecordChange& change) {
    const Cells before(*change.entity, change.before), after(*change.entity, change.after);
    const auto order = new_orders_.find(after.id("order_id"));
    if (!change.before.empty() || order == new_orders_.end()) {
      for (const Cells* line : {&before, &after}) {
        if (line->own_id() == 0) continue;
        read_again(customer_of(*line));
        read_again(customer_of_order(*line));
      }
      return;
    }
    const std::int64_t own = after.id("customer_id"), customer = own != 0 ? own : order->second.customer;
    if (after["discount"].present() && order->second.customer != 0) out_[order->second.customer].read_touches = true;
    if (customer == 0 || !order->second.counts) return;
    out_[customer].lines.push_back({.customer = customer,
                                    .line = after.own_id(),
                                    .order = order->first,
                                    .at = order->second.at,
                                    .amount = after.micros("base_amount"),
                                    .quantity = after.micros("quantity") < 0 ? -1 : 0,
                                    .day = days_.of(order->second.at)});
  }

  void see_customer(const RecordChange& change) {
    if (change.before.empty()) return;
    HistoryChange& own = out_[change.after[system_field::id].id().value];
    own.read_lines |=
        change.before[system_field::deleted_at].present() != change.after[system_field::deleted_at].present();
  }

  /// The scale of its answers may be another.
  void see_survey(const RecordChange& change) {
    if (change.before.empty()) return;
    for (const std::int64_t customer : customers_where("response", "survey_id", change.after[system_field::id].id()))
      if (customer != 0) out_[customer].read_touches = true;
  }

  void see_touch(const RecordChange& change) {
    for (const Row row : {change.before, change.after}) {
      const std::int64_t customer = Cells(*change.entity, row).id("customer_id");
      if (customer != 0) out_[customer].read_touches = true;
    }
  }

  std::vector<std::int64_t> customers_where(const char* entity, const char* field, Id id) const {
    std::vector<std::int64_t> customers;
    each_row(view_,
             {.entity = entity,
              .where = Where::equal(field, id),
              .fields = {"customer_id"},
              .limit = 1'000,
              .with_deleted = true},
             [&](const Batch& batch, std::size_t i) { customers.push_back(batch.columns[0].value(i).id().value); });
    return customers;
  }

  const View& view_;
  DayFinder& days_;
  std::unordered_map<std::int64_t, NewOrder> new_orders_;
  HistoryChanges out_;
};

struct HistoryFields {
  explicit HistoryFields(const Entity& entity)
      : lines(entity.field("lines").number), touches(entity.field("touches").number), width(entity.fields.size()) {}
  FieldNumber lines, touches;
  std::size_t width;
};

/// The rows that are kept of some customers.
class KeptRows {
 public:
  KeptRows(Reader& reader, std::span<const Id> customers)
      : customers_(customers), entity_(reader.schema()->entity(CustomerHistory::entity_name)), fields_(entity_) {
    reader.get(entity_, customers, batch_);
    values_.reserve(customers.size() * fields_.width);
    for (std::size_t i = 0; i < customers.size(); ++i) batch_.copy_row(i, values_);
  }

  const Entity& entity() const noexcept { return entity_; }
  bool has(std::size_t i) const { return batch_.ids[i] != no_id; }
  Row row(std::size_t i) const { return Row(values_).subspan(i * fields_.width, fields_.width); }
  std::map<std::int64_t, KnownHistory> histories() const {
    std::map<std::int64_t, KnownHistory> decoded;
    for (std::size_t i = 0; i < customers_.size(); ++i)
      decoded[customers_[i].value] =
          decoded_history(customers_[i].value, row(i)[fields_.lines].text(), row(i)[fields_.touches].text());
    return decoded;
  }

 private:
  std::span<const Id> customers_;
  const Entity& entity_;
  HistoryFields fields_;
  Batch batch_;
  std::vector<Value> values_;
};

/// Rows to be written, with their text.
class HistoryRows {
 public:
  explicit HistoryRows(const Entity& entity) : fields_(entity) {}

  Row add(std::int64_t customer, const KnownHistory& history) {
    std::vector<Value>& row = rows_.emplace_back(fields_.width);
    row[system_field::id] = Value(Id{customer});
    row[fields_.lines] = text_.keep(Value::bytes(encoded_lines(history.lines)));
    row[fields_.touches] = text_.keep(Value::bytes(encoded_touches(history.touches)));
    return row;
  }
  void clear() {
    rows_.clear();
    text_.clear();
  }

 private:
  HistoryFields fields_;
  std::vector<std::vector<Value>> rows_;
  Arena text_;
};

void bring_up_to_date(const View& view, std::int64_t customer, const HistoryChange& change, DayFinder& days,
                      KnownHistory& history) {
  if (change.read_lines) {
    history.lines = read_lines_of(view, Id{customer});
    for (PurchaseRow& row : history.lines) row.quantity = row.quantity < 0 ? -1 : 0;
  } else if (!change.lines.empty()) {
    history.lines.insert(history.lines.end(), change.lines.begin(), change.lines.end());
    std::ranges::sort(history.lines, earlier);
  }
  if (change.read_touches) history.touches = read_kept_touches_of(view, Id{customer}, days);
}

bool changes_row(const HistoryChange& change) {
  return change.read_lines || change.read_touches || !change.lines.empty();
}

}  // namespace

std::vector<std::string> history_sources() {
  return {"order", "order_line", "customer", "case", "feedback", "interaction", "response", "survey"};
}

HistoryChanges history_changes(const View& view, std::span<const RecordChange> changes, DayFinder& days) {
  return ChangeReading(view, days).read(changes);
}

std::map<std::int64_t, KnownHistory> kept_histories(Reader& reader, std::span<const Id> customers) {
  return KeptRows(reader, customers).histories();
}

std::map<std::int64_t, KnownHistory> keep_histories(Writer& writer, const HistoryChanges& changes, DayFinder& days) {
  std::vector<Id> customers;
  for (const auto& [customer, change] : changes) customers.push_back(Id{customer});
  const KeptRows kept(writer, customers);
  std::map<std::int64_t, KnownHistory> histories = kept.histories();
  const View view = borrowed_view(writer);
  HistoryRows rows(kept.entity());
  std::vector<Row> made, before, after;
  std::vector<Id> gone;
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const std::int64_t customer = customers[i].value;
    const HistoryChange& change = changes.at(customer);
    if (!changes_row(change)) continue;
    KnownHistory& history = histories.at(customer);
    bring_up_to_date(view, customer, change, days, history);
    if (history.empty()) {
      gone.push_back(customers[i]);
    } else if (kept.has(i)) {
      before.push_back(kept.row(i));
      after.push_back(rows.add(customer, history));
    } else {
      made.push_back(rows.add(customer, history));
    }
  }
  if (!made.empty()) writer.put(kept.entity(), made, true);
  if (!after.empty()) writer.replace(kept.entity(), before, after);
  if (!gone.empty()) writer.erase(kept.entity(), gone);
  return histories;
}

void all_histories(Reader& reader, const std::function<void(Row)>& emit) {
  const View view = borrowed_view(reader);
  const Facts facts = lay_out(scan_purchases(view, {}).rows);
  const CustomerTouches touches = read_touches(view);
  std::vector<std::int64_t> customers;
  std::ranges::set_union(facts.customers, touches.customer, std::back_inserter(customers));
  HistoryRows rows(reader.schema()->entity(CustomerHistory::entity_name));
  for (const std::int64_t customer : customers) {
    KnownHistory history;
    const std::optional<std::size_t> at = facts.find(Id{customer});
    const PurchaseRows own = at ? facts.of(*at) : PurchaseRows();
    for (std::size_t i = 0; i < own.size(); ++i)
      history.lines.push_back(
          {customer, own.line[i], own.order[i], 0, own.at[i], own.amount[i], own.quantity[i] < 0 ? -1 : 0, own.day[i]});
    const std::span<const Touch> theirs = touches.of(customer);
    history.touches.assign(theirs.begin(), theirs.end());
    keep_touches(history.touches);
    if (!history.empty()) emit(rows.add(customer, history));
    rows.clear();
  }
}

}  // namespace emptor
