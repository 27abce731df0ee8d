#include "insight/plain_purchases.hpp"

#include <string_view>

#include "core/arrow_convert.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "insight/key_numbers.hpp"
#include "insight/plain_rows.hpp"

namespace emptor {
namespace {

/// Reads the rows one after another.
class PurchaseReading {
 public:
  PurchaseReading(const ArrowTable& table, const PurchaseColumnNames& names, const Zone& zone)
      : in_(table),
        zone_(zone),
        customer_(table.column(names.customer)),
        date_(table.column(names.date)),
        amount_(table.column(names.amount)),
        order_(names.order.empty() ? none : table.column(names.order)),
        quantity_(names.quantity.empty() ? none : table.column(names.quantity)),
        customers_(table.columns()[customer_]),
        orders_(table.columns()[order_ == none ? customer_ : order_]) {}

  void read() {
    in_.each([&] { read_row(); });
  }

  PlainPurchases finish() {
    PlainPurchases out;
    const std::vector<std::uint32_t> ranks = customers_.ranks(out.customers);
    PurchaseHeap heap;
    for (PurchaseRow& row : rows_) {
      row.customer = std::int64_t{ranks[static_cast<std::size_t>(row.customer)]} + 1;
      heap.add(row);
    }
    out.rows = in_.done();
    out.skipped = in_.done() - rows_.size();
    out.facts = lay_out(std::move(heap));
    return out;
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  void read_row() {
    const ArrowCell customer = in_.cell(customer_), date = in_.cell(date_), amount = in_.cell(amount_);
    if (is_missing(customer) || is_missing(date) || is_missing(amount)) return;
    PurchaseRow row;
    const auto number = customers_.of(customer);
    if (!number) in_.refuse(customer_, "whole number or text");
    row.customer = *number;
    row.day = day_in(date).days;
    row.amount = micros_in(amount_, amount);
    if (quantity_ != none)
      if (const ArrowCell quantity = in_.cell(quantity_); !is_missing(quantity))
        row.quantity = micros_in(quantity_, quantity);
    row.line = static_cast<std::int64_t>(in_.done()) + 1;
    find_order(row);
    rows_.push_back(row);
  }

  Date day_in(const ArrowCell& date) const {
    const std::optional<Date> day = day_of(date, zone_);
    if (!day) in_.refuse(date_, "date or time");
    return *day;
  }

  std::int64_t micros_in(std::size_t column, const ArrowCell& number) const {
    const std::optional<std::int64_t> micros = micros_of(number);
    if (!micros) in_.refuse(column, "number that a decimal can hold");
    return *micros;
  }

  /// Rows of one order share the day of its first row, so that they stand together; without a column of
  /// orders each row is one.
  void find_order(PurchaseRow& row) {
    row.at = std::int64_t{row.day} * micros_per_day;
    row.order = row.line;
    if (order_ == none) return;
    const ArrowCell order = in_.cell(order_);
    if (is_missing(order)) return;
    const auto number = orders_.of(order);
    if (!number) in_.refuse(order_, "whole number or text");
    if (*number == order_days_.size()) order_days_.push_back(row.at);
    row.at = order_days_[*number];
    row.order = -1 - std::int64_t{*number};  // apart from the numbers of rows
  }

  PlainRows in_;
  const Zone& zone_;
  std::size_t customer_, date_, amount_, order_, quantity_;
  KeyNumbers customers_, orders_;
  std::vector<std::int64_t> order_days_;
  std::vector<PurchaseRow> rows_;
};

}  // namespace

PlainPurchases plain_purchases(const ArrowTable& table, const PurchaseColumnNames& names, const Zone& zone) {
  PurchaseReading reading(table, names, zone);
  reading.read();
  return reading.finish();
}

}  // namespace emptor
