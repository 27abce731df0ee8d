/// Whether a lifetime model suits its customers: what was expected beside what came, week by week, by number of
/// purchases, and in a stretch of time that the model had not seen.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "emptor/mine/correlation.hpp"
#include "insight/lifetime/fitted_lifetime.hpp"

namespace emptor {

/// Repeat purchases of all customers by periods that end on `until`, and what a model expects of them.
struct LifetimeTrack {
  Date until, fitted_until;  ///< the model knows nothing of what came after the latter
  int period_days = 7;
  std::vector<double> actual, expected;  ///< of each period, the first one first
};

/// Forecasts of a model that was fitted to what was known on a day, beside what came until the end.
struct LifetimeHoldOut {
  Date until;         ///< that day
  double length = 0;  ///< in units of time
  std::size_t customers = 0;
  mine::FitEnd end = mine::FitEnd::rounds;  ///< the figures below are there where it has an estimate
  mine::ForecastErrors model, own_rate, mean_rate;
  struct Group {
    double frequency = 0;  ///< repeat purchases by that day; the last group has so many or more
    std::size_t customers = 0;
    double expected = 0, actual = 0;  ///< sums
  };
  std::vector<Group> groups;
};

/// Whether who buys often spends more at a purchase, which the models take not to be so.
struct SpendIndependence {
  std::uint64_t customers = 0;
  double correlation = 0, rank_correlation = 0;  ///< Pearson's and Spearman's; NaN where one of both does not vary
  mine::CorrelationInterval of_correlation, of_ranks;
};

struct LifetimeChecks {
  std::optional<LifetimeHoldOut> hold_out;
  std::optional<LifetimeTrack> track;
  std::optional<mine::CountFit> counts;  ///< nothing where covariates tell more than 5,000 groups apart
  SpendIndependence independence;
};

/// How long the hold-out is, in units of time; without it a third of the time that is known, at most `most`.
struct HoldOutLength {
  std::optional<double> units;
  double most = 0;
};

/// Requires a model with an estimate. Fits once more, to what was known before the hold-out.
LifetimeChecks check_lifetimes(const CustomerLines& lines, const LifetimeRows& rows,
                               const LifetimeCovariates& covariates, const FittedLifetime& model,
                               const HoldOutLength& hold_out, const mine::Run& run);

boost::json::object checks_json(const LifetimeChecks& checks);
/// The track out of the state of a model as it was kept (an object with "diagnostics"); nothing where there is none.
std::optional<LifetimeTrack> track_of_state(std::string_view state);

}  // namespace emptor
