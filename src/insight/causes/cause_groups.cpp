#include "insight/causes/cause_groups.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/exact_sum.hpp"
#include "mine/distributions.hpp"

namespace emptor {
namespace {

constexpr double interval = 0.95;
constexpr double same = 0.98;      // of one group's revenue: a pair that is more of it is the group itself
constexpr double explained = 0.8;  // of a group's excess: a pair that makes more of it is named in its stead

double micros(const IntegerSum& sum) { return static_cast<double>(sum.value()); }

/// A value of a dimension, or of two.
struct Key {
  std::size_t first_dimension, second_dimension;  ///< equal for one
  std::uint32_t first, second;
  friend auto operator<=>(const Key&, const Key&) = default;
  bool is_pair() const noexcept { return first_dimension != second_dimension; }
};

/// Revenue of the whole and of groups by period. Only values that have enough of it alone can have enough together with
/// another one, so that these are numbered anew and their pairs are places of a table.
class Revenues {
 public:
  Revenues(const BusinessLines& business, PeriodKind period, const WholePeriods& whole)
      : business_(business), all_(whole.size()) {
    for (const BusinessLine& line : business.lines) {
      const std::int32_t at = period_of(period, line.day);
      const bool within = at >= whole.first && at <= whole.last;
      places_.push_back(within ? at - whole.first : outside);
      if (!within) continue;
      all_[static_cast<std::size_t>(places_.back())].add(line.amount);
      purchases_ += line.is_purchase() ? static_cast<double>(line.amount) : 0;
      lines_ += line.is_purchase() ? 1 : 0;
    }
  }

  /// Groups with enough revenue in both periods together, each with its revenue by period.
  std::map<Key, std::vector<IntegerSum>> groups(std::size_t before, std::size_t after, double least_share) {
    const double least = least_share * (micros(all_[before]) + micros(all_[after]));
    find_large(before, after, least);
    std::vector<IntegerSum> sums(slots_);
    each_slot([&](std::size_t slot, std::size_t at, std::int64_t amount) {
      if (at == before || at == after) sums[slot].add(amount);
    });
    std::vector<std::vector<IntegerSum>> by_period(slots_);
    for (std::size_t slot = 0; slot < slots_; ++slot)
      if (micros(sums[slot]) >= least && least > 0) by_period[slot].resize(all_.size());
    each_slot([&](std::size_t slot, std::size_t at, std::int64_t amount) {
      if (!by_period[slot].empty()) by_period[slot][at].add(amount);
    });
    return named(sums, by_period);
  }
  const std::vector<IntegerSum>& all() const { return all_; }
  /// What keeps logarithms of groups that sold nothing finite: half a purchase.
  double half_a_line() const { return lines_ > 0 ? purchases_ / lines_ / 2 : 1; }

 private:
  static constexpr std::int32_t outside = -1;

  /// The values of a dimension that have enough revenue, and the place of every value among them.
  struct Large {
    std::vector<std::uint32_t> values;
    std::vector<std::int32_t> places;
  };

  void find_large(std::size_t before, std::size_t after, double least) {
    large_.clear();
    for (const BusinessDimension& dimension : business_.dimensions) {
      std::vector<IntegerSum> sums(dimension.values.size());
      for (std::size_t i = 0; i < places_.size(); ++i)
        if (dimension.of[i] != BusinessDimension::none && places_[i] != outside)
          if (const auto at = static_cast<std::size_t>(places_[i]); at == before || at == after)
            sums[dimension.of[i]].add(business_.lines[i].amount);
      Large large{{}, std::vector<std::int32_t>(sums.size(), outside)};
      for (std::uint32_t value = 0; value < sums.size(); ++value) {
        if (!(micros(sums[value]) >= least && least > 0)) continue;
        large.places[value] = static_cast<std::int32_t>(large.values.size());
        large.values.push_back(value);
      }
      large_.push_back(std::move(large));
    }
    slots_ = 0;
    each_pair([&](std::size_t a, std::size_t b) { slots_ += large_[a].values.size() * large_[b].values.size(); });
  }

  template <class Visit>
  void each_pair(const Visit& visit) const {
    for (std::size_t a = 0; a < large_.size(); ++a)
      for (std::size_t b = a; b < large_.size(); ++b) visit(a, b);
  }

  /// Of each line every group that it is in.
  template <class Visit>
  void each_slot(const Visit& visit) const {
    std::size_t base = 0;
    each_pair([&](std::size_t a, std::size_t b) {
      beat("groups");
      const BusinessDimension &first = business_.dimensions[a], &second = business_.dimensions[b];
      const std::size_t wide = large_[b].values.size();
      for (std::size_t i = 0; i < places_.size(); ++i) {
        if (places_[i] == outside || first.of[i] == BusinessDimension::none || second.of[i] == BusinessDimension::none)
          continue;
        const std::int32_t x = large_[a].places[first.of[i]], y = large_[b].places[second.of[i]];
        if (x != outside && y != outside)
          visit(base + static_cast<std::size_t>(x) * wide + static_cast<std::size_t>(y),
                static_cast<std::size_t>(places_[i]), business_.lines[i].amount);
      }
      base += large_[a].values.size() * wide;
    });
  }

  /// But for pairs that are no less than one of their values alone.
  std::map<Key, std::vector<IntegerSum>> named(const std::vector<IntegerSum>& sums,
                                               std::vector<std::vector<IntegerSum>>& by_period) const {
    std::map<Key, std::vector<IntegerSum>> out;
    std::map<Key, double> singles;
    std::size_t slot = 0;
    const auto each = [&](const auto& visit) {
      slot = 0;
      each_pair([&](std::size_t a, std::size_t b) {
        for (const std::uint32_t first : large_[a].values)
          for (const std::uint32_t second : large_[b].values) visit(Key{a, b, first, second}), ++slot;
      });
    };
    each([&](const Key& key) {
      if (!key.is_pair()) singles[key] = micros(sums[slot]);
    });
    each([&](const Key& key) {
      if (by_period[slot].empty()) return;
      const auto alone = [&](std::size_t dimension, std::uint32_t value) {
        return singles.at({dimension, dimension, value, value});
      };
      const double least = std::min(alone(key.first_dimension, key.first), alone(key.second_dimension, key.second));
      if (!key.is_pair() || micros(sums[slot]) < same * least) out[key] = std::move(by_period[slot]);
    });
    return out;
  }

  const BusinessLines& business_;
  std::vector<std::int32_t> places_;  ///< of each line its period, from the first whole one
  std::vector<IntegerSum> all_;
  std::vector<Large> large_;
  std::size_t slots_ = 0;
  double purchases_ = 0, lines_ = 0;
};

struct StepTest {
  double moved = 0, usual = 0, p_value = 1;
  std::size_t history = 0;
  bool beyond = false;
};

/// The last step of a series, as long as the others, against these.
StepTest test_step(const std::vector<double>& levels, std::size_t length, std::size_t after) {
  StepTest out{.moved = levels[after] - levels[after - length]};
  std::vector<double> steps;
  for (std::size_t at = length; at < after; ++at) steps.push_back(levels[at] - levels[at - length]);
  const double n = static_cast<double>(steps.size());
  double mean = 0, squares = 0, most = 0;
  for (const double one : steps) mean += one / n;
  for (const double one : steps) {
    squares += (one - mean) * (one - mean);
    most = std::max(most, std::abs(one - mean));
  }
  out.history = steps.size();
  const double spread = steps.size() > 1 ? std::sqrt(squares / (n - 1) * (1 + 1 / n)) : 0;
  if (!(spread > 0)) return out;
  out.p_value = mine::student_two_sided((out.moved - mean) / spread, n - 1);
  out.usual = mine::student_bound(interval, n - 1) * spread;
  out.beyond = std::abs(out.moved - mean) > most;
  return out;
}

double share_of(const IntegerSum& part, const IntegerSum& all) {
  return micros(all) > 0 ? std::max(micros(part), 0.0) / micros(all) : 0;
}

/// Jensen and Shannon's divergence of a share before and after, as Adtributor has it.
double surprise_of(double before, double after) {
  const auto term = [&](double one) { return one > 0 ? one * elementary::log(2 * one / (before + after)) : 0; };
  return (term(before) + term(after)) / 2;
}

class Judging {
 public:
  Judging(const BusinessLines& business, const Revenues& revenues, std::size_t before, std::size_t after)
      : business_(business), revenues_(revenues), before_(before), after_(after) {}

  CauseGroup judge(const Key& key, const std::vector<IntegerSum>& own) const {
    const std::vector<IntegerSum>& all = revenues_.all();
    const double half = revenues_.half_a_line();
    std::vector<double> levels;
    for (std::size_t i = 0; i < own.size(); ++i) {
      const double part = std::max(micros(own[i]), 0.0), rest = std::max(micros(all[i]) - micros(own[i]), 0.0);
      levels.push_back(elementary::log((part + half) / (rest + half)));
    }
    const StepTest test = test_step(levels, after_ - before_, after_);
    const double change = micros(all[after_]) - micros(all[before_]);
    const double own_change = micros(own[after_]) - micros(own[before_]);
    const double before = share_of(own[before_], all[before_]);
    CauseGroup out{.of = names(key),
                   .before = own[before_].micros_to_decimal().micros(),
                   .after = own[after_].micros_to_decimal().micros()};
    out.excess = own_change - before * change;
    out.power = change == 0 ? 0 : own_change / change;
    out.surprise = surprise_of(before, share_of(own[after_], all[after_]));
    out.moved = test.moved;
    out.usual = test.usual;
    out.p_value = test.p_value;
    out.beyond = test.beyond;
    return out;
  }

 private:
  std::vector<std::pair<std::string, std::string>> names(const Key& key) const {
    const auto name = [&](std::size_t dimension, std::uint32_t value) {
      return std::pair(business_.dimensions[dimension].name, business_.dimensions[dimension].values[value]);
    };
    if (!key.is_pair()) return {name(key.first_dimension, key.first)};
    return {name(key.first_dimension, key.first), name(key.second_dimension, key.second)};
  }

  const BusinessLines& business_;
  const Revenues& revenues_;
  std::size_t before_, after_;
};

/// Holm's: the i-th smallest of m times m - i, never falling.
void adjust(std::vector<CauseGroup>& groups) {
  std::vector<std::size_t> order(groups.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return groups[a].p_value < groups[b].p_value; });
  double least = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    least = std::max(least, std::min(1.0, groups[order[i]].p_value * static_cast<double>(order.size() - i)));
    groups[order[i]].adjusted = least;
  }
}

bool holds(const CauseGroup& pair, const CauseGroup& single) {
  return pair.of.size() == 2 && single.of.size() == 1 && (pair.of[0] == single.of[0] || pair.of[1] == single.of[0]);
}

/// A pair that makes most of a group's excess stands for it, else the group for its pairs: the fewest that explain.
void keep_fewest(std::vector<CauseGroup>& groups) {
  const auto stands_for = [](const CauseGroup& pair, const CauseGroup& single) {
    return holds(pair, single) && pair.excess * single.excess > 0 &&
           std::abs(pair.excess) >= explained * std::abs(single.excess);
  };
  std::vector<CauseGroup> kept;
  for (const CauseGroup& one : groups)
    if (std::none_of(groups.begin(), groups.end(), [&](const CauseGroup& pair) { return stands_for(pair, one); }))
      kept.push_back(one);
  std::vector<CauseGroup> out;
  for (const CauseGroup& one : kept)
    if (std::none_of(kept.begin(), kept.end(), [&](const CauseGroup& single) { return holds(one, single); }))
      out.push_back(one);
  groups = std::move(out);
}

}  // namespace

GroupFindings find_groups(const BusinessLines& business, PeriodKind period, const WholePeriods& whole,
                          std::int32_t before, std::int32_t after, const GroupOptions& options) {
  GroupFindings out;
  const auto from = static_cast<std::size_t>(before - whole.first), to = static_cast<std::size_t>(after - whole.first);
  Revenues revenues(business, period, whole);
  std::vector<double> totals;
  for (const IntegerSum& one : revenues.all())
    totals.push_back(elementary::log(std::max(micros(one), 0.0) + revenues.half_a_line()));
  const StepTest total = test_step(totals, to - from, to);
  out.total_moved = total.moved;
  if (total.history < options.least_history) return out;
  out.history = total.history;
  out.total_usual = total.usual;
  out.total_p = total.p_value;
  const Judging judging(business, revenues, from, to);
  std::vector<CauseGroup> groups;
  for (const auto& [key, own] : revenues.groups(from, to, options.least_share))
    groups.push_back(judging.judge(key, own));
  out.tested = groups.size();
  adjust(groups);
  const double change = micros(revenues.all()[to]) - micros(revenues.all()[from]);
  std::erase_if(groups, [&](const CauseGroup& one) {
    const double own = static_cast<double>(one.after - one.before);
    // One that moves with the whole drives it; one against it matters where it moved more than all together.
    const bool drives = one.excess * own > 0 && (own * change >= 0 || std::abs(own) > std::abs(change));
    return !(one.adjusted <= options.false_alarms && one.beyond && drives);
  });
  keep_fewest(groups);
  std::sort(groups.begin(), groups.end(), [](const CauseGroup& a, const CauseGroup& b) {
    const double first = std::abs(a.excess), second = std::abs(b.excess);
    return first != second ? first > second : a.of < b.of;
  });
  out.named = std::move(groups);
  return out;
}

}  // namespace emptor
