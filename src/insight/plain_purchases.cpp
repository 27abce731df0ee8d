#include "insight/plain_purchases.hpp"

#include <string_view>

#include "core/arrow_convert.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "insight/key_numbers.hpp"

namespace emptor {
namespace {

constexpr std::uint64_t rows_a_beat = 1024;

/// Reads the rows one after another.
class PurchaseReading {
 public:
  PurchaseReading(const ArrowTable& table, const PurchaseColumnNames& names, const Zone& zone)
      : table_(table),
        zone_(zone),
        customer_(table.column(names.customer)),
        date_(table.column(names.date)),
        amount_(table.column(names.amount)),
        order_(names.order.empty() ? none : table.column(names.order)),
        quantity_(names.quantity.empty() ? none : table.column(names.quantity)),
        customers_(table.columns()[customer_]),
        orders_(table.columns()[order_ == none ? customer_ : order_]) {}

  void read() {
    for (batch_ = 0; batch_ < table_.batches(); ++batch_)
      for (row_ = 0; row_ < table_.rows(batch_); ++row_) {
        if (done_ % rows_a_beat == 0) beat("read", done_, table_.rows());
        read_row();
        ++done_;
      }
  }

  PlainPurchases finish() {
    PlainPurchases out;
    const std::vector<std::uint32_t> ranks = customers_.ranks(out.customers);
    PurchaseHeap heap;
    for (PurchaseRow& row : rows_) {
      row.customer = std::int64_t{ranks[static_cast<std::size_t>(row.customer)]} + 1;
      heap.add(row);
    }
    out.rows = done_;
    out.skipped = done_ - rows_.size();
    out.facts = lay_out(std::move(heap));
    return out;
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  ArrowCell cell(std::size_t column) const { return table_.cell(batch_, column, row_); }

  [[noreturn]] void refuse(std::size_t column, const char* what) const {
    const std::string& name = table_.columns()[column].name;
    throw Error(Problem{.code = Code::invalid,
                        .message = "the column '" + name + "' holds what is no " + what,
                        .field = name,
                        .row = static_cast<std::int64_t>(done_) + 1});
  }

  void read_row() {
    const ArrowCell customer = cell(customer_), date = cell(date_), amount = cell(amount_);
    if (is_missing(customer) || is_missing(date) || is_missing(amount)) return;
    PurchaseRow row;
    const auto number = customers_.of(customer);
    if (!number) refuse(customer_, "whole number or text");
    row.customer = *number;
    row.day = day_in(date).days;
    row.amount = micros_in(amount_, amount);
    if (quantity_ != none)
      if (const ArrowCell quantity = cell(quantity_); !is_missing(quantity))
        row.quantity = micros_in(quantity_, quantity);
    row.line = static_cast<std::int64_t>(done_) + 1;
    find_order(row);
    rows_.push_back(row);
  }

  Date day_in(const ArrowCell& date) const {
    const std::optional<Date> day = day_of(date, zone_);
    if (!day) refuse(date_, "date or time");
    return *day;
  }

  std::int64_t micros_in(std::size_t column, const ArrowCell& number) const {
    const std::optional<std::int64_t> micros = micros_of(number);
    if (!micros) refuse(column, "number that a decimal can hold");
    return *micros;
  }

  /// Rows of one order share the day of its first row, so that they stand together; without a column of
  /// orders each row is one.
  void find_order(PurchaseRow& row) {
    row.at = std::int64_t{row.day} * micros_per_day;
    row.order = row.line;
    if (order_ == none) return;
    const ArrowCell order = cell(order_);
    if (is_missing(order)) return;
    const auto number = orders_.of(order);
    if (!number) refuse(order_, "whole number or text");
    if (*number == order_days_.size()) order_days_.push_back(row.at);
    row.at = order_days_[*number];
    row.order = -1 - std::int64_t{*number};  // apart from the numbers of rows
  }

  const ArrowTable& table_;
  const Zone& zone_;
  std::size_t customer_, date_, amount_, order_, quantity_;
  KeyNumbers customers_, orders_;
  std::vector<std::int64_t> order_days_;
  std::vector<PurchaseRow> rows_;
  std::size_t batch_ = 0, row_ = 0;
  std::uint64_t done_ = 0;
};

}  // namespace

PlainPurchases plain_purchases(const ArrowTable& table, const PurchaseColumnNames& names, const Zone& zone) {
  PurchaseReading reading(table, names, zone);
  reading.read();
  return reading.finish();
}

}  // namespace emptor
