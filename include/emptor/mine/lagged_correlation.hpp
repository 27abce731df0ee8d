/// Which series moves some points before which other one: correlations of what is new in each, at lags, with control of
/// false discoveries over all pairs and lags. It is association: a third series may move both.
///
///     const LaggedCorrelations found = correlate_lags({first, second, third}, {.most_lag = 3});
///     for (const LaggedLink& one : found.links) use(one.leader, one.follower, one.lag, one.correlation);
///
/// Each series is first reduced to what its own past does not tell, by an autoregression (Yule and Walker, order by the
/// corrected criterion of Akaike), for correlations of series that hang together with themselves say nothing: Haugh,
/// JASA 71 (1976), 378; Box and Jenkins, Time Series Analysis (1976), chapter 11. Discoveries: Benjamini and Hochberg
/// (false_discovery.hpp).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "emptor/mine/judgement.hpp"

namespace emptor::mine {

struct LaggedOptions {
  std::size_t most_lag = 3;
  double false_discoveries = 0.05;  ///< share of the links told that may be chance
  friend bool operator==(const LaggedOptions&, const LaggedOptions&) noexcept = default;
};

struct LaggedLink {
  std::size_t leader = 0, follower = 0, lag = 0;
  double correlation = 0, p_value = 1, adjusted = 1;
};

struct LaggedCorrelations {
  std::vector<LaggedLink> links;  ///< the most certain first
  std::size_t tests = 0;
};

/// What a series' own past does not tell; as many numbers, the first ones being what the shortened past leaves.
std::vector<double> whiten(Numbers values);

/// Series of one length; what is seasonal or trends should be taken out before. Throws Code::invalid (fields "series",
/// "most_lag", "false_discoveries") for lengths that differ, numbers that are not finite, and fewer than
/// `most_lag` + 10 points. O(series^2 x lags x n).
LaggedCorrelations correlate_lags(std::span<const std::vector<double>> series, const LaggedOptions& options = {});

}  // namespace emptor::mine
