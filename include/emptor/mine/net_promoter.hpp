/// Net promoter score: the share of those who would recommend less the share of those who would not, with its interval.
///
///     const Interval score = net_promoter({.promoters = 46, .passives = 31, .detractors = 23});   // .23 and from
///     where
///
/// An answer counts +1, 0 or -1, so that the score is the mean of a trinomial: with shares p and d its variance is
/// (p + d - (p - d)^2) / n, which gives `standard_error`. The usual interval (score +- z errors) has no width where all
/// answers are of one class and leaves -1 ... 1; here it is the score interval, all values that a test with the
/// variance under that value does not refuse. It is that of a difference of paired proportions (Tango, Statistics in
/// Medicine 17 (1998), 891, eq. 6), which is the same trinomial.
#pragma once

#include <cstdint>

#include "emptor/mine/judgement.hpp"

namespace emptor::mine {

struct PromoterCounts {
  std::uint64_t promoters = 0, passives = 0, detractors = 0;

  std::uint64_t all() const noexcept { return promoters + passives + detractors; }
  friend bool operator==(const PromoterCounts&, const PromoterCounts&) noexcept = default;
};

/// From -1 to 1. Throws Code::invalid for no answers (field "answers") and a level outside (0, 1) (field "level").
Interval net_promoter(const PromoterCounts& counts, double level = 0.95);

/// Where the score of all who were asked lies, whatever those think who did not answer: from all of them being
/// detractors to all being promoters (Manski, J. Human Resources 24 (1989), 343). No chance is in it.
struct AnswerBounds {
  double lower = -1, upper = 1;
};
/// Throws Code::invalid where fewer were asked than answered (field "asked") and for nobody asked.
AnswerBounds bound_net_promoter(const PromoterCounts& counts, std::uint64_t asked);

}  // namespace emptor::mine
