#include "support/plain_segments.hpp"

#include <algorithm>

namespace emptor::test {
namespace {

std::string joined(const std::vector<PlainRule>& rules, const std::string& by) {
  std::string text;
  for (const PlainRule& rule : rules) text += (text.empty() ? "" : by) + rule.written();
  return "(" + text + ")";
}

std::int64_t total(const PlainWorld& world, std::int64_t order) {
  std::int64_t sum = 0;
  for (const auto& [id, line] : world.lines)
    if (line.order == order && !line.deleted) sum += line.amount;
  return sum;
}

}  // namespace

std::string PlainRule::written() const {
  const std::string n = std::to_string(number), days = std::to_string(oldest);
  switch (kind) {
    case Kind::all:
      return joined(children, " and ");
    case Kind::any:
      return joined(children, " or ");
    case Kind::negate:
      return "not " + joined(children, "");
    case Kind::tier:
      return "tier = '" + text + "'";
    case Kind::parent_tier:
      return "parent.tier = '" + text + "'";
    case Kind::size:
      return "employees >= " + n;
    case Kind::orders:
      return "count of order where (total >= " + n + ") in the last " + days + " days >= 2";
    case Kind::spent:
      return "sum of order_line.base_amount where (category = '" + text + "') between " + days + " and " +
             std::to_string(newest) + " days ago > " + n;
    case Kind::recent:
      return "last order >= today - " + days + " days";
    case Kind::tag:
      return "has tag '" + text + "'";
    case Kind::score:
      return "score 'risk' > " + n;
    case Kind::segment:
      return "in segment '" + text + "'";
  }
  return "";
}

bool PlainRule::holds(const PlainWorld& world, std::int64_t customer, std::int64_t today,
                      const std::map<std::string, std::set<std::int64_t>>& segments) const {
  const PlainCustomer& self = world.customers.at(customer);
  const auto child = [&](const PlainRule& rule) { return rule.holds(world, customer, today, segments); };
  switch (kind) {
    case Kind::all:
      return std::ranges::all_of(children, child);
    case Kind::any:
      return std::ranges::any_of(children, child);
    case Kind::negate:
      return !child(children.front());
    case Kind::tier:
      return self.tier == text;
    case Kind::parent_tier: {
      const auto parent = world.customers.find(self.parent);
      return parent != world.customers.end() && !parent->second.deleted && parent->second.tier == text;
    }
    case Kind::size:
      return self.employees && *self.employees >= number;
    case Kind::orders: {
      int found = 0;
      for (const auto& [id, order] : world.orders)
        found += order.customer == customer && !order.deleted && order.day <= today && order.day >= today - oldest &&
                 total(world, id) >= number;
      return found >= 2;
    }
    case Kind::spent: {
      std::int64_t sum = 0;
      for (const auto& [id, line] : world.lines) {
        const auto order = world.orders.find(line.order);
        if (line.customer != customer || line.deleted || line.category != text) continue;
        if (order == world.orders.end() || order->second.deleted) continue;
        if (order->second.day >= today - oldest && order->second.day <= today - newest) sum += line.amount;
      }
      return sum > number;
    }
    case Kind::recent:
      return std::ranges::any_of(world.orders, [&](const auto& each) {
        return each.second.customer == customer && !each.second.deleted && each.second.day >= today - oldest;
      });
    case Kind::tag:
      return std::ranges::any_of(world.tags, [&](const auto& each) {
        const PlainTag& tag = each.second;
        return tag.customer == customer && tag.name == text && !tag.deleted && tag.from.value_or(today) <= today &&
               tag.to.value_or(today) >= today;
      });
    case Kind::score:
      return std::ranges::any_of(world.scores, [&](const auto& each) {
        return each.second.first == customer && each.second.second > static_cast<double>(number);
      });
    case Kind::segment:
      return segments.at(text).contains(customer);
  }
  return false;
}

}  // namespace emptor::test
