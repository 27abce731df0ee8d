#include "insight/facts/facts_scan.hpp"

#include <algorithm>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

constexpr std::size_t batch_rows = 1 << 15;
constexpr std::size_t ids_a_query = 500;

const std::vector<std::string> order_fields = {"customer_id", "ordered_at", "deleted_at", "version"};
const std::vector<std::string> line_fields = {"customer_id", "order_id",   "product_id", "base_amount",
                                              "quantity",    "deleted_at", "version"};

std::int64_t bits_or_zero(const Column& column, std::size_t row) { return column.valid[row] ? column.bits[row] : 0; }

/// Calls `visit` with every batch of a query; stops the host's way.
template <class Visit>
void each_batch(const View& view, const Query& query, const Progress& progress, const Visit& visit) {
  ScanKey key;
  Batch batch;
  std::uint64_t done = 0;
  for (bool more = true; more;) {
    more = view.scan(query, key, batch);
    visit(batch);
    done += batch.rows();
    if (progress && !progress(query.entity, done, 0)) throw Error(Code::cancelled, "reading the facts was stopped");
    beat(query.entity, done);
  }
}

Query everything(const char* entity, const std::vector<std::string>& fields) {
  return {.entity = entity, .fields = fields, .limit = batch_rows, .with_deleted = true};
}

/// Ids as the values of an `in`, so many at a time.
template <class Visit>
void each_portion(std::span<const std::int64_t> ids, const Visit& visit) {
  for (std::size_t first = 0; first < ids.size(); first += ids_a_query) {
    std::vector<Value> values;
    for (const std::int64_t id : ids.subspan(first, std::min(ids_a_query, ids.size() - first)))
      values.push_back(Id{id});
    visit(std::move(values));
  }
}

/// Takes orders and lines out of batches.
class Gatherer {
 public:
  explicit Gatherer(const View& view) : days_(Zone::of(view.info().zone)) {}

  void take_orders(const Batch& batch) {
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      note_version(batch.columns[3], i);
      OrderTable::Row row{batch.ids[i].value, bits_or_zero(batch.columns[0], i), bits_or_zero(batch.columns[1], i)};
      row.counts = batch.columns[1].valid[i] && !batch.columns[2].valid[i];
      if (row.counts) row.day = days_.of(row.at);
      orders_.add(row);
    }
  }
  void finish_orders() { orders_.finish(); }

  template <class Add>
  void take_lines(const Batch& batch, const Add& add) {
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      note_version(batch.columns[6], i);
      if (batch.columns[5].valid[i]) continue;
      const OrderTable::Row* order = orders_.find(bits_or_zero(batch.columns[1], i));
      if (order == nullptr || !order->counts) continue;
      const std::int64_t customer = batch.columns[0].valid[i] ? batch.columns[0].bits[i] : order->customer;
      if (customer == 0) continue;
      add(PurchaseRow{customer, batch.ids[i].value, order->id, bits_or_zero(batch.columns[2], i), order->at,
                      bits_or_zero(batch.columns[3], i), bits_or_zero(batch.columns[4], i), order->day});
    }
  }
  void note_version(const Column& versions, std::size_t row) {
    version_ = std::max(version_, bits_or_zero(versions, row));
  }
  std::int64_t version() const noexcept { return version_; }

 private:
  DayFinder days_;
  OrderTable orders_;
  std::int64_t version_ = 0;
};

std::unordered_set<std::int64_t> deleted_customers(const View& view, Gatherer& gatherer) {
  Query query = everything("customer", {"version"});
  query.where = Where::present("deleted_at");
  std::unordered_set<std::int64_t> deleted;
  each_batch(view, query, {}, [&](const Batch& batch) {
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      gatherer.note_version(batch.columns[0], i);
      deleted.insert(batch.ids[i].value);
    }
  });
  return deleted;
}

std::vector<std::int64_t> orders_of_lines(const View& view, std::span<const std::int64_t> lines) {
  std::vector<std::int64_t> orders;
  each_portion(lines, [&](std::vector<Value> values) {
    Query query = everything("order_line", {"order_id"});
    query.where = Where::in("id", std::move(values));
    each_batch(view, query, {}, [&](const Batch& batch) {
      for (std::size_t i = 0; i < batch.rows(); ++i) orders.push_back(bits_or_zero(batch.columns[0], i));
    });
  });
  std::sort(orders.begin(), orders.end());
  orders.erase(std::unique(orders.begin(), orders.end()), orders.end());
  return orders;
}

}  // namespace

std::int32_t DayFinder::of(std::int64_t micros) {
  const std::int64_t quarter = (micros >= 0 ? micros : micros - micros_per_day / 4 + 1) / (micros_per_day / 4);
  Day& known = known_[static_cast<std::size_t>(quarter) % slots];
  if (micros >= known.begin && micros < known.end) return known.day;
  const Date date = zone_.date_of({micros});
  const std::int64_t begin = zone_.instant_of(date, 0).micros;
  // A day of another length holds a change of the clocks: it is not worth remembering.
  if (zone_.instant_of({date.days + 1}, 0).micros == begin + micros_per_day && micros >= begin) {
    known = {begin, begin + micros_per_day, date.days};
  }
  return date.days;
}

void OrderTable::add(const Row& row) { rows_.push_back(row); }

void OrderTable::finish() {
  const auto by_id = [](const Row& a, const Row& b) { return a.id < b.id; };
  if (!std::is_sorted(rows_.begin(), rows_.end(), by_id)) std::sort(rows_.begin(), rows_.end(), by_id);
  last_ = 0;
}

const OrderTable::Row* OrderTable::find(std::int64_t id) noexcept {
  for (std::size_t near = last_; near < std::min(last_ + 4, rows_.size()); ++near) {
    if (rows_[near].id == id) return &rows_[last_ = near];
  }
  const auto found =
      std::lower_bound(rows_.begin(), rows_.end(), id, [](const Row& a, std::int64_t b) { return a.id < b; });
  if (found == rows_.end() || found->id != id) return nullptr;
  last_ = static_cast<std::size_t>(found - rows_.begin());
  return &*found;
}

ScannedPurchases scan_purchases(const View& view, const Progress& progress) {
  Gatherer gatherer(view);
  ScannedPurchases scanned;
  const std::unordered_set<std::int64_t> deleted = deleted_customers(view, gatherer);
  each_batch(view, everything("order", order_fields), progress,
             [&](const Batch& batch) { gatherer.take_orders(batch); });
  gatherer.finish_orders();
  each_batch(view, everything("order_line", line_fields), progress, [&](const Batch& batch) {
    gatherer.take_lines(batch, [&](const PurchaseRow& row) {
      if (deleted.empty() || !deleted.count(row.customer)) scanned.rows.add(row);
    });
  });
  scanned.data_version = gatherer.version();
  return scanned;
}

std::vector<PurchaseRow> fetch_purchases(const View& view, std::span<const std::int64_t> lines) {
  Gatherer gatherer(view);
  std::vector<PurchaseRow> rows;
  each_portion(orders_of_lines(view, lines), [&](std::vector<Value> values) {
    Query query = everything("order", order_fields);
    query.where = Where::in("id", std::move(values));
    each_batch(view, query, {}, [&](const Batch& batch) { gatherer.take_orders(batch); });
  });
  gatherer.finish_orders();
  each_portion(lines, [&](std::vector<Value> values) {
    Query query = everything("order_line", line_fields);
    query.where = Where::in("id", std::move(values));
    each_batch(view, query, {}, [&](const Batch& batch) {
      gatherer.take_lines(batch, [&](const PurchaseRow& row) { rows.push_back(row); });
    });
  });
  return rows;
}

std::vector<std::int64_t> lines_of_orders(const View& view, std::span<const std::int64_t> orders) {
  std::vector<std::int64_t> lines;
  each_portion(orders, [&](std::vector<Value> values) {
    Query query = everything("order_line", {"order_id"});
    query.where = Where::in("order_id", std::move(values));
    each_batch(view, query, {}, [&](const Batch& batch) {
      for (const Id id : batch.ids) lines.push_back(id.value);
    });
  });
  return lines;
}

std::unordered_set<std::int64_t> deleted_among(const View& view, std::span<const std::int64_t> customers) {
  std::unordered_set<std::int64_t> deleted;
  each_portion(customers, [&](std::vector<Value> values) {
    Query query = everything("customer", {"version"});
    query.where = Where::all({Where::in("id", std::move(values)), Where::present("deleted_at")});
    each_batch(view, query, {}, [&](const Batch& batch) {
      for (const Id id : batch.ids) deleted.insert(id.value);
    });
  });
  return deleted;
}

}  // namespace emptor
