/// Rates: shares of counts, and how much larger one is than another, each with its interval.
///
///     const RateInterval stayed = share_interval(30, 120);            // .25 and its 95 % interval
///     const RateInterval lift = ratio_interval(40, 100, 50, 500);     // four times as frequent, and from where to
///     where
///
/// Sources: Wilson, JASA 22 (1927); Katz and others, Biometrics 34 (1978), with half a row added to every count, so
/// that there is an interval where nobody was counted: Pettigrew, Gart and Thomas, Biometrika 73 (1986); Garwood,
/// Biometrika 28 (1936).
#pragma once

namespace emptor::mine {

struct RateInterval {
  double value = 0, lower = 0, upper = 0;
  friend bool operator==(const RateInterval&, const RateInterval&) noexcept = default;
};

/// Wilson's score interval of part / all. Throws Code::invalid for all <= 0, a part outside 0 ... all (field "part"),
/// and a level outside (0, 1) (field "level").
RateInterval share_interval(double part, double all, double level = 0.95);

/// (first / of_first) / (second / of_second), both counts and both totals half a row larger. Throws as share_interval.
RateInterval ratio_interval(double first, double of_first, double second, double of_second, double level = 0.95);

/// Events over an exposure that they may exceed (complaints an order): the count is Poisson's, its interval the exact
/// one. Throws Code::invalid for an exposure that is not above 0 (field "exposure"), a negative count (field "events")
/// and a level outside (0, 1).
RateInterval event_rate(double events, double exposure, double level = 0.95);

}  // namespace emptor::mine
