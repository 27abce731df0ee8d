#include "desk/generated_orders.hpp"

#include <algorithm>
#include <tuple>

#include "desk/generated_campaigns.hpp"
#include "desk/generated_plan.hpp"
#include "desk/generated_progress.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

constexpr std::uint16_t most_drawn_lines = 200, most_dealt_lines = 60'000;
constexpr int minutes_a_week = 7 * 1'440;

struct Purchase {
  double at;
  bool of_campaign;
};

/// Days since the start as minutes, for gaps in the calendar's time.
std::int64_t minutes_of(const PlannedOrder& order) { return std::int64_t{order.day} * 1'440 + order.minute; }

class Planner {
 public:
  Planner(const GenerateOptions& options, const Season& season)
      : options_(options), season_(season), campaigns_(campaigns_of(options)) {}

  OrderPlan run() {
    expect();
    for_each_customer(options_, "orders",
                      [&](std::uint64_t customer) { plan_customer(static_cast<std::uint32_t>(customer)); });
    if (plan_.orders.empty()) plan_.orders.push_back({1, 0, 0, 1, 0, 1});
    if (options_.lines == 0)
      settle_freely();
    else
      settle_exactly();
    sort_by_time();
    count_buyers();
    return std::move(plan_);
  }

 private:
  /// How many orders are to be expected, and by what their rates have to be multiplied for `lines`.
  void expect() {
    double firsts = 0, repeats = 0;
    for_each_customer(options_, "lives", [&](std::uint64_t customer) {
      const Life life = life_of(options_, season_, customer);
      plan_.lost += life.lost;
      firsts += life.buys;
      if (life.buys) repeats += life.rate * (life.end - life.begin) / days_a_week;
    });
    const double wanted = double(options_.lines) / planted::mean_lines_of_order - firsts;
    if (options_.lines != 0) plan_.rate_factor = std::max(wanted, firsts / 100) / std::max(repeats, 1e-9);
    plan_.orders.reserve(static_cast<std::size_t>((firsts + repeats * plan_.rate_factor) * 1.05) + 16);
  }

  void plan_customer(std::uint32_t customer) {
    const Life life = life_of(options_, season_, customer);
    if (!life.buys) return;
    Random random = stream(options_, DrawnFor::orders, customer);
    purchases_.assign(1, {life.begin, false});
    add_repeats(life, random);
    add_campaigns(life, customer);
    std::sort(purchases_.begin() + 1, purchases_.end(), [](const Purchase& a, const Purchase& b) {
      return std::tie(a.at, a.of_campaign) < std::tie(b.at, b.of_campaign);
    });
    unsigned follow = 0;
    for (std::size_t i = 0; i < purchases_.size(); ++i) follow = add_order(customer, life, i, follow, random);
  }

  void add_repeats(const Life& life, Random& random) {
    const double span = life.end - life.begin, mean = life.rate * plan_.rate_factor * span / days_a_week;
    const double loyal = life.cause == Cause::competitor ? 1 - planted::competitor_time : 1;
    for (std::uint64_t left = random.poisson(mean); left > 0; --left) {
      const double share = random.uniform();
      const bool stays = share < loyal || random.uniform() < planted::competitor_kept;
      if (stays) purchases_.push_back({life.begin + share * span, false});
      plan_.stayed_away += !stays;
    }
  }

  void add_campaigns(const Life& life, std::uint64_t customer) {
    if (campaigns_.empty()) return;
    const Uplift uplift = uplift_of(options_, customer);
    for (const CampaignPlan& campaign : campaigns_) {
      const CampaignPart part = part_in(options_, season_, life, uplift, customer, campaign);
      if (part.converts) purchases_.push_back({part.at, true});
    }
  }

  /// `follow` has the sequences that this order goes on with; returns those of the next.
  unsigned add_order(std::uint32_t customer, const Life& life, std::size_t at, unsigned follow, Random& random) {
    const Moment moment = season_.moment(purchases_[at].at);
    PlannedOrder order{
        customer, static_cast<std::uint16_t>(moment.day), static_cast<std::uint16_t>(moment.minute), 1, 0, 1};
    if (at > 0) follow = due(plan_.orders.back(), order, follow);
    order.flags = static_cast<std::uint8_t>(flags_of(life, at, random) | follow);
    if (purchases_[at].of_campaign) order.flags |= of_campaign;
    plan_.of_campaigns += purchases_[at].of_campaign;
    Random basket = basket_of(options_, order);
    const PlantedPicks picks = planted_picks(basket, follow);
    order.least = std::max<std::uint8_t>(1, picks.count);
    while (order.lines < most_drawn_lines && random.uniform() > 1 / planted::mean_lines_of_order) ++order.lines;
    order.lines = std::max<std::uint16_t>(order.lines, order.least);
    plan_.orders.push_back(order);
    unsigned next = 0;
    for (std::size_t i = 0; i < planted::sequences.size(); ++i) {
      if ((picks.firsts >> i & 1) != 0 && random.uniform() < planted::sequences[i].next) next |= 1U << i;
    }
    return next;
  }

  /// What of `follow` is still awaited when the order comes.
  static unsigned due(const PlannedOrder& before, const PlannedOrder& order, unsigned follow) {
    for (std::size_t i = 0; i < planted::sequences.size(); ++i) {
      const bool in_time =
          minutes_of(order) - minutes_of(before) <= std::int64_t{planted::sequences[i].weeks} * minutes_a_week;
      if (!in_time) follow &= ~(1U << i);
    }
    return follow;
  }

  unsigned flags_of(const Life& life, std::size_t at, Random& random) const {
    const bool last = at + 1 == purchases_.size(), near_last = at + 2 >= purchases_.size();
    const bool delivery = life.cause == Cause::late_delivery && near_last;
    unsigned flags = 0;
    if (random.uniform() < (delivery ? planted::late_before_leaving : planted::late_share)) flags |= late;
    if (life.cause == Cause::price_rise && near_last) flags |= dear;
    const bool service = life.cause == Cause::bad_service && last;
    if (service && random.uniform() < planted::sent_back_before_leaving) flags |= sent_back;
    if (options_.flaws && random.below(1000) < planted::anonymous_per_thousand) flags |= anonymous;
    return flags;
  }

  std::uint64_t sum_of_lines() const {
    std::uint64_t sum = 0;
    for (const PlannedOrder& order : plan_.orders) sum += order.lines;
    return sum;
  }

  void settle_freely() {
    plan_.sale_lines = sum_of_lines();
    plan_.returned = plan_.sale_lines * planted::returned_per_thousand / 1000;
    plan_.doubled = options_.flaws ? plan_.sale_lines * planted::doubled_per_thousand / 1000 : 0;
  }

  /// So that sales, returns and doubles come to `lines`: one line more or less an order, round and round.
  void settle_exactly() {
    plan_.returned = options_.lines * planted::returned_per_thousand / 1000;
    plan_.doubled = options_.flaws ? options_.lines * planted::doubled_per_thousand / 1000 : 0;
    const std::uint64_t left = options_.lines - plan_.returned - plan_.doubled;
    leave_out(left);
    std::uint64_t back = static_cast<std::uint64_t>(std::count_if(
        plan_.orders.begin(), plan_.orders.end(), [](const auto& o) { return (o.flags & sent_back) != 0; }));
    if (left < back + plan_.orders.size()) {
      for (PlannedOrder& order : plan_.orders) order.flags &= static_cast<std::uint8_t>(~sent_back);
      back = 0;
    }
    plan_.sale_lines = left - back;
    std::uint64_t sum = sum_of_lines();
    take_away(sum, true);
    take_away(sum, false);
    add_more(sum);
  }

  /// Orders that a line each is too many for, evenly spread.
  void leave_out(std::uint64_t lines) {
    if (plan_.orders.size() <= lines) return;
    EvenChoice kept(lines, plan_.orders.size());
    plan_.left_out = plan_.orders.size() - lines;
    std::erase_if(plan_.orders, [&](const PlannedOrder&) { return !kept.next(); });
  }

  /// Down to the planted lines of each order, or to a single one.
  void take_away(std::uint64_t& sum, bool spare_planted) {
    for (bool taken = true; taken && sum > plan_.sale_lines;) {
      taken = false;
      for (std::size_t i = 0; i < plan_.orders.size() && sum > plan_.sale_lines; ++i) {
        PlannedOrder& order = plan_.orders[i];
        if (order.lines <= (spare_planted ? order.least : 1)) continue;
        --order.lines;
        --sum;
        taken = true;
      }
    }
  }

  void add_more(std::uint64_t& sum) {
    while (sum < plan_.sale_lines) {
      const std::uint64_t before = sum;
      for (std::size_t i = 0; i < plan_.orders.size() && sum < plan_.sale_lines; ++i) {
        if (plan_.orders[i].lines >= most_dealt_lines) continue;
        ++plan_.orders[i].lines;
        ++sum;
      }
      if (sum == before)
        throw Error(Code::invalid, "there are too many lines for so few orders", "ask for fewer lines");
    }
  }

  void sort_by_time() {
    const auto key = [](const PlannedOrder& o) {
      return std::tie(o.day, o.minute, o.customer, o.lines, o.flags, o.least);
    };
    std::sort(plan_.orders.begin(), plan_.orders.end(),
              [&](const PlannedOrder& a, const PlannedOrder& b) { return key(a) < key(b); });
  }

  void count_buyers() {
    std::vector<bool> seen(options_.customers + 1);
    for (const PlannedOrder& order : plan_.orders) {
      plan_.buyers += !seen[order.customer];
      seen[order.customer] = true;
    }
  }

  const GenerateOptions& options_;
  const Season& season_;
  std::vector<CampaignPlan> campaigns_;
  std::vector<Purchase> purchases_;
  OrderPlan plan_;
};

}  // namespace

OrderPlan plan_orders(const GenerateOptions& options, const Season& season) { return Planner(options, season).run(); }

Random basket_of(const GenerateOptions& options, const PlannedOrder& order) {
  return stream(options, DrawnFor::basket, hash_of(order.customer, static_cast<std::uint64_t>(minutes_of(order))));
}

}  // namespace emptor
