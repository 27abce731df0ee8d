#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "emptor/core/exact_sum.hpp"
#include "insight/campaigns/campaign_words.hpp"
#include "insight/causes/cause_work.hpp"

namespace emptor {
namespace {

using words::Text;

constexpr double least_price_step = 0.05;   // by which a unit price moved
constexpr double least_share = 0.01;        // of the revenue before, that is worth a word
constexpr std::size_t most_told = 3;        // of a kind
constexpr std::int32_t steady_periods = 3;  // in which something was sold before it was not

constexpr Text price_moved{"the price of {0} moved by {1}", "{0} 的价格变动 {1}"},
    not_sold{"{0} was not sold any more, after {1} in the period before", "{0} 不再有销售，此前一期为 {1}"},
    stayed_away{"{0} large customers of the period before bought nothing: they had brought {1}",
                "前期的 {0} 位大客户未再购买，此前贡献 {1}"},
    more_returns{"returns rose by {0}", "退货增加 {0}"};

std::int64_t whole(const IntegerSum& sum) { return sum.micros_to_decimal().micros(); }

struct Product {
  std::array<IntegerSum, 2> amount, units;
  std::set<std::int32_t> periods;  ///< of the last ones before, in which it was sold

  double price(std::size_t side) const {
    return static_cast<double>(amount[side].value()) / static_cast<double>(units[side].value());
  }
  bool priced() const { return units[0].value() > 0 && units[1].value() > 0; }
};

class Events {
 public:
  Events(const BusinessLines& business, PeriodKind period, const Comparison& one) {
    for (const BusinessLine& line : business.lines) {
      const std::int32_t at = period_of(period, line.day);
      if (at > one.before - steady_periods && at <= one.before && line.is_purchase() && line.product != 0)
        products_[line.product].periods.insert(at);
      if (at == one.before || at == one.after) take(line, at == one.after ? 1 : 0);
    }
    least_ = least_share * static_cast<double>(std::max<std::int64_t>(one.revenue_before, 0));
  }

  std::vector<Coincidence> find(const ProductNames& names, const Voice& english, const Voice& chinese) {
    english_ = &english;
    chinese_ = &chinese;
    find_prices(names);
    find_gone(names);
    find_lost();
    const std::int64_t returns = whole(returned_[1]) - whole(returned_[0]);
    if (static_cast<double>(returns) >= least_ && returns > 0)
      tell("returns", more_returns, returns, [&](const Voice& voice) { return std::vector{voice.amount(returns)}; });
    return std::move(out_);
  }

 private:
  void take(const BusinessLine& line, std::size_t side) {
    if (!line.is_purchase()) return returned_[side].add(-line.amount);
    if (line.customer != 0) customers_[line.customer][side].add(line.amount);
    if (line.product == 0) return;
    Product& product = products_[line.product];
    product.amount[side].add(line.amount);
    if (line.quantity > 0) product.units[side].add(line.quantity);
  }

  template <class Words>
  void tell(std::string kind, const Text& text, std::int64_t amount, const Words& figures) {
    const auto say = [&](const Voice& voice) {
      const std::vector<std::string> all = figures(voice);
      return all.size() == 1 ? voice.say(text, {all[0]}) : voice.say(text, {all[0], all[1]});
    };
    out_.push_back({std::move(kind), say(*english_), say(*chinese_), amount});
  }

  /// Those whose price alone changed revenue most, at the mean of both periods' units.
  void find_prices(const ProductNames& names) {
    std::vector<std::pair<double, std::int64_t>> effects;
    for (const auto& [id, product] : products_) {
      if (!product.priced()) continue;
      const double step = product.price(1) / product.price(0) - 1;
      const double units = static_cast<double>(product.units[0].value() + product.units[1].value()) / 2;
      const double effect = units * (product.price(1) - product.price(0));
      if (std::abs(step) >= least_price_step && std::abs(effect) >= least_) effects.emplace_back(effect, id);
    }
    keep_most(effects);
    for (const auto& [effect, id] : effects) {
      const Product& product = products_.at(id);
      const std::string step = shown_percent(product.price(1) / product.price(0) - 1, true), name = names(id);
      tell("price", price_moved, static_cast<std::int64_t>(effect), [&](const Voice&) {
        return std::vector{name, step};
      });
    }
  }

  void find_gone(const ProductNames& names) {
    std::vector<std::pair<double, std::int64_t>> gone;
    for (const auto& [id, product] : products_) {
      const auto before = static_cast<double>(product.amount[0].value());
      if (product.periods.size() == steady_periods && product.amount[1].value() == 0 && before >= least_)
        gone.emplace_back(before, id);
    }
    keep_most(gone);
    for (const auto& [before, id] : gone) {
      const std::int64_t amount = whole(products_.at(id).amount[0]);
      const std::string name = names(id);
      tell("not_sold", not_sold, -amount, [&](const Voice& voice) { return std::vector{name, voice.amount(amount)}; });
    }
  }

  /// Customers of a hundredth of the revenue or more.
  void find_lost() {
    IntegerSum lost;
    std::int64_t count = 0;
    for (const auto& [customer, amounts] : customers_) {
      if (static_cast<double>(amounts[0].value()) < least_ || amounts[0].value() <= 0) continue;
      if (amounts[1].value() > 0) continue;
      lost.add(amounts[0]);
      ++count;
    }
    const std::int64_t amount = whole(lost);
    if (count > 0)
      tell("key_customers", stayed_away, -amount, [&](const Voice& voice) {
        return std::vector{with_thousands(count), voice.amount(amount)};
      });
  }

  static void keep_most(std::vector<std::pair<double, std::int64_t>>& all) {
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
      return std::abs(a.first) != std::abs(b.first) ? std::abs(a.first) > std::abs(b.first) : a.second < b.second;
    });
    all.resize(std::min(all.size(), most_told));
  }

  double least_ = 0;
  std::map<std::int64_t, Product> products_;
  std::map<std::int64_t, std::array<IntegerSum, 2>> customers_;
  std::array<IntegerSum, 2> returned_;
  const Voice *english_ = nullptr, *chinese_ = nullptr;
  std::vector<Coincidence> out_;
};

}  // namespace

std::vector<Coincidence> find_coincidences(const BusinessLines& business, PeriodKind period, const Comparison& one,
                                           const ProductNames& products, const Voice& english, const Voice& chinese) {
  return Events(business, period, one).find(products, english, chinese);
}

}  // namespace emptor
