#include "insight/usage/usage_work.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "emptor/mine/false_discovery.hpp"
#include "emptor/mine/shrunk_shares.hpp"
#include "emptor/mine/survival.hpp"
#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

constexpr std::uint64_t least_users = 30;
constexpr std::int32_t days_a_step = 30;  // of the curve of adoption

/// What one customer did with one product.
struct Use {
  std::vector<std::int32_t> days;  ///< of purchases, ascending, each once
  std::vector<const ServiceHolding*> holdings;

  bool bought_within(std::int32_t from, std::int32_t to) const {
    const auto at = std::lower_bound(days.begin(), days.end(), from);
    return at != days.end() && *at <= to;
  }
  bool used(std::int32_t day, std::int32_t window) const {
    return bought_within(day - window + 1, day) ||
           std::any_of(holdings.begin(), holdings.end(), [&](const ServiceHolding* one) { return one->holds(day); });
  }
  std::int32_t first() const {
    std::int32_t first = days.empty() ? ServiceHolding::open : days.front();
    for (const ServiceHolding* one : holdings) first = std::min(first, one->from);
    return first;
  }
};
using UseOfCustomer = std::map<std::int64_t, Use>;  // by product

/// What is gathered of a product while customers go by.
struct ProductSums {
  ProductUsage usage;
  std::vector<double> gaps, came_back;  ///< days until the second purchase, or until the day
  std::vector<std::int32_t> firsts;
  std::uint64_t purchases = 0;  ///< of the window
};

class UsageMeasuring {
 public:
  UsageMeasuring(const UsageRecords& records, const UsageRequest& request, Date until)
      : records_(records), request_(request), day_(until.days) {
    out_.until = until;
    out_.signs_known = !records.signs.empty();
  }

  void measure(const CustomerLines& lines) {
    const std::int64_t least = least_amount(request_.purchases);
    lines.each([&](std::int64_t customer, std::span<const TimedLine> own) {
      take_holders_before(customer);
      UseOfCustomer uses;
      for (const TimedLine& line : own) {
        if (line.product == 0 || line.day > day_ || !is_purchase(line.amount, line.quantity, least)) continue;
        std::vector<std::int32_t>& days = uses[line.product].days;
        if (days.empty() || days.back() != line.day) days.push_back(line.day);
        first_day_ = std::min(first_day_, line.day);
      }
      finish_customer(customer, uses);
    });
    take_holders_before(std::numeric_limits<std::int64_t>::max());
    for (const ServiceEvent& event : records_.events) take_event(event);
  }

  UsageOutcome finish(const mine::Run& run) {
    std::vector<double> p_values;
    for (auto& [product, sums] : products_) {
      finish_product(sums, run);
      p_values.push_back(sums.usage.p_value);
    }
    const std::vector<double> adjusted = mine::false_discovery(p_values);
    std::size_t at = 0;
    std::uint64_t most = 0;
    for (auto& [product, sums] : products_) {
      sums.usage.adjusted = adjusted[at++];
      sums.usage.losing = sums.usage.adjusted <= request_.false_findings && sums.usage.lost > sums.usage.gained;
      most = std::max(most, sums.usage.customers);
      out_.products.push_back(std::move(sums.usage));
    }
    out_.verdict = most >= least_users ? "sufficient"
                                       : "insufficient: no product has more than " + std::to_string(most) +
                                             " customers; " + std::to_string(least_users) + " are needed";
    return std::move(out_);
  }

 private:
  /// Customers with holdings and no lines.
  void take_holders_before(std::int64_t customer) {
    while (holding_ < records_.holdings.size() && records_.holdings[holding_].customer < customer) {
      UseOfCustomer uses;
      finish_customer(records_.holdings[holding_].customer, uses);
    }
  }

  void finish_customer(std::int64_t customer, UseOfCustomer& uses) {
    bool kinds[4] = {};
    for (; holding_ < records_.holdings.size() && records_.holdings[holding_].customer == customer; ++holding_) {
      const ServiceHolding& one = records_.holdings[holding_];
      if (one.from > day_) continue;
      first_day_ = std::min(first_day_, one.from);
      if (one.holds(day_)) kinds[1 + static_cast<std::size_t>(one.kind)] = true;
      if (one.product != 0) uses[one.product].holdings.push_back(&one);
    }
    if (uses.empty() && !kinds[1] && !kinds[2] && !kinds[3]) return;
    CustomerUsage usage{.customer = customer};
    std::size_t days = 0, bought = 0;
    for (const auto& [product, use] : uses) {
      add_use(customer, product, use, usage);
      const auto first = std::lower_bound(use.days.begin(), use.days.end(), day_ - request_.window + 1);
      days += static_cast<std::size_t>(use.days.end() - first);
      bought += first != use.days.end() ? 1 : 0;
    }
    kinds[0] = bought > 0;
    usage.depth = bought == 0 ? 0 : static_cast<double>(days) / static_cast<double>(bought);
    usage.services = static_cast<std::uint32_t>(std::count(std::begin(kinds), std::end(kinds), true));
    ++out_.by_services[usage.services];
    if (usage.services > 0) ++out_.users;
    out_.customers.push_back(std::move(usage));
  }

  void add_use(std::int64_t customer, std::int64_t product, const Use& use, CustomerUsage& usage) {
    ProductSums& sums = products_[product];
    sums.usage.product = product;
    ++sums.usage.customers;
    sums.firsts.push_back(use.first());
    const bool now = use.used(day_, request_.window), before = use.used(day_ - request_.window, request_.window);
    sums.usage.in_use += now ? 1 : 0;
    sums.usage.before += before ? 1 : 0;
    sums.usage.lost += before && !now ? 1 : 0;
    sums.usage.gained += now && !before ? 1 : 0;
    usage.breadth += now ? 1 : 0;
    if (before && !now) usage.lapsed.push_back(product);
    add_purchases(use, sums);
    bool unused = false;
    for (const ServiceHolding* one : use.holdings) {
      if (!one->holds(day_)) continue;
      count_holding(one->kind, sums.usage);
      unused = unused || is_unused(customer, *one, use);
    }
    if (!unused) return;
    ++sums.usage.unused;
    usage.unused.push_back(product);
  }

  void add_purchases(const Use& use, ProductSums& sums) const {
    const auto first = std::lower_bound(use.days.begin(), use.days.end(), day_ - request_.window + 1);
    sums.purchases += static_cast<std::uint64_t>(use.days.end() - first);
    if (use.days.empty()) return;
    ++sums.usage.buyers;
    const bool again = use.days.size() > 1;
    sums.usage.repeated += again ? 1 : 0;
    sums.gaps.push_back((again ? use.days[1] : day_) - use.days[0]);
    sums.came_back.push_back(again ? 1 : 0);
  }

  static void count_holding(HoldingKind kind, ProductUsage& usage) {
    switch (kind) {
      case HoldingKind::subscription:
        ++usage.subscriptions;
        break;
      case HoldingKind::asset:
        ++usage.assets;
        break;
      case HoldingKind::enrolment:
        ++usage.enrolments;
        break;
    }
  }

  /// A subscription that is paid, old enough to have been used, and of whose holder nothing was seen lately.
  bool is_unused(std::int64_t customer, const ServiceHolding& one, const Use& use) const {
    const std::int32_t from = day_ - request_.unused_days + 1;
    if (!out_.signs_known || !one.paid || one.from > from) return false;
    const auto sign = std::lower_bound(records_.signs.begin(), records_.signs.end(), std::pair(customer, from));
    const bool seen = sign != records_.signs.end() && sign->first == customer && sign->second <= day_;
    return !seen && !use.bought_within(from, day_);
  }

  void take_event(const ServiceEvent& event) {
    if (event.product == 0 || event.day > day_ || event.day <= day_ - request_.window) return;
    ProductUsage& usage = products_[event.product].usage;
    usage.product = event.product;
    std::uint64_t* const counts[] = {&usage.delivered, &usage.claimed, &usage.attended,
                                     &usage.problems,  &usage.repairs, &usage.returns};
    ++*counts[static_cast<std::size_t>(event.kind)];
  }

  void finish_product(ProductSums& sums, const mine::Run& run) {
    ProductUsage& usage = sums.usage;
    const auto share = [](double part, double all) {
      return all > 0 ? mine::share_interval(std::min(part, all), all) : mine::RateInterval{};
    };
    usage.penetration = share(static_cast<double>(usage.in_use), static_cast<double>(out_.users));
    usage.repeat_rate = share(static_cast<double>(usage.repeated), static_cast<double>(usage.buyers));
    usage.return_rate = share(static_cast<double>(usage.returns), static_cast<double>(sums.purchases));
    usage.units = static_cast<double>(usage.subscriptions + usage.assets + usage.enrolments);
    if (usage.units == 0) usage.units = static_cast<double>(usage.in_use);
    usage.problems_per_100 = events_per_100(static_cast<double>(usage.problems), usage.units);
    usage.repairs_per_100 = events_per_100(static_cast<double>(usage.repairs), usage.units);
    const std::uint64_t moved = usage.lost + usage.gained;
    if (moved > 0)
      usage.p_value = std::min(1.0, 2 * mine::binomial_above(std::max(usage.lost, usage.gained), moved, .5));
    if (usage.repeated > 0) {
      const mine::KaplanMeier curve = fit_kaplan_meier({sums.gaps, sums.came_back, {}, {}}, {}, run);
      const double median = curve.curves[0].median;
      if (std::isfinite(median)) usage.days_to_repeat = median;
    }
    if (!sums.firsts.empty()) adopt(sums);
  }

  /// New is what came within the window, to a store that had been seen for as long before.
  void adopt(ProductSums& sums) const {
    std::sort(sums.firsts.begin(), sums.firsts.end());
    const std::int32_t launch = sums.firsts.front();
    if (launch <= day_ - request_.window || first_day_ > launch - request_.window) return;
    for (std::int32_t end = launch + days_a_step; end <= day_ + 1; end += days_a_step) {
      const auto by = std::lower_bound(sums.firsts.begin(), sums.firsts.end(), end);
      sums.usage.adoption.push_back(static_cast<std::uint64_t>(by - sums.firsts.begin()));
    }
  }

  const UsageRecords& records_;
  const UsageRequest& request_;
  std::int32_t day_, first_day_ = ServiceHolding::open;
  std::size_t holding_ = 0;
  std::map<std::int64_t, ProductSums> products_;
  UsageOutcome out_;
};

std::optional<Date> last_day_of(const CustomerLines& lines, const UsageRecords& records, Purchases purchases) {
  std::optional<Date> last = lines.last_day(purchases);
  const auto take = [&](std::int32_t day) {
    if (!last || last->days < day) last = Date{day};
  };
  for (const ServiceEvent& one : records.events) take(one.day);
  for (const auto& [customer, day] : records.signs) take(day);
  if (!last)
    for (const ServiceHolding& one : records.holdings) take(one.from);
  return last;
}

}  // namespace

mine::RateInterval events_per_100(double events, double units) noexcept {
  if (units <= 0) return {};
  constexpr double z = 1.959963984540054;
  const auto cube = [](double x) { return x * x * x; };
  const double scale = 100 / units, more = events + 1;
  const double lower =
      events > 0 ? events * cube(std::max(0.0, 1 - 1 / (9 * events) - z / (3 * std::sqrt(events)))) : 0;
  return {events * scale, lower * scale, more * cube(1 - 1 / (9 * more) + z / (3 * std::sqrt(more))) * scale};
}

UsageOutcome measure_usage(const CustomerLines& lines, const UsageRecords& records, const UsageRequest& request,
                           const mine::Run& run) {
  const std::optional<Date> until = request.until ? request.until : last_day_of(lines, records, request.purchases);
  if (!until) {
    UsageOutcome out;
    out.verdict = "insufficient: nothing is bought, subscribed to, installed or attended";
    return out;
  }
  UsageMeasuring measuring(records, request, *until);
  measuring.measure(lines);
  return measuring.finish(run);
}

}  // namespace emptor
