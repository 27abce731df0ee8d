#include "insight/facts/business_lines.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "core/long_call.hpp"
#include "emptor/core/wide.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"
#include "insight/tables/plain_fields.hpp"

namespace emptor {
namespace {

constexpr std::size_t rows_a_batch = 20'000;
constexpr std::uint32_t none = BusinessDimension::none;

/// The values of a dimension, numbered in the order in which they come.
class Values {
 public:
  explicit Values(std::string name) { out_.name = std::move(name); }
  std::uint32_t number(std::string_view text) {
    if (text.empty()) return none;
    const auto [found, fresh] = numbers_.try_emplace(std::string(text), static_cast<std::uint32_t>(out_.values.size()));
    if (fresh) out_.values.emplace_back(text);
    return found->second;
  }
  void append(std::uint32_t number) { out_.of.push_back(number); }
  BusinessDimension take() { return std::move(out_); }

 private:
  BusinessDimension out_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

template <class Row>
void reorder(std::vector<Row>& rows, const std::vector<std::size_t>& order) {
  std::vector<Row> sorted;
  sorted.reserve(rows.size());
  for (const std::size_t at : order) sorted.push_back(rows[at]);
  rows = std::move(sorted);
}

/// By day, then by what the lines say themselves, so that the order in which they came does not matter.
void sort_lines(BusinessLines& all) {
  std::vector<std::size_t> order(all.lines.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) {
    const BusinessLine& one = all.lines[i];
    return std::tie(one.day, one.customer, one.order, one.product, one.amount, one.quantity);
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  reorder(all.lines, order);
  for (BusinessDimension& one : all.dimensions) reorder(one.of, order);
  std::erase_if(all.dimensions, [](const BusinessDimension& one) { return one.values.size() < 2; });
}

class BusinessScan {
 public:
  explicit BusinessScan(const View& view) : view_(view), days_(Zone::of(view.info().zone)) {}

  BusinessLines read() {
    read_customers();
    read_products();
    read_orders();
    read_lines();
    for (Values* one : {&category_, &brand_, &channel_, &region_, &country_}) out_.dimensions.push_back(one->take());
    sort_lines(out_);
    return std::move(out_);
  }

 private:
  struct OfCustomer {
    std::uint32_t region = none, country = none;
  };
  struct OfOrder {
    std::int64_t customer = 0;
    std::int32_t day = 0;
    std::uint32_t channel = none;
  };
  struct OfProduct {
    std::uint32_t category = none, brand = none;
    std::int64_t cost = BusinessLine::unknown;
  };

  static std::int64_t bits(const Column& column, std::size_t i, std::int64_t otherwise = 0) {
    return column.valid[i] ? column.bits[i] : otherwise;
  }
  /// Calls visit for each row that is not deleted; the query's last two fields are deleted_at and version.
  template <class Visit>
  void each(std::string_view entity, std::vector<std::string> fields, const Visit& visit) {
    const std::size_t deleted = fields.size();
    fields.emplace_back("deleted_at");
    fields.emplace_back("version");
    const Query query{
        .entity = std::string(entity), .fields = std::move(fields), .limit = rows_a_batch, .with_deleted = true};
    each_row(view_, query, [&](const Batch& batch, std::size_t i) {
      out_.data_version = std::max(out_.data_version, bits(batch.columns[deleted + 1], i));
      visit(batch, i, batch.columns[deleted].valid[i] != 0);
    });
  }

  void read_customers() {
    each("customer", {"region", "country"}, [&](const Batch& batch, std::size_t i, bool deleted) {
      if (deleted)
        gone_.insert(batch.ids[i].value);
      else
        customers_[batch.ids[i].value] = {region_.number(batch.columns[0].text(i)),
                                          country_.number(batch.columns[1].text(i))};
    });
  }
  void read_products() {
    const std::string base(view_.info().currency.code());
    each("product", {"category", "brand", "cost", "currency"}, [&](const Batch& batch, std::size_t i, bool) {
      const auto& columns = batch.columns;
      const bool is_base = !columns[3].valid[i] || columns[3].text(i) == base;
      products_[batch.ids[i].value] = {category_.number(columns[0].text(i)), brand_.number(columns[1].text(i)),
                                       is_base ? bits(columns[2], i, BusinessLine::unknown) : BusinessLine::unknown};
    });
  }
  void read_orders() {
    each("order", {"customer_id", "ordered_at", "channel"}, [&](const Batch& batch, std::size_t i, bool deleted) {
      if (deleted || !batch.columns[1].valid[i]) return;
      orders_[batch.ids[i].value] = {bits(batch.columns[0], i), days_.of(batch.columns[1].bits[i]),
                                     channel_.number(batch.columns[2].text(i))};
    });
  }
  void read_lines() {
    each("order_line",
         {"customer_id", "order_id", "product_id", "base_amount", "quantity", "category", "cost", "amount"},
         [&](const Batch& batch, std::size_t i, bool deleted) {
           const auto order = orders_.find(bits(batch.columns[1], i));
           if (!deleted && order != orders_.end()) read_line(batch.columns, i, order->first, order->second);
         });
  }
  void read_line(const std::vector<Column>& columns, std::size_t i, std::int64_t id, const OfOrder& order) {
    BusinessLine line{order.day, bits(columns[0], i, order.customer), id, bits(columns[2], i)};
    if (gone_.contains(line.customer)) return;
    line.amount = bits(columns[3], i);
    line.quantity = bits(columns[4], i);
    const auto product = products_.find(line.product);
    const OfProduct of = product == products_.end() ? OfProduct{} : product->second;
    line.cost = cost_of(columns, i, line, of);
    out_.lines.push_back(line);
    const std::uint32_t category = category_.number(columns[5].text(i));
    category_.append(category == none ? of.category : category);
    brand_.append(of.brand);
    channel_.append(order.channel);
    const auto customer = customers_.find(line.customer);
    region_.append(customer == customers_.end() ? none : customer->second.region);
    country_.append(customer == customers_.end() ? none : customer->second.country);
  }
  /// At the rate at which the line's own amount became one of the base currency.
  static std::int64_t cost_of(const std::vector<Column>& columns, std::size_t i, const BusinessLine& line,
                              const OfProduct& product) {
    const std::int64_t cost = bits(columns[6], i, BusinessLine::unknown), amount = bits(columns[7], i);
    if (cost != BusinessLine::unknown) {
      if (amount == 0 || amount == line.amount) return cost;
      const Wide converted = Wide{cost} * line.amount / amount;
      return static_cast<std::int64_t>(converted) == converted ? static_cast<std::int64_t>(converted)
                                                               : BusinessLine::unknown;
    }
    if (product.cost == BusinessLine::unknown || line.quantity == 0) return BusinessLine::unknown;
    return multiply_micros(product.cost, line.quantity).value_or(BusinessLine::unknown);
  }

  const View& view_;
  DayFinder days_;
  Values category_{"category"}, brand_{"brand"}, channel_{"channel"}, region_{"region"}, country_{"country"};
  std::unordered_set<std::int64_t> gone_;
  std::unordered_map<std::int64_t, OfCustomer> customers_;
  std::unordered_map<std::int64_t, OfProduct> products_;
  std::unordered_map<std::int64_t, OfOrder> orders_;
  BusinessLines out_;
};

/// A column of the rows that purchases were read from.
BusinessDimension dimension_of(const PlainPurchases& purchases, const ArrowTable& table, const std::string& name) {
  const std::size_t column = table.column(name);
  Values values(name);
  each_cell(table, purchases, column, [&](std::size_t i, const ArrowCell& cell) {
    values.append(values.number(checked_text(table, column, purchases.place[i] + 1, cell)));
  });
  return values.take();
}

}  // namespace

const BusinessDimension* BusinessLines::dimension(std::string_view name) const noexcept {
  for (const BusinessDimension& one : dimensions)
    if (one.name == name) return &one;
  return nullptr;
}

BusinessLines read_business(const View& view) { return BusinessScan(view).read(); }

BusinessLines business_of(const PlainPurchases& purchases, const ArrowTable& table,
                          const std::vector<std::string>& columns, const DetailColumnNames& details) {
  BusinessLines out;
  for (std::size_t i = 0; i < purchases.size(); ++i) {
    BusinessLine line{purchases.day[i], std::int64_t{purchases.customer[i]} + 1, static_cast<std::int64_t>(i) + 1};
    // Rows without an order are one each: they are numbered after all that have one.
    if (!purchases.order.empty())
      line.order = purchases.order[i] == PlainPurchases::none ? -line.order : std::int64_t{purchases.order[i]} + 1;
    line.product = purchases.product_number(i);
    line.amount = purchases.amount[i];
    if (!purchases.quantity.empty()) line.quantity = purchases.quantity[i];
    if (!purchases.cost.empty()) line.cost = purchases.cost[i];
    out.lines.push_back(line);
  }
  if (!details.category.empty()) out.dimensions.push_back(dimension_of(purchases, table, details.category));
  if (!details.brand.empty()) out.dimensions.push_back(dimension_of(purchases, table, details.brand));
  if (!details.category.empty()) out.dimensions.front().name = "category";
  for (const std::string& column : columns) out.dimensions.push_back(dimension_of(purchases, table, column));
  sort_lines(out);
  return out;
}

}  // namespace emptor
