#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>
#include <span>
#include <unordered_map>

#include "emptor/core/exact_sum.hpp"
#include "emptor/mine/factor_effects.hpp"
#include "insight/causes/cause_work.hpp"

namespace emptor {
namespace {

constexpr std::size_t sides = 2;  // before and after

std::int64_t whole(const IntegerSum& sum) { return sum.micros_to_decimal().micros(); }

/// What is sold alike: a product, whose lines have a quantity or are units by themselves.
struct Goods {
  std::int64_t product;
  bool counted;
  std::uint32_t category;
  friend auto operator<=>(const Goods&, const Goods&) = default;
};

struct Sold {
  std::array<IntegerSum, sides> amount, units;
};

/// What both periods were made of.
struct Sides {
  std::array<IntegerSum, sides> revenue, anonymous, returned, known;
  std::array<std::set<std::int64_t>, sides> orders;
  std::map<std::int64_t, std::array<IntegerSum, sides>> customers;
  std::map<Goods, Sold> goods;
  std::unordered_map<std::int64_t, std::int32_t> first;  ///< period of a customer's first purchase
  bool products = false;                                 ///< whether any line names one
};

Sides gather(const BusinessLines& business, PeriodKind period, const Comparison& one) {
  Sides out;
  const BusinessDimension* categories = business.dimension("category");
  for (std::size_t i = 0; i < business.lines.size(); ++i) {
    const BusinessLine& line = business.lines[i];
    const std::int32_t at = period_of(period, line.day);
    const bool bought = line.customer != 0 && line.is_purchase();
    if (bought) out.first.try_emplace(line.customer, at);
    if (at != one.before && at != one.after) continue;
    const std::size_t side = at == one.after ? 1 : 0;
    out.revenue[side].add(line.amount);
    if (!line.is_purchase()) {
      out.returned[side].add(line.amount);
      continue;
    }
    if (!bought) {
      out.anonymous[side].add(line.amount);
      continue;
    }
    out.known[side].add(line.amount);
    out.orders[side].insert(line.order);
    out.customers[line.customer][side].add(line.amount);
    out.products = out.products || line.product != 0;
    const bool counted = line.product != 0 && line.quantity > 0;
    Sold& sold = out.goods[{line.product, counted, categories == nullptr ? 0 : categories->of[i]}];
    sold.amount[side].add(line.amount);
    sold.units[side].add(counted ? line.quantity : Decimal::micros_per_unit);
  }
  return out;
}

/// Factors of all that known customers bought, alike for every product: customers, orders a customer, units an order.
struct Shared {
  std::array<double, sides> customers{}, frequency{}, size{}, units{};
};

Shared shared_of(const Sides& sides_of) {
  Shared out;
  for (std::size_t side = 0; side < sides; ++side) {
    for (const auto& [customer, amounts] : sides_of.customers) out.customers[side] += amounts[side].value() > 0;
    IntegerSum units;
    for (const auto& [goods, sold] : sides_of.goods) units.add(sold.units[side]);
    out.units[side] = static_cast<double>(units.value());
    const auto orders = static_cast<double>(sides_of.orders[side].size());
    if (orders == 0) continue;
    out.frequency[side] = orders / out.customers[side];
    out.size[side] = out.units[side] / orders;
  }
  // Where nobody bought, it is customers that lacked.
  for (std::size_t side = 0; side < sides; ++side) {
    if (out.customers[side] > 0) continue;
    out.frequency[side] = out.frequency[1 - side];
    out.size[side] = out.size[1 - side];
    out.units[side] = out.units[1 - side];
  }
  return out;
}

enum Factor : std::size_t { customers, frequency, size, mix, price, range, factor_count };
constexpr std::string_view factor_names[factor_count] = {
    "customers", "orders_per_customer", "units_per_order", "mix", "price", "range"};

/// Of one product: its share of the units is the mix; of one that is new or gone, the range.
std::array<double, factor_count> effects_of(const Sold& sold, const Shared& shared) {
  mine::FactorChange change;
  std::array<double, sides> share{}, unit{};
  for (std::size_t side = 0; side < sides; ++side) {
    const auto units = static_cast<double>(sold.units[side].value());
    share[side] = shared.customers[side] > 0 && shared.units[side] > 0 ? units / shared.units[side] : 0;
    unit[side] = units > 0 ? static_cast<double>(sold.amount[side].value()) / units : 0;
  }
  for (std::size_t side = 0; side < sides; ++side) {
    if (shared.customers[side] == 0) share[side] = share[1 - side];
    if (unit[side] == 0) unit[side] = unit[1 - side];
  }
  const bool lasting = share[0] > 0 && share[1] > 0;
  for (std::size_t side = 0; side < sides; ++side)
    (side == 0 ? change.before : change.after) = {shared.customers[side], shared.frequency[side], shared.size[side],
                                                  share[side], unit[side]};
  const std::vector<double> effects = mine::factor_effects(change);
  std::array<double, factor_count> out{};
  std::copy(effects.begin(), effects.end(), out.begin());
  if (!lasting) std::swap(out[mix], out[range]);
  return out;
}

std::int64_t change_of(const std::array<IntegerSum, sides>& sums) { return whole(sums[1]) - whole(sums[0]); }

void append(std::vector<CausePart>& parts, std::span<const std::string_view> names,
            const std::vector<std::int64_t>& amounts) {
  for (std::size_t i = 0; i < names.size(); ++i) parts.push_back({std::string(names[i]), amounts[i]});
}

/// Without products an order is worth what it is worth.
void by_basket(const Sides& sides_of, const Shared& shared, Comparison& out) {
  mine::FactorChange change;
  for (std::size_t side = 0; side < sides; ++side) {
    const double orders = shared.customers[side] * shared.frequency[side];
    const double basket = shared.customers[side] > 0 ? static_cast<double>(sides_of.known[side].value()) / orders : 0;
    (side == 0 ? change.before : change.after) = {shared.customers[side], shared.frequency[side], basket};
  }
  if (change.before[2] == 0) change.before[2] = change.after[2];
  if (change.after[2] == 0) change.after[2] = change.before[2];
  constexpr std::string_view names[] = {"customers", "orders_per_customer", "basket"};
  append(out.factors, names, mine::whole_effects(mine::factor_effects(change), change_of(sides_of.known)));
}

void by_product(const BusinessLines& business, const Sides& sides_of, const Shared& shared, Comparison& out) {
  std::vector<double> all(factor_count);
  struct OfCategory {
    std::array<IntegerSum, sides> amount;
    std::array<double, 3> effects{};  ///< volume, price, mix
  };
  std::map<std::uint32_t, OfCategory> categories;
  for (const auto& [goods, sold] : sides_of.goods) {
    const std::array<double, factor_count> effects = effects_of(sold, shared);
    OfCategory& category = categories[goods.category];
    for (std::size_t f = 0; f < factor_count; ++f) all[f] += effects[f];
    for (std::size_t side = 0; side < sides; ++side) category.amount[side].add(sold.amount[side]);
    category.effects[0] += effects[customers] + effects[frequency] + effects[size];
    category.effects[1] += effects[price];
    category.effects[2] += effects[mix] + effects[range];
  }
  append(out.factors, factor_names, mine::whole_effects(all, change_of(sides_of.known)));
  const BusinessDimension* names = business.dimension("category");
  if (names == nullptr) return;
  for (const auto& [number, one] : categories) {
    const std::int64_t change = change_of(one.amount);
    const std::vector<std::int64_t> parts = mine::whole_effects(one.effects, change);
    const std::string name = number == BusinessDimension::none ? std::string() : names->values[number];
    out.categories.push_back({name, change, parts[0], parts[1], parts[2]});
  }
  std::sort(out.categories.begin(), out.categories.end(), [](const CategoryPart& a, const CategoryPart& b) {
    const std::int64_t first = std::abs(a.change), second = std::abs(b.change);
    return first != second ? first > second : a.name < b.name;
  });
}

/// Sums by who the customers are: they add up without any model.
void by_customer(const Sides& sides_of, Comparison& out) {
  IntegerSum fresh, again, lost, kept;
  for (const auto& [customer, amounts] : sides_of.customers) {
    const std::int64_t was = whole(amounts[0]), is = whole(amounts[1]);
    if (was > 0 && is > 0)
      kept.add(is - was);
    else if (was > 0)
      lost.add(-was);
    else
      (sides_of.first.at(customer) > out.before ? fresh : again).add(is);
  }
  constexpr std::string_view names[] = {"new_customers", "returned_customers", "lost_customers", "kept_customers"};
  append(out.bridge, names, {whole(fresh), whole(again), whole(lost), whole(kept)});
}

}  // namespace

void take_apart(const BusinessLines& business, PeriodKind period, Comparison& out) {
  const Sides sides_of = gather(business, period, out);
  const Shared shared = shared_of(sides_of);
  out.revenue_before = whole(sides_of.revenue[0]);
  out.revenue_after = whole(sides_of.revenue[1]);
  if (sides_of.products)
    by_product(business, sides_of, shared, out);
  else
    by_basket(sides_of, shared, out);
  by_customer(sides_of, out);
  for (auto* parts : {&out.factors, &out.bridge}) {
    parts->push_back({"without_customer", change_of(sides_of.anonymous)});
    parts->push_back({"returns", change_of(sides_of.returned)});
  }
}

}  // namespace emptor
