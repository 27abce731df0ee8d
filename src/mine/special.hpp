/// Special functions of the models of customer lifetimes, the same bits on every machine: built on core's exp and log.
///
/// Differences of log Gamma and log Beta are taken as one: the plain differences lose every digit where a and b are
/// large, and invent likelihoods there. Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964),
/// 6.1.15, 6.1.41, 6.3.5, 6.3.18, 6.4.6, 6.4.12; log1p and expm1: Kahan, in Goldberg, ACM Comput. Surv. 23 (1991).
#pragma once

namespace emptor::mine::special {

/// log(1 + x) for x > -1, and e^x - 1, to a few units in the last place also near 0.
double log1p(double x) noexcept;
double expm1(double x) noexcept;
/// log(1 + e^x).
double softplus(double x) noexcept;
/// log(e^a + e^b); either may be -infinity.
double log_add(double a, double b) noexcept;

// For a > 0, b > 0, k >= 0, whole or not:
double digamma(double a) noexcept;
double trigamma(double a) noexcept;
/// log Gamma(a + k) - log Gamma(a).
double log_rising(double a, double k) noexcept;
/// digamma(a + k) - digamma(a), and the same of trigamma.
double digamma_rise(double a, double k) noexcept;
double trigamma_rise(double a, double k) noexcept;
/// log B(a, b).
double log_beta(double a, double b) noexcept;
/// log (B(a, b + k) / B(a, b)), which is never above 0.
double log_beta_ratio(double a, double b, double k) noexcept;
/// log of the chance that a negative binomial count with shape m and success z / (1 + z) a trial is n, z > 0 (for
/// z = t / alpha: of n purchases by time t).
double log_negative_binomial(double m, double z, double n) noexcept;

}  // namespace emptor::mine::special
