/// How sure a forecast of purchases is. Two kinds of interval that answer different questions:
///
///     expected_interval(model, rows, 39, .95, low, high);   // confidence: where the expected number lies
///     purchase_interval(model, rows, 39, .95, low, high);   // prediction: how many purchases one customer may make
///
/// Confidence: the parameters are known up to the error of their fit; with more customers it shrinks to nothing (delta
/// method on the logarithm; Oehlert, The American Statistician 46, 1992). Prediction: even with known parameters the
/// number of purchases is random; it never shrinks (quantiles of the distribution of the count, which mixes over the
/// customer's own rate and leaving; whole numbers).
#pragma once

#include "emptor/mine/lifetime_covariates.hpp"

namespace emptor::mine {

/// Of the expected purchases in (T, T + until]. Throws as expected_purchases, Code::misuse where the model holds no
/// covariance, Code::invalid for a level outside (0, .9999].
void expected_interval(const LifetimeModel& model, const Purchases& rows, double until, double level,
                       std::span<double> lower, std::span<double> upper, const Run& run = {});
void expected_interval(const CovariateLifetimeModel& model, const CovariateRows& rows, double until, double level,
                       std::span<double> lower, std::span<double> upper, const Run& run = {});

/// The chance that the customer of each row makes n purchases in (T, T + until].
void purchase_chances(const LifetimeModel& model, const Purchases& rows, double until, std::uint64_t n,
                      std::span<double> out, const Run& run = {});
/// The smallest numbers of purchases with at least (1 - level) / 2 and (1 + level) / 2 of the chance at or below them.
/// A row costs about 5 us (Pareto/NBD: 50) for each number up to the upper one.
void purchase_interval(const LifetimeModel& model, const Purchases& rows, double until, double level,
                       std::span<double> lower, std::span<double> upper, const Run& run = {});
void purchase_interval(const CovariateLifetimeModel& model, const CovariateRows& rows, double until, double level,
                       std::span<double> lower, std::span<double> upper, const Run& run = {});

}  // namespace emptor::mine
