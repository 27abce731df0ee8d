#include "insight/satisfaction/complaints.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "insight/facts/facts_scan.hpp"
#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

using Key = std::pair<std::string, std::string>;  // by, name

/// Who bought what under a key.
struct Buying {
  std::uint64_t customers = 0, orders = 0;
  std::int64_t last_customer = 0, last_order = 0;

  /// Customers come one after another, the lines of an order together.
  void add(std::int64_t customer, std::int64_t order) {
    customers += customer != last_customer ? 1U : 0U;
    orders += order != last_order ? 1U : 0U;
    last_customer = customer;
    last_order = order;
  }
};

class ComplaintGrouping {
 public:
  explicit ComplaintGrouping(const ComplaintView& view) : view_(view), days_(view.zone) {}

  std::vector<ComplaintGroup> group() {
    for (const Complaint& one : view_.complaints)
      for (const Key& key : keys_of(one)) add(one, waits_[key]);
    count_buying();
    std::vector<ComplaintGroup> groups;
    for (const char* by : {"", "period", "channel", "agent", "topic", "category", "region", "tier"})
      for (auto at = waits_.lower_bound({by, ""}); at != waits_.end() && at->first.first == by; ++at)
        groups.push_back(group_of(at->first, at->second));
    return groups;
  }

 private:
  std::vector<Key> keys_of(const Complaint& one) {
    std::vector<Key> keys = {{"", ""}, {"period", period_of(days_.of(one.opened), view_.period)}};
    const auto add = [&](const char* by, std::string name) {
      if (!name.empty()) keys.emplace_back(by, std::move(name));
    };
    add("channel", one.channel);
    add("agent", view_.groups.agent(one.agent));
    add("topic", one.topic);
    add("category", view_.groups.category(one.product));
    add("region", view_.groups.region(one.customer));
    add("tier", view_.groups.tier(one.customer));
    return keys;
  }
  void add(const Complaint& one, Waits& waits) const {
    const std::int64_t until = one.resolved.value_or(view_.end);
    waits.add(static_cast<double>(std::max<std::int64_t>(until - one.opened, 0)) / micros_per_day,
              one.resolved.has_value());
  }
  void count_buying() {
    const std::int32_t last = days_.of(view_.end - 1);
    for (std::size_t i = 0; i < view_.facts.customers.size(); ++i) {
      const std::int64_t customer = view_.facts.customers[i];
      const PurchaseRows rows = view_.facts.of(i);
      for (std::size_t r = 0; r < rows.size() && rows.day[r] <= last; ++r) {
        if (!is_purchase(rows.amount[r], rows.quantity[r], 1)) continue;
        const auto count = [&](const char* by, const std::string& name) {
          if (waits_.contains({by, name})) buying_[{by, name}].add(customer, rows.order[r]);
        };
        count("", "");
        count("period", period_of(rows.day[r], view_.period));
        count("category", view_.groups.category(rows.product[r]));
        count("region", view_.groups.region(customer));
        count("tier", view_.groups.tier(customer));
      }
    }
  }
  ComplaintGroup group_of(const Key& key, const Waits& waits) const {
    ComplaintGroup group{
        .by = key.first, .name = key.second, .complaints = waits.size(), .days = wait_figures(waits, view_.level)};
    const auto found = buying_.find(key);
    if (found == buying_.end()) return group;
    const auto complaints = static_cast<double>(group.complaints);
    group.customers = found->second.customers;
    group.orders = found->second.orders;
    group.per_customer = mine::event_rate(complaints, static_cast<double>(group.customers), view_.level);
    group.per_order = mine::event_rate(complaints, static_cast<double>(group.orders), view_.level);
    return group;
  }

  const ComplaintView& view_;
  DayFinder days_;
  std::map<Key, Waits> waits_;
  std::map<Key, Buying> buying_;
};

}  // namespace

std::vector<Complaint> complaints_of(const ServiceRecords& service, const OpinionRecords& opinions) {
  std::vector<Complaint> all;
  std::unordered_set<std::int64_t> known;
  for (const ServiceCase& one : service.cases) {
    if (!one.complaint) continue;
    known.insert(one.id);
    all.push_back({one.customer, one.opened, one.resolved, one.agent, one.product, one.channel, one.topic});
  }
  for (const Remark& one : opinions.remarks)
    if (one.kind == RemarkKind::complaint && !known.contains(one.of_case))
      all.push_back({one.customer, one.at, one.answered, 0, one.product, one.channel, one.topic});
  std::stable_sort(all.begin(), all.end(), [](const Complaint& a, const Complaint& b) { return a.opened < b.opened; });
  return all;
}

std::vector<ComplaintGroup> group_complaints(const ComplaintView& view) { return ComplaintGrouping(view).group(); }

}  // namespace emptor
