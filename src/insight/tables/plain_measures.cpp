#include <algorithm>

#include "core/long_call.hpp"
#include "insight/facts/measure_rule.hpp"
#include "insight/tables/plain_purchases.hpp"

namespace emptor {
namespace {

constexpr std::size_t rows_a_beat = 65'536;

std::int64_t quantity_of(const PlainPurchases& purchases, std::size_t row) {
  return purchases.quantity.empty() ? 0 : purchases.quantity[row];
}

/// Orders with a purchase, each once a customer.
class DistinctOrders {
 public:
  /// Returns whether the row counts at once.
  bool count(std::uint32_t customer, std::uint32_t order) {
    if (order == PlainPurchases::none) return true;
    pairs_.push_back(std::uint64_t{customer} << 32 | order);
    return false;
  }
  void add_to(std::vector<CustomerMeasure>& of) {
    std::sort(pairs_.begin(), pairs_.end());
    pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
    for (const std::uint64_t pair : pairs_) ++of[pair >> 32].frequency;
  }

 private:
  std::vector<std::uint64_t> pairs_;
};

std::vector<CustomerMeasure> measure_rows(const PlainPurchases& purchases, const RowRule& rule) {
  std::vector<CustomerMeasure> of(purchases.customers.size());
  DistinctOrders orders;
  for (std::size_t i = 0; i < purchases.size(); ++i) {
    if (i % rows_a_beat == 0) beat("measure", i, purchases.size());
    if (!rule.within(purchases.day[i])) continue;
    CustomerMeasure& one = of[purchases.customer[i]];
    const bool bought = is_purchase(purchases.amount[i], quantity_of(purchases, i), rule.least);
    if (bought || rule.net) one.monetary += purchases.amount[i];
    if (!bought) continue;
    one.last_day = std::max(one.last_day, purchases.day[i]);
    if (purchases.order.empty() || orders.count(purchases.customer[i], purchases.order[i])) ++one.frequency;
  }
  orders.add_to(of);
  return of;
}

}  // namespace

std::optional<Date> last_purchase_day(const PlainPurchases& purchases, Purchases which) {
  std::optional<Date> last;
  for (std::size_t i = 0; i < purchases.size(); ++i) {
    const bool bought = is_purchase(purchases.amount[i], quantity_of(purchases, i), least_amount(which));
    if (bought && (!last || last->days < purchases.day[i])) last = Date{purchases.day[i]};
  }
  return last;
}

Measures measure_purchases(const PlainPurchases& purchases, const MeasureOptions& options) {
  const std::optional<Date> as_of = options.as_of ? options.as_of : last_purchase_day(purchases, options.purchases);
  if (!as_of) return {};
  const std::vector<CustomerMeasure> of = measure_rows(purchases, RowRule(options, *as_of));
  MeasureRows measures(options, *as_of, of.size());
  for (std::size_t i = 0; i < of.size(); ++i) measures.add(static_cast<std::int64_t>(i) + 1, of[i]);
  return measures.take();
}

}  // namespace emptor
