#include "mine/lifetime_kernels.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/lifetime_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "mine/vector_powers-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace emptor::mine::HWY_NAMESPACE {
namespace {

constexpr hn::CappedTag<double, lifetime_lanes> reals;
using Reals = hn::Vec<decltype(reals)>;

Reals set(double value) { return hn::Set(reals, value); }

std::size_t padded(std::size_t rows) { return (rows + lifetime_lanes - 1) / lifetime_lanes * lifetime_lanes; }

/// Which of alpha and beta is the smaller, and the powers that belong to each.
struct Sides {
  explicit Sides(const LifetimeParameters& p)
      : alpha_least(p.alpha < p.beta), least(std::min(p.alpha, p.beta)), gap(std::max(p.alpha, p.beta) - least) {}
  bool alpha_least;
  double least, gap;
};

/// The range of each row's integral, and how much the logarithm of what is integrated falls from end to end.
void ranges(const LifetimeParameters& p, LifetimeTile& tile) {
  const Sides sides(p);
  const Reals least = set(sides.least), most = set(sides.least + sides.gap), r = set(p.r), s = set(p.s);
  for (std::size_t at = 0; at < padded(tile.rows); at += hn::Lanes(reals)) {
    const Reals tx = hn::Load(reals, tile.tx + at), age = hn::Load(reals, tile.age + at);
    const Reals m = hn::Add(r, hn::Load(reals, tile.x + at));
    const Reals length = quick_log1p(reals, hn::Div(hn::Sub(age, tx), hn::Add(least, tx)));
    const Reals other = quick_log(reals, hn::Div(hn::Add(most, age), hn::Add(most, tx)));
    Reals now = hn::Zero(reals), then = hn::Add(hn::Mul(s, length), hn::Mul(m, other));
    if (sides.alpha_least) {
      now = quick_log(reals, hn::Div(hn::Add(least, age), hn::Add(most, age)));
      then = hn::Add(quick_log(reals, hn::Div(hn::Add(least, tx), hn::Add(most, tx))),
                     hn::Add(hn::Mul(m, length), hn::Mul(s, other)));
    }
    hn::Store(length, reals, tile.length + at);
    hn::Store(hn::Max(now, then), reals, tile.high + at);
    hn::Store(hn::Sub(then, now), reals, tile.fall + at);
  }
}

/// What is integrated at each node of a panel a lane: the mass, log((alpha + T) / (alpha + t)), 1 / (alpha + t), and
/// the same of beta.
struct Nodes {
  static constexpr std::size_t size = most_nodes * lifetime_lanes;
  alignas(64) double mass[size];
  alignas(64) double of[4][size];
};

/// One panel a lane: age, x, the highest logarithm, where it begins, and its length.
template <bool derivatives>
void fill_nodes(const LifetimeParameters& p, const Quadrature& rule, const double* lanes, Nodes& nodes) {
  const Sides sides(p);
  const Reals gap = set(sides.gap), s = set(p.s), one = set(1.0);
  const std::size_t near_at = sides.alpha_least ? 0 : 2, far_at = 2 - near_at;
  for (std::size_t node = 0; node < rule.at.size(); ++node) {
    for (std::size_t at = 0; at < lifetime_lanes; at += hn::Lanes(reals)) {
      const auto lane = [&](std::size_t k) { return hn::Load(reals, lanes + k * lifetime_lanes + at); };
      const std::size_t to = node * lifetime_lanes + at;
      const Reals m = hn::Add(set(p.r), lane(1)), near = hn::Add(set(sides.least), lane(0));
      const Reals back = hn::Add(lane(3), hn::Mul(lane(4), set(rule.at[node])));
      const Reals close = hn::Mul(near, quick_exp(reals, hn::Neg(back))), wide = hn::Add(gap, close);
      const Reals other = quick_log(reals, hn::Div(hn::Add(gap, near), wide));
      const Reals power = sides.alpha_least ? hn::Add(hn::Mul(m, back), hn::Mul(s, other))
                                            : hn::Add(hn::Mul(s, back), hn::Mul(m, other));
      Reals mass = hn::Mul(quick_exp(reals, hn::Sub(power, lane(2))), set(rule.weight[node]));
      if (sides.alpha_least) mass = hn::Mul(mass, hn::Div(close, wide));
      hn::Store(mass, reals, nodes.mass + to);
      if constexpr (derivatives) {
        hn::Store(back, reals, nodes.of[near_at] + to);
        hn::Store(hn::Div(one, close), reals, nodes.of[near_at + 1] + to);
        hn::Store(other, reals, nodes.of[far_at] + to);
        hn::Store(hn::Div(one, wide), reals, nodes.of[far_at + 1] + to);
      }
    }
  }
}

/// The moments of each panel.
template <bool derivatives>
void panels(const LifetimeParameters& p, const Quadrature& rule, const double* lanes, double* out) {
  Nodes nodes;
  fill_nodes<derivatives>(p, rule, lanes, nodes);
  for (std::size_t at = 0; at < lifetime_lanes; at += hn::Lanes(reals)) {
    Reals moments[lifetime_moments];
    for (Reals& moment : moments) moment = hn::Zero(reals);
    for (std::size_t to = at; to < rule.at.size() * lifetime_lanes; to += lifetime_lanes) {
      const Reals mass = hn::Load(reals, nodes.mass + to);
      moments[0] = hn::Add(moments[0], mass);
      if constexpr (derivatives) {
        const Reals f[4] = {hn::Load(reals, nodes.of[0] + to), hn::Load(reals, nodes.of[1] + to),
                            hn::Load(reals, nodes.of[2] + to), hn::Load(reals, nodes.of[3] + to)};
        std::size_t k = 5;
        for (std::size_t i = 0; i < 4; ++i) {
          const Reals first = hn::Mul(mass, f[i]);
          moments[1 + i] = hn::Add(moments[1 + i], first);
          for (std::size_t j = 0; j <= i; ++j, ++k) moments[k] = hn::Add(moments[k], hn::Mul(first, f[j]));
        }
      }
    }
    const Reals length = hn::Load(reals, lanes + 4 * lifetime_lanes + at);
    for (std::size_t k = 0; k < (derivatives ? lifetime_moments : 1); ++k) {
      hn::Store(hn::Mul(moments[k], length), reals, out + k * lifetime_lanes + at);
    }
  }
}

void all_panels(const LifetimeParameters& p, const Quadrature& rule, const double* rows, double* out) {
  panels<true>(p, rule, rows, out);
}
void value_panels(const LifetimeParameters& p, const Quadrature& rule, const double* rows, double* out) {
  panels<false>(p, rule, rows, out);
}

/// Log of the odds of having left, where that takes no integral.
Reals closed_odds(const LifetimeParameters& p, Reals x, Reals m, Reals ratio) {
  const Reals never = set(-1e300);
  if (p.leaving == Leaving::never) return never;
  const bool first_too = p.leaving == Leaving::at_first_too;
  const auto can = first_too ? hn::Ge(x, hn::Zero(reals)) : hn::Gt(x, hn::Zero(reals));
  const Reals against = hn::Add(set(p.beta), hn::Sub(x, set(first_too ? 0.0 : 1.0)));
  const Reals odds = quick_log(reals, hn::Div(set(p.s), hn::IfThenElse(can, against, set(1.0))));
  return hn::IfThenElse(can, hn::Add(odds, hn::Mul(m, ratio)), never);
}

void values(const LifetimeParameters& p, LifetimeTile& tile) {
  const Reals alpha = set(p.alpha), beta = set(p.beta), r = set(p.r), s = set(p.s);
  for (std::size_t at = 0; at < padded(tile.rows); at += hn::Lanes(reals)) {
    const Reals x = hn::Load(reals, tile.x + at), age = hn::Load(reals, tile.age + at);
    const Reals until = hn::Add(alpha, age);
    Reals value = hn::Add(hn::Mul(r, quick_log1p(reals, hn::Div(age, alpha))), hn::Mul(x, quick_log(reals, until)));
    Reals odds;
    if (p.leaving == Leaving::any_time) {
      value = hn::Add(value, hn::Mul(s, quick_log1p(reals, hn::Div(age, beta))));
      const Reals mass = hn::Load(reals, tile.moments[0] + at);
      odds = hn::Add(hn::Add(quick_log(reals, s), hn::Load(reals, tile.high + at)), quick_log(reals, mass));
      odds = hn::IfThenElse(hn::Gt(mass, hn::Zero(reals)), odds, set(-1e300));
    } else {
      const Reals ratio = quick_log(reals, hn::Div(until, hn::Add(alpha, hn::Load(reals, tile.tx + at))));
      odds = closed_odds(p, x, hn::Add(r, x), ratio);
    }
    const Reals grown = hn::Add(set(1.0), quick_exp(reals, odds));
    const Reals likelier = hn::IfThenElse(hn::Gt(odds, set(40.0)), odds, quick_log(reals, grown));
    hn::Store(odds, reals, tile.log_odds + at);
    hn::Store(hn::Div(set(1.0), grown), reals, tile.stays + at);
    hn::Store(hn::Sub(likelier, value), reals, tile.value + at);
  }
}

/// Adds weight x values to the lanes that the rows from `at` on belong to.
struct Lanes {
  LifetimeLanes& into;
  std::size_t lane;
  Reals weight;
  void add(std::size_t k, Reals value) const {
    double* sum = into.sum[k] + lane;
    hn::Store(hn::Add(hn::Load(reals, sum), hn::Mul(weight, value)), reals, sum);
  }
};

struct Odds {
  Odds(const LifetimeTile& tile, std::size_t at) : stays(hn::Load(reals, tile.stays + at)) {
    // Where hardly anybody has left, 1 - stays has lost its digits.
    const Reals log_odds = hn::Load(reals, tile.log_odds + at);
    const Reals odds = hn::IfThenElseZero(hn::Gt(log_odds, set(-1e299)), quick_exp(reals, log_odds));
    left = hn::Mul(odds, stays);
  }
  Reals stays, left;
};

/// BG/NBD, MBG/NBD and NBD: two times of leaving at most.
void closed_sums(const LifetimeParameters& p, const LifetimeTile& tile, LifetimeLanes& into) {
  const Reals alpha = set(p.alpha), r = set(p.r), zero = hn::Zero(reals), one = set(1.0);
  const bool leaves = p.leaving != Leaving::never;
  for (std::size_t at = 0; at < padded(tile.rows); at += hn::Lanes(reals)) {
    const Lanes lanes{into, at % lifetime_lanes, hn::Load(reals, tile.weight + at)};
    const Reals x = hn::Load(reals, tile.x + at), age = hn::Load(reals, tile.age + at);
    const Reals m = hn::Add(r, x), until = hn::Add(alpha, age), last = hn::Add(alpha, hn::Load(reals, tile.tx + at));
    const Reals ratio = quick_log(reals, hn::Div(until, last));
    const Odds odds(tile, at);
    const Reals f_stays = hn::Div(one, until), f_left = hn::Div(one, last);
    const Reals mean = hn::Add(hn::Mul(odds.stays, f_stays), hn::Mul(odds.left, f_left));
    const Reals mean_square =
        hn::Add(hn::Mul(odds.stays, hn::Mul(f_stays, f_stays)), hn::Mul(odds.left, hn::Mul(f_left, f_left)));
    const Reals apart = hn::Mul(odds.stays, odds.left), over_alpha = set(1 / p.alpha);
    const Reals by_alpha = hn::Mul(m, hn::Sub(f_stays, f_left));  // what leaving earlier adds to the derivative
    lanes.add(0, hn::Load(reals, tile.value + at));
    lanes.add(1, hn::Sub(hn::Mul(odds.left, ratio), quick_log(reals, hn::Add(one, hn::Div(age, alpha)))));
    lanes.add(2, hn::Sub(hn::Mul(r, over_alpha), hn::Mul(m, mean)));
    lanes.add(5, hn::Mul(apart, hn::Mul(ratio, ratio)));
    lanes.add(6, hn::Add(hn::Mul(apart, hn::Mul(by_alpha, ratio)), hn::Sub(over_alpha, mean)));
    lanes.add(7, hn::Add(hn::Mul(apart, hn::Mul(by_alpha, by_alpha)),
                         hn::Sub(hn::Mul(m, mean_square), hn::Mul(r, hn::Mul(over_alpha, over_alpha)))));
    if (!leaves) continue;
    const bool first_too = p.leaving == Leaving::at_first_too;
    const Reals against = hn::Add(set(p.beta), hn::Sub(x, set(first_too ? 0.0 : 1.0)));
    const Reals by_a = set(1 / p.s);
    const Reals by_b = hn::IfThenElse(hn::Gt(against, zero), hn::Div(set(-1.0), against), zero);
    const Reals own = hn::Mul(odds.left, odds.left);  // left - left x stays
    lanes.add(3, hn::Mul(odds.left, by_a));
    lanes.add(4, hn::Mul(odds.left, by_b));
    lanes.add(8, hn::Mul(apart, hn::Mul(by_a, ratio)));
    lanes.add(9, hn::Mul(apart, hn::Mul(by_a, by_alpha)));
    lanes.add(10, hn::Neg(hn::Mul(own, hn::Mul(by_a, by_a))));
    lanes.add(11, hn::Mul(apart, hn::Mul(by_b, ratio)));
    lanes.add(12, hn::Mul(apart, hn::Mul(by_b, by_alpha)));
    lanes.add(13, hn::Mul(apart, hn::Mul(by_b, by_a)));
    lanes.add(14, hn::Mul(hn::Add(odds.left, apart), hn::Mul(by_b, by_b)));
  }
}

/// Pareto/NBD: means over the time of leaving.
void integral_sums(const LifetimeParameters& p, const LifetimeTile& tile, LifetimeLanes& into) {
  const Reals alpha = set(p.alpha), beta = set(p.beta), r = set(p.r), s = set(p.s), one = set(1.0);
  const Reals over_alpha = set(1 / p.alpha), over_beta = set(1 / p.beta), over_s = set(1 / p.s);
  for (std::size_t at = 0; at < padded(tile.rows); at += hn::Lanes(reals)) {
    const Lanes lanes{into, at % lifetime_lanes, hn::Load(reals, tile.weight + at)};
    const Reals age = hn::Load(reals, tile.age + at), m = hn::Add(r, hn::Load(reals, tile.x + at));
    const Odds odds(tile, at);
    const Reals mass = hn::Load(reals, tile.moments[0] + at);
    const Reals share =
        hn::IfThenElse(hn::Gt(mass, hn::Zero(reals)), hn::Div(odds.left, mass), hn::Zero(reals));  // of a moment
    Reals e[lifetime_moments];
    for (std::size_t k = 1; k < lifetime_moments; ++k) e[k] = hn::Mul(share, hn::Load(reals, tile.moments[k] + at));
    const Reals a = hn::Div(one, hn::Add(alpha, age)), b = hn::Div(one, hn::Add(beta, age));
    const Reals n = hn::Add(s, one);
    // Mean derivatives beside those of the leading terms: by r, alpha, s, beta. Who stays has a and b, and s for s + 1.
    const Reals g[4] = {e[1], hn::Neg(hn::Mul(m, hn::Add(e[2], hn::Mul(odds.stays, a)))),
                        hn::Add(e[3], hn::Mul(odds.left, over_s)),
                        hn::Neg(hn::Add(hn::Mul(n, e[4]), hn::Mul(odds.stays, hn::Mul(s, b))))};
    lanes.add(0, hn::Load(reals, tile.value + at));
    lanes.add(1, hn::Sub(g[0], quick_log1p(reals, hn::Div(age, alpha))));
    lanes.add(2, hn::Add(g[1], hn::Mul(r, over_alpha)));
    lanes.add(3, hn::Sub(g[2], quick_log1p(reals, hn::Div(age, beta))));
    lanes.add(4, hn::Add(g[3], hn::Mul(s, over_beta)));
    const Reals rr = e[5], ra = hn::Neg(hn::Mul(m, e[6])), aa = hn::Add(e[7], hn::Mul(odds.stays, hn::Mul(a, a)));
    const Reals sr = hn::Add(e[8], hn::Mul(over_s, e[1]));
    const Reals sa = hn::Neg(hn::Mul(m, hn::Add(e[9], hn::Mul(over_s, e[2]))));
    const Reals ss = hn::Add(e[10], hn::Mul(hn::Add(over_s, over_s), e[3]));
    const Reals br = hn::Neg(hn::Mul(n, e[11]));
    const Reals bs = hn::Neg(hn::Mul(n, hn::Add(e[13], hn::Mul(over_s, e[4]))));
    const Reals stays_b = hn::Mul(odds.stays, hn::Mul(s, b));
    const Reals ba = hn::Mul(m, hn::Add(hn::Mul(n, e[12]), hn::Mul(stays_b, a)));
    const Reals bb = hn::Add(hn::Mul(hn::Mul(n, n), e[14]), hn::Mul(stays_b, hn::Mul(s, b)));
    lanes.add(5, hn::Sub(rr, hn::Mul(g[0], g[0])));
    lanes.add(6, hn::Sub(hn::Add(hn::Sub(ra, hn::Mul(g[0], g[1])), over_alpha), hn::Add(e[2], hn::Mul(odds.stays, a))));
    lanes.add(7, hn::Sub(hn::Add(hn::Mul(hn::Mul(m, hn::Add(m, one)), aa), hn::Neg(hn::Mul(g[1], g[1]))),
                         hn::Mul(r, hn::Mul(over_alpha, over_alpha))));
    lanes.add(8, hn::Sub(sr, hn::Mul(g[2], g[0])));
    lanes.add(9, hn::Sub(sa, hn::Mul(g[2], g[1])));
    lanes.add(10, hn::Sub(ss, hn::Mul(g[2], g[2])));
    lanes.add(11, hn::Sub(br, hn::Mul(g[3], g[0])));
    lanes.add(12, hn::Sub(ba, hn::Mul(g[3], g[1])));
    lanes.add(13, hn::Sub(hn::Add(hn::Sub(bs, hn::Mul(g[3], g[2])), over_beta), hn::Add(e[4], hn::Mul(odds.stays, b))));
    lanes.add(14, hn::Sub(hn::Add(hn::Sub(bb, hn::Mul(g[3], g[3])), hn::Add(hn::Mul(n, e[14]), hn::Mul(stays_b, b))),
                          hn::Mul(s, hn::Mul(over_beta, over_beta))));
  }
}

}  // namespace
}  // namespace emptor::mine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace emptor::mine {
namespace {

HWY_EXPORT(ranges);
HWY_EXPORT(all_panels);
HWY_EXPORT(value_panels);
HWY_EXPORT(values);
HWY_EXPORT(closed_sums);
HWY_EXPORT(integral_sums);

}  // namespace

void lifetime_ranges(const LifetimeParameters& p, LifetimeTile& tile) { HWY_DYNAMIC_DISPATCH(ranges)(p, tile); }

void lifetime_panels(const LifetimeParameters& p, const Quadrature& rule, bool derivatives, const double* lanes,
                     double* out) {
  if (derivatives) {
    HWY_DYNAMIC_DISPATCH(all_panels)(p, rule, lanes, out);
  } else {
    HWY_DYNAMIC_DISPATCH(value_panels)(p, rule, lanes, out);
  }
}

void lifetime_values(const LifetimeParameters& p, LifetimeTile& tile) { HWY_DYNAMIC_DISPATCH(values)(p, tile); }

void lifetime_sums(const LifetimeParameters& p, const LifetimeTile& tile, LifetimeLanes& into) {
  if (p.leaving == Leaving::any_time) {
    HWY_DYNAMIC_DISPATCH(integral_sums)(p, tile, into);
  } else {
    HWY_DYNAMIC_DISPATCH(closed_sums)(p, tile, into);
  }
}

}  // namespace emptor::mine
#endif
