#include "insight/composition/composition_purchases.hpp"

#include <algorithm>
#include <limits>
#include <span>

namespace emptor {
namespace {

/// The orders of one customer, whose lines come by time; the lines of an order stand at one instant.
class OrdersMet {
 public:
  bool is_new(std::int64_t order, std::int64_t at) {
    if (at != at_) met_.clear();
    at_ = at;
    if (std::find(met_.begin(), met_.end(), order) != met_.end()) return false;
    met_.push_back(order);
    return true;
  }

 private:
  std::vector<std::int64_t> met_;
  std::int64_t at_ = 0;
};

class PurchaseAdding {
 public:
  PurchaseAdding(const CompositionSource& source, const CompositionWindow& window, CompositionRows& rows)
      : source_(source),
        window_(window),
        rows_(rows),
        earnings_(source.lines, source.details, Purchases::positive, Date{window.first() - 1}),
        first_days_(rows.size(), CompositionRows::never) {
    for (auto* amounts : {&rows.revenue, &rows.before}) amounts->assign(rows.size(), 0);
    for (auto* counts : {&rows.orders, &rows.orders_before}) counts->assign(rows.size(), 0);
    rows.last_day.assign(rows.size(), CompositionRows::never);
    if (earnings_.by_margin()) rows.margin.assign(rows.size(), 0);
  }

  std::vector<std::int32_t> add() {
    std::int32_t first_day = std::numeric_limits<std::int32_t>::max();
    std::size_t n = 0;
    source_.lines.each([&](std::int64_t customer, std::span<const TimedLine> own) {
      if (!own.empty()) first_day = std::min(first_day, own.front().day);
      if (const auto row = source_.row_of(customer)) add_lines(*row, n, own);
      ++n;
    });
    rows_.has_before = first_day <= window_.first_before();
    return std::move(first_days_);
  }

 private:
  void add_lines(std::size_t row, std::size_t n, std::span<const TimedLine> own) {
    OrdersMet orders;
    for (std::size_t i = 0; i < own.size() && own[i].day <= window_.last; ++i) {
      const TimedLine& line = own[i];
      const bool purchase = line.amount > 0, fresh = purchase && orders.is_new(source_.order_of(n, i, line), line.at);
      if (purchase) {
        rows_.last_day[row] = line.day;
        if (first_days_[row] == CompositionRows::never) first_days_[row] = line.day;
      }
      if (line.day >= window_.first()) {
        rows_.revenue[row] += line.amount;
        rows_.orders[row] += fresh ? 1 : 0;
        if (!rows_.margin.empty()) rows_.margin[row] += earnings_.of(line);
      } else if (line.day >= window_.first_before()) {
        rows_.before[row] += line.amount;
        rows_.orders_before[row] += fresh ? 1 : 0;
      }
    }
  }

  const CompositionSource& source_;
  const CompositionWindow& window_;
  CompositionRows& rows_;
  Earnings earnings_;
  std::vector<std::int32_t> first_days_;
};

}  // namespace

std::vector<std::int32_t> add_purchases(const CompositionSource& source, const CompositionWindow& window,
                                        CompositionRows& rows) {
  return PurchaseAdding(source, window, rows).add();
}

}  // namespace emptor
