#include "emptor/mine/profit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mine/distributions.hpp"
#include "mine/ranked_scores.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void check_terms(const OfferTerms& terms) {
  if (!(terms.cost >= 0 && std::isfinite(terms.cost))) refuse_input("a cost is negative or not finite", "cost");
  if (!(terms.contact >= 0 && std::isfinite(terms.contact)))
    refuse_input("a cost is negative or not finite", "contact");
  if (!(terms.value > terms.cost && std::isfinite(terms.value)))
    refuse_input("the offer costs no less than it could bring", "value", "give a value above the cost");
  if (!(terms.success > 0 && terms.success < 1)) refuse_input("a chance of success lies between 0 and 1", "success");
  if (!(terms.certainty > 0 && std::isfinite(terms.certainty))) refuse_input("a certainty is not above 0", "certainty");
}

/// How much weight of each class is made the offer.
struct Taken {
  double ones = 0, zeros = 0;
};

double profit_of(const Taken& taken, const OfferTerms& terms, double success) {
  return taken.ones * (success * (terms.value - terms.cost) - terms.contact) -
         taken.zeros * (terms.cost + terms.contact);
}

ProfitChoice choice_of(const Taken& taken, double threshold, const RankedScores& ranked, const OfferTerms& terms) {
  const double all = ranked.ones + ranked.zeros;
  return {threshold, (taken.ones + taken.zeros) / all, profit_of(taken, terms, terms.success) / all};
}

/// The corners of the upper convex hull of (zeros, ones), from nobody to everybody.
std::vector<Taken> hull_of(const RankedScores& ranked) {
  std::vector<Taken> hull{{0, 0}};
  Taken now;
  const auto bends_up = [](const Taken& a, const Taken& b, const Taken& c) {
    return (b.ones - a.ones) * (c.zeros - b.zeros) <= (c.ones - b.ones) * (b.zeros - a.zeros);
  };
  for (const ScoreStep& step : ranked.steps) {
    now.ones += step.ones;
    now.zeros += step.zeros;
    while (hull.size() > 1 && bends_up(hull[hull.size() - 2], hull.back(), now)) hull.pop_back();
    hull.push_back(now);
  }
  return hull;
}

/// The success from which it is worth to go on from one corner to the next.
double turning_point(const Taken& from, const Taken& to, const OfferTerms& terms) {
  const double ones = to.ones - from.ones, zeros = to.zeros - from.zeros;
  if (!(ones > 0)) return infinity;
  return (terms.contact + zeros / ones * (terms.cost + terms.contact)) / (terms.value - terms.cost);
}

}  // namespace

double paying_chance(const OfferTerms& terms) {
  check_terms(terms);
  const double gained = terms.success * (terms.value - terms.cost) + terms.cost, spent = terms.cost + terms.contact;
  return spent <= gained ? spent / gained : infinity;
}

ProfitChoice profit_at(Numbers y, Numbers scores, double threshold, const OfferTerms& terms, Numbers weights) {
  check_terms(terms);
  const RankedScores ranked = rank_scores(y, scores, weights, false);
  Taken taken;
  for (const ScoreStep& step : ranked.steps) {
    if (!(step.score >= threshold)) break;
    taken.ones += step.ones;
    taken.zeros += step.zeros;
  }
  return choice_of(taken, threshold, ranked, terms);
}

ProfitChoice most_profitable(Numbers y, Numbers scores, const OfferTerms& terms, Numbers weights) {
  check_terms(terms);
  const RankedScores ranked = rank_scores(y, scores, weights, false);
  ProfitChoice best{infinity, 0, 0};
  Taken taken;
  for (const ScoreStep& step : ranked.steps) {
    taken.ones += step.ones;
    taken.zeros += step.zeros;
    const ProfitChoice here = choice_of(taken, step.score, ranked, terms);
    if (here.profit > best.profit) best = here;
  }
  return best;
}

std::vector<ProfitChoice> profit_curve(Numbers y, Numbers scores, const OfferTerms& terms, std::size_t steps,
                                       Numbers weights) {
  check_terms(terms);
  const RankedScores ranked = rank_scores(y, scores, weights, true);
  const double all = ranked.ones + ranked.zeros;
  std::vector<ProfitChoice> curve;
  for (const LiftStep& step : lift(y, scores, steps, weights)) {
    const double ones = step.captured * ranked.ones;
    curve.push_back(choice_of({ones, std::max(step.share * all - ones, 0.0)}, step.threshold, ranked, terms));
  }
  return curve;
}

ExpectedProfit expected_maximum_profit(Numbers y, Numbers scores, const OfferTerms& terms, Numbers weights) {
  check_terms(terms);
  const RankedScores ranked = rank_scores(y, scores, weights, true);
  const std::vector<Taken> hull = hull_of(ranked);
  const double a = terms.success * terms.certainty, b = terms.certainty - a, all = ranked.ones + ranked.zeros;
  ExpectedProfit expected;
  double from = 0;
  for (std::size_t i = 0; i < hull.size() && from < 1; ++i) {
    const double turn = i + 1 < hull.size() ? turning_point(hull[i], hull[i + 1], terms) : infinity;
    const double to = std::clamp(turn, from, 1.0);
    // Of success ~ Beta(a, b): how likely it is to be between both, and its mean times that.
    const double likely = incomplete_beta(a, b, to) - incomplete_beta(a, b, from);
    const double mean = terms.success * (incomplete_beta(a + 1, b, to) - incomplete_beta(a + 1, b, from));
    const Taken& taken = hull[i];
    expected.profit += (taken.ones * (terms.value - terms.cost) * mean -
                        likely * (taken.ones * terms.contact + taken.zeros * (terms.cost + terms.contact))) /
                       all;
    expected.share += likely * (taken.ones + taken.zeros) / all;
    from = to;
  }
  return expected;
}

}  // namespace emptor::mine
