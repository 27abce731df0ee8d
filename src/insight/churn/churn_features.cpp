#include "insight/churn/churn_features.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "insight/facts/currency_units.hpp"
#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// One customer up to a day.
class KnownUntil {
 public:
  KnownUntil(std::int32_t day, const ChurnRowOptions& options)
      : day_(day), horizon_(options.horizon), least_(least_amount(options.purchases)) {}

  void see(const TimedLine& line) {
    ++lines_;
    if (!is_purchase(line.amount, line.quantity, least_)) {
      ++returned_;
      return;
    }
    const bool another = orders_ == 0 || line.day != last_;
    if (orders_ == 0) first_ = line.day;
    if (another && orders_ > 0) {
      const double gap = line.day - last_;
      gap_squares_ += gap * gap;
    }
    const std::int32_t before = day_ - line.day;
    if (before < horizon_) {
      recent_orders_ += another;
      recent_spend_ += line.amount;
    } else if (before < 2 * horizon_) {
      former_orders_ += another;
      former_spend_ += line.amount;
    }
    orders_ += another;
    spend_ += line.amount;
    last_ = line.day;
  }

  bool bought() const { return orders_ > 0; }
  std::int32_t recency() const { return day_ - last_; }

  void write(double* out) const {
    const double gaps = orders_ - 1, gap = gaps > 0 ? (last_ - first_) / gaps : nan;
    const double numbers[churn_purchase_feature_count] = {double(recency()),
                                                          double(day_ - first_),
                                                          double(orders_),
                                                          gap,
                                                          spread(gaps, gap),
                                                          recency() / gap,
                                                          in_currency(spend_),
                                                          in_currency(spend_) / orders_,
                                                          double(recent_orders_),
                                                          double(former_orders_),
                                                          in_currency(recent_spend_),
                                                          in_currency(former_spend_),
                                                          double(returned_) / lines_};
    std::copy(std::begin(numbers), std::end(numbers), out);
  }

 private:
  double spread(double gaps, double gap) const {
    if (gaps < 2) return nan;
    return std::sqrt(std::max(gap_squares_ / gaps - gap * gap, 0.0)) / gap;
  }

  std::int32_t day_, horizon_, first_ = 0, last_ = 0;
  std::int64_t least_;
  int lines_ = 0, returned_ = 0, orders_ = 0, recent_orders_ = 0, former_orders_ = 0;
  double gap_squares_ = 0;  // whole numbers, so that the sum is exact
  Wide spend_ = 0, recent_spend_ = 0, former_spend_ = 0;
};

/// Touches of one customer up to a day. A case counts as open on it if it came by then and was closed later.
void write_touches(std::span<const Touch> touches, std::int32_t day, std::int32_t horizon, double* out) {
  double counts[churn_feature_count] = {}, satisfaction = nan, discount = 0, discounted = 0;
  const auto count = [&](ChurnFeature feature) { ++counts[static_cast<std::size_t>(feature)]; };
  for (const Touch& touch : CustomerTouches::until(touches, day)) {
    const bool recent = day - touch.day < horizon;
    const bool is_case = touch.kind == TouchKind::complaint || touch.kind == TouchKind::request;
    if (is_case && touch.closed > day) count(ChurnFeature::open_cases);
    if (touch.kind == TouchKind::answer) satisfaction = touch.score;
    if (!recent) continue;
    if (touch.kind == TouchKind::complaint) count(ChurnFeature::complaints);
    if (touch.kind == TouchKind::request) count(ChurnFeature::requests);
    if (touch.kind == TouchKind::contact) count(ChurnFeature::contacts);
    if (touch.kind == TouchKind::late_order) count(ChurnFeature::late_orders);
    if (touch.kind == TouchKind::discount) {
      discount += touch.score;
      ++discounted;
    }
  }
  counts[static_cast<std::size_t>(ChurnFeature::satisfaction)] = satisfaction;
  counts[static_cast<std::size_t>(ChurnFeature::discount)] = discounted > 0 ? discount / discounted : nan;
  std::copy(std::begin(counts) + churn_purchase_feature_count, std::end(counts), out);
}

/// Whether a purchase falls within the horizon after the day.
bool bought_after(std::span<const TimedLine> lines, std::int32_t day, const ChurnRowOptions& options) {
  for (const TimedLine& line : lines) {
    const bool within = line.day > day && line.day <= day + options.horizon;
    if (within && is_purchase(line.amount, line.quantity, least_amount(options.purchases))) return true;
  }
  return false;
}

KnownUntil known_until(Date day, std::span<const TimedLine> lines, const ChurnRowOptions& options) {
  KnownUntil known(day.days, options);
  for (const TimedLine& line : lines)
    if (line.day <= day.days) known.see(line);
  return known;
}

}  // namespace

bool write_known_until(Date day, std::span<const TimedLine> lines, const ChurnRowOptions& options, double* out) {
  const KnownUntil known = known_until(day, lines, options);
  if (known.bought()) known.write(out);
  return known.bought();
}

bool write_churn_row(Date day, std::span<const TimedLine> lines, const std::span<const Touch>* touches,
                     const ChurnRowOptions& options, double* out) {
  const KnownUntil known = known_until(day, lines, options);
  if (!known.bought() || (options.active_days > 0 && known.recency() >= options.active_days)) return false;
  known.write(out);
  std::fill(out + churn_purchase_feature_count, out + churn_feature_count, nan);
  if (touches != nullptr) write_touches(*touches, day.days, options.horizon, out + churn_purchase_feature_count);
  return true;
}

namespace {

void add_row(ChurnRows& rows, std::int64_t customer, std::span<const TimedLine> lines, const ChurnRowOptions& options,
             const CustomerTouches* touches) {
  double x[churn_feature_count];
  std::span<const Touch> own;
  if (touches != nullptr) own = touches->of(customer);
  if (!write_churn_row(rows.day, lines, touches == nullptr ? nullptr : &own, options, x)) return;
  rows.customer.push_back(customer);
  rows.x.insert(rows.x.end(), std::begin(x), std::end(x));
  rows.silent.push_back(bought_after(lines, rows.day.days, options) ? 0 : 1);
}

}  // namespace

const std::array<std::string_view, churn_feature_count> churn_feature_names = {
    "recency",    "age",           "orders",        "gap",          "gap_spread",   "lateness", "spend",
    "mean_spend", "recent_orders", "former_orders", "recent_spend", "former_spend", "returned", "complaints",
    "requests",   "open_cases",    "satisfaction",  "contacts",     "late_orders",  "discount"};

std::vector<ChurnRows> churn_rows(const CustomerLines& lines, std::span<const Date> days,
                                  const ChurnRowOptions& options, const CustomerTouches* touches) {
  std::vector<ChurnRows> all(days.size());
  for (std::size_t i = 0; i < days.size(); ++i) {
    all[i].day = days[i];
    all[i].touched = touches != nullptr;
  }
  lines.each([&](std::int64_t customer, std::span<const TimedLine> of) {
    for (ChurnRows& rows : all) add_row(rows, customer, of, options, touches);
  });
  return all;
}

}  // namespace emptor
