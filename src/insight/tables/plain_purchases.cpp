#include "insight/tables/plain_purchases.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/arrow_block.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "insight/tables/key_numbers.hpp"
#include "insight/tables/plain_rows.hpp"

namespace emptor {
namespace {

/// A column of keys, a block at a time: whole numbers come as numbers, texts as cells.
class KeyColumn {
 public:
  KeyColumn(const ArrowTable& table, std::size_t column)
      : table_(table), column_(column), keys_(table.columns()[column]) {}

  void take(const ArrowRows& rows) {
    rows_ = rows;
    if (!keys_.of_texts()) return take_wholes(table_, column_, rows, wholes_);
    for (std::size_t i = 0; i < rows.count; ++i)
      wholes_.taken[i] = is_missing(table_.cell(rows.batch, column_, rows.first + i)) ? Taken::missing : Taken::there;
  }
  Taken taken(std::size_t i) const { return wholes_.taken[i]; }
  std::uint32_t number(std::size_t i) {
    if (!keys_.of_texts()) return keys_.of_whole(wholes_.number[i]);
    return keys_.of_text(table_.cell(rows_.batch, column_, rows_.first + i).text);
  }
  const KeyNumbers& keys() const { return keys_; }

 private:
  const ArrowTable& table_;
  std::size_t column_;
  KeyNumbers keys_;
  ArrowRows rows_;
  NumberBlock wholes_;
};

/// A column that is read where it is named.
class OptionalKeys {
 public:
  OptionalKeys(const ArrowTable& table, const std::string& name) : column_(name.empty() ? 0 : table.column(name)) {
    if (!name.empty()) keys_.emplace(table, column_);
  }
  void take(const ArrowRows& rows) {
    if (keys_) keys_->take(rows);
  }
  /// Numbers in ascending order of what they stand for.
  void rank(std::vector<std::uint32_t>& numbers, Column& sorted) const {
    if (!keys_) return;
    const std::vector<std::uint32_t> ranks = keys_->keys().ranks(sorted);
    for (std::uint32_t& number : numbers)
      if (number != PlainPurchases::none) number = ranks[number];
  }
  void append(const ArrowTable& table, std::size_t i, std::uint64_t row, std::vector<std::uint32_t>& into) {
    if (!keys_) return;
    const Taken taken = keys_->taken(i);
    if (taken == Taken::wrong) refuse_cell(table, column_, row, "whole number or text");
    into.push_back(taken == Taken::missing ? PlainPurchases::none : keys_->number(i));
  }

 private:
  std::size_t column_;
  std::optional<KeyColumn> keys_;
};
class OptionalMicros {
 public:
  OptionalMicros(const ArrowTable& table, const std::string& name)
      : column_(name.empty() ? std::nullopt : std::optional(table.column(name))) {}
  void take(const ArrowTable& table, const ArrowRows& rows) {
    if (column_) take_micros(table, *column_, rows, block_);
  }
  void append(const ArrowTable& table, std::size_t i, std::uint64_t row, std::vector<std::int64_t>& into) const {
    if (!column_) return;
    if (block_.taken[i] == Taken::wrong) refuse_cell(table, *column_, row, "number that a decimal can hold");
    into.push_back(block_.taken[i] == Taken::missing ? PlainPurchases::unknown : block_.number[i]);
  }

 private:
  std::optional<std::size_t> column_;
  NumberBlock block_;
};

/// What rows tell besides; nothing where no such column is named.
class DetailReading {
 public:
  DetailReading(const ArrowTable& table, const DetailColumnNames& names)
      : table_(table),
        cost_(table, names.cost),
        discount_(table, names.discount),
        list_price_(table, names.list_price),
        brand_(table, names.brand),
        category_(table, names.category),
        channel_(table, names.channel),
        method_(table, names.method) {
    for (const std::string& name : names.amounts) amounts_.emplace_back(table, name);
  }

  void take(const ArrowRows& rows) {
    for (OptionalMicros* numbers : {&cost_, &discount_, &list_price_}) numbers->take(table_, rows);
    for (OptionalMicros& numbers : amounts_) numbers.take(table_, rows);
    for (OptionalKeys* keys : {&brand_, &category_, &channel_, &method_}) keys->take(rows);
  }
  void append(std::size_t i, PlainPurchases& out) {
    cost_.append(table_, i, out.rows, out.cost);
    discount_.append(table_, i, out.rows, out.discount);
    list_price_.append(table_, i, out.rows, out.list_price);
    out.amounts.resize(amounts_.size());
    for (std::size_t a = 0; a < amounts_.size(); ++a) amounts_[a].append(table_, i, out.rows, out.amounts[a]);
    brand_.append(table_, i, out.rows, out.brand);
    category_.append(table_, i, out.rows, out.category);
    channel_.append(table_, i, out.rows, out.channel);
    method_.append(table_, i, out.rows, out.method);
  }
  void rank(PlainPurchases& out) const {
    category_.rank(out.category, out.categories);
    channel_.rank(out.channel, out.channels);
    method_.rank(out.method, out.methods);
  }

 private:
  const ArrowTable& table_;
  OptionalMicros cost_, discount_, list_price_;
  std::vector<OptionalMicros> amounts_;
  OptionalKeys brand_, category_, channel_, method_;
};

/// Reads the rows, block by block.
class PurchaseReading {
 public:
  PurchaseReading(const ArrowTable& table, const PurchaseColumnNames& names, const Zone& zone)
      : table_(table),
        zone_(zone),
        customer_(table.column(names.customer)),
        date_(table.column(names.date)),
        amount_(names.amount.empty() ? none : table.column(names.amount)),
        quantity_(names.quantity.empty() ? none : table.column(names.quantity)),
        order_(names.order.empty() ? none : table.column(names.order)),
        product_(names.product.empty() ? none : table.column(names.product)),
        instants_(names.instants),
        places_(names.places),
        customers_(table, customer_),
        orders_(table, order_ == none ? customer_ : order_),
        products_(table, product_ == none ? customer_ : product_),
        details_(table, names.details) {
    amounts_.number.fill(Decimal::micros_per_unit);
    amounts_.taken.fill(Taken::there);
    out_.customer.reserve(table.rows());
    out_.day.reserve(table.rows());
    out_.amount.reserve(table.rows());
  }

  PlainPurchases read() {
    for (std::size_t batch = 0; batch < table_.batches(); ++batch)
      for (std::size_t first = 0; first < table_.rows(batch); first += rows_a_block)
        read_block({batch, first, std::min(rows_a_block, table_.rows(batch) - first)});
    const std::vector<std::uint32_t> ranks = customers_.keys().ranks(out_.customers);
    for (std::uint32_t& customer : out_.customer) customer = ranks[customer];
    rank_products();
    details_.rank(out_);
    out_.skipped = out_.rows - out_.size();
    return std::move(out_);
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  void read_block(const ArrowRows& rows) {
    beat("read", out_.rows, table_.rows());
    customers_.take(rows);
    take_days(table_, date_, rows, zone_, days_);
    if (amount_ != none) take_micros(table_, amount_, rows, amounts_);
    if (instants_) take_instants(table_, date_, rows, times_);
    if (quantity_ != none) take_micros(table_, quantity_, rows, quantities_);
    if (order_ != none) orders_.take(rows);
    if (product_ != none) products_.take(rows);
    details_.take(rows);
    for (std::size_t i = 0; i < rows.count; ++i) read_row(i);
  }

  void read_row(std::size_t i) {
    ++out_.rows;
    if (lacks(customers_.taken(i)) || lacks(days_.taken[i]) || lacks(amounts_.taken[i])) return;
    check(customers_.taken(i), customer_, "whole number or text");
    check(days_.taken[i], date_, "date or time");
    check(amounts_.taken[i], amount_, "number that a decimal can hold");
    out_.customer.push_back(customers_.number(i));
    out_.day.push_back(static_cast<std::int32_t>(days_.number[i]));
    out_.amount.push_back(amounts_.number[i]);
    if (instants_) out_.at.push_back(times_.number[i]);
    if (places_) out_.place.push_back(out_.rows - 1);
    if (quantity_ != none) read_quantity(i);
    if (order_ != none) out_.order.push_back(key_of(orders_, order_, i));
    if (product_ != none) out_.product.push_back(key_of(products_, product_, i));
    details_.append(i, out_);
  }

  void read_quantity(std::size_t i) {
    check(quantities_.taken[i], quantity_, "number that a decimal can hold");
    out_.quantity.push_back(lacks(quantities_.taken[i]) ? 0 : quantities_.number[i]);
  }

  std::uint32_t key_of(KeyColumn& keys, std::size_t column, std::size_t i) {
    check(keys.taken(i), column, "whole number or text");
    return lacks(keys.taken(i)) ? PlainPurchases::none : keys.number(i);
  }

  void rank_products() {
    if (product_ == none) return;
    const std::vector<std::uint32_t> ranks = products_.keys().ranks(out_.products);
    for (std::uint32_t& product : out_.product)
      if (product != PlainPurchases::none) product = ranks[product];
  }

  static bool lacks(Taken taken) { return taken == Taken::missing; }

  void check(Taken taken, std::size_t column, std::string_view what) const {
    if (taken == Taken::wrong) refuse_cell(table_, column, out_.rows, what);
  }

  const ArrowTable& table_;
  const Zone& zone_;
  std::size_t customer_, date_, amount_, quantity_, order_, product_;
  bool instants_, places_;
  KeyColumn customers_, orders_, products_;
  DetailReading details_;
  NumberBlock days_, times_, amounts_, quantities_;
  PlainPurchases out_;
};

}  // namespace

PlainPurchases plain_purchases(const ArrowTable& table, const PurchaseColumnNames& names, const Zone& zone) {
  return PurchaseReading(table, names, zone).read();
}

}  // namespace emptor
