#include "insight/facts/stored_details.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "emptor/core/wide.hpp"
#include "insight/facts/each_row.hpp"

namespace emptor {
namespace {

constexpr std::int64_t unknown = LineDetails::unknown;

/// Texts as numbers, in the order in which they come.
class TextNumbers {
 public:
  std::uint32_t of(std::string_view text) {
    if (text.empty()) return LineDetails::none;
    return numbers_.try_emplace(std::string(text), static_cast<std::uint32_t>(numbers_.size())).first->second;
  }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

struct ProductDetails {
  std::uint32_t brand = LineDetails::none, category = LineDetails::none;
  std::int64_t price = unknown, cost = unknown;  ///< in the base currency
};

class DetailScan {
 public:
  DetailScan(const View& view, const Facts& facts) : view_(view), currency_(view.info().currency.code()) {
    std::uint32_t place = 0;
    for (std::size_t i = 0; i < facts.customers.size(); ++i)
      for (const std::int64_t line : facts.of(i).line) places_.emplace_back(line, place++);
    std::sort(places_.begin(), places_.end());
    for (auto* column : {&out_.cost, &out_.discount, &out_.list_price}) column->assign(places_.size(), unknown);
    for (auto* column : {&out_.brand, &out_.category}) column->assign(places_.size(), LineDetails::none);
  }

  LineDetails read() {
    read_products();
    read_lines();
    for (auto* column : {&out_.cost, &out_.discount, &out_.list_price})
      if (std::count(column->begin(), column->end(), unknown) == std::ssize(*column)) column->clear();
    for (auto* column : {&out_.brand, &out_.category})
      if (std::count(column->begin(), column->end(), LineDetails::none) == std::ssize(*column)) column->clear();
    return std::move(out_);
  }

 private:
  bool is_base(const Column& currency, std::size_t i) const {
    return !currency.valid[i] || currency.text(i) == currency_;
  }
  static std::int64_t number(const Column& column, std::size_t i) { return column.valid[i] ? column.bits[i] : unknown; }

  void read_products() {
    const Query query{.entity = "product",
                      .fields = {"brand", "category", "price", "cost", "currency", "version"},
                      .limit = 10'000,
                      .with_deleted = true};
    each_row(view_, query, [&](const Batch& batch, std::size_t i) {
      const auto& columns = batch.columns;
      ProductDetails product{brands_.of(columns[0].text(i)), categories_.of(columns[1].text(i))};
      if (is_base(columns[4], i)) {
        product.price = number(columns[2], i);
        product.cost = number(columns[3], i);
      }
      if (columns[5].valid[i]) out_.data_version = std::max(out_.data_version, columns[5].bits[i]);
      products_[batch.ids[i].value] = product;
    });
  }

  void read_lines() {
    const Query query{
        .entity = "order_line",
        .fields = {"product_id", "category", "quantity", "discount", "amount", "base_amount", "cost", "currency"},
        .limit = 20'000};
    each_row(view_, query, [&](const Batch& batch, std::size_t i) {
      const std::int64_t id = batch.ids[i].value;
      const auto found =
          std::lower_bound(places_.begin(), places_.end(), std::pair<std::int64_t, std::uint32_t>{id, 0});
      if (found != places_.end() && found->first == id) read_line(batch.columns, i, found->second);
    });
  }
  void read_line(const std::vector<Column>& columns, std::size_t i, std::uint32_t place) {
    const auto product = columns[0].valid[i] ? products_.find(columns[0].bits[i]) : products_.end();
    const ProductDetails of = product == products_.end() ? ProductDetails{} : product->second;
    const std::uint32_t category = categories_.of(columns[1].text(i));
    out_.category[place] = category == LineDetails::none ? of.category : category;
    out_.brand[place] = of.brand;
    out_.discount[place] = number(columns[3], i);
    if (is_base(columns[7], i)) out_.list_price[place] = of.price;
    out_.cost[place] = cost_of(columns, i, of);
  }
  std::int64_t cost_of(const std::vector<Column>& columns, std::size_t i, const ProductDetails& product) const {
    const std::int64_t cost = number(columns[6], i), amount = number(columns[4], i), base = number(columns[5], i);
    if (cost == unknown) {
      const std::int64_t quantity = number(columns[2], i);
      if (product.cost == unknown || quantity == unknown) return unknown;
      return multiply_micros(product.cost, quantity).value_or(unknown);
    }
    if (is_base(columns[7], i)) return cost;
    if (amount == unknown || base == unknown || amount == 0) return unknown;
    const Wide converted = Wide{cost} * base / amount;
    return static_cast<std::int64_t>(converted) == converted ? static_cast<std::int64_t>(converted) : unknown;
  }

  const View& view_;
  std::string currency_;
  std::vector<std::pair<std::int64_t, std::uint32_t>> places_;  ///< of lines, by id
  std::unordered_map<std::int64_t, ProductDetails> products_;
  TextNumbers brands_, categories_;
  LineDetails out_;
};

}  // namespace

LineDetails read_line_details(const View& view, const Facts& facts) { return DetailScan(view, facts).read(); }

}  // namespace emptor
