#include "emptor/mine/net_promoter.hpp"

#include <algorithm>
#include <cmath>

#include "mine/distributions.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

/// The likeliest share of detractors if the score were `score` (Tango's q21).
double share_under(double promoters, double detractors, double all, double score) {
  const double a = 2 * all, b = (2 * all - promoters + detractors) * score - promoters - detractors;
  const double c = -detractors * score * (1 - score);
  const double root = std::sqrt(std::max(b * b - 4 * a * c, 0.0));
  return std::clamp((root - b) / (2 * a), std::max(0.0, -score), std::min(1.0, (1 - score) / 2));
}

/// Of the counts against a score, in standard errors under that score.
double distance(const PromoterCounts& counts, double score) {
  const auto promoters = static_cast<double>(counts.promoters), detractors = static_cast<double>(counts.detractors);
  const auto all = static_cast<double>(counts.all());
  const double share = share_under(promoters, detractors, all, score);
  const double variance = all * std::max(2 * share + score * (1 - score), 0.0);
  const double difference = promoters - detractors - all * score;
  if (variance > 0) return difference / std::sqrt(variance);
  return difference == 0 ? 0 : std::copysign(1e9, difference);
}

/// Between a score that the test allows and one that is as far out as can be.
double border(const PromoterCounts& counts, double allowed, double outside, double z) {
  if (std::abs(distance(counts, outside)) <= z) return outside;
  for (int step = 0; step < 60; ++step) {
    const double middle = (allowed + outside) / 2;
    (std::abs(distance(counts, middle)) <= z ? allowed : outside) = middle;
  }
  return (allowed + outside) / 2;
}

}  // namespace

Interval net_promoter(const PromoterCounts& counts, double level) {
  if (counts.all() == 0) refuse_input("there are no answers", "answers");
  if (!(level > 0 && level < 1)) refuse_input("a level lies between 0 and 1", "level");
  const auto all = static_cast<double>(counts.all());
  const double p = static_cast<double>(counts.promoters) / all, d = static_cast<double>(counts.detractors) / all;
  const double score = p - d, z = normal_bound(level);
  return {score, border(counts, score, -1, z), border(counts, score, 1, z),
          std::sqrt(std::max(p + d - score * score, 0.0) / all)};
}

AnswerBounds bound_net_promoter(const PromoterCounts& counts, std::uint64_t asked) {
  if (asked == 0 || asked < counts.all()) refuse_input("fewer were asked than answered", "asked");
  const auto all = static_cast<double>(asked), silent = static_cast<double>(asked - counts.all());
  const double known = static_cast<double>(counts.promoters) - static_cast<double>(counts.detractors);
  return {(known - silent) / all, (known + silent) / all};
}

}  // namespace emptor::mine
