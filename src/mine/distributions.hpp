/// Tails and quantiles of the distributions that tests of significance need, the same bits on every machine: built on
/// core's exp and log alone. Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 6.1, 6.5, 26.5;
/// continued fractions by the method of Lentz (1976).
#pragma once

namespace emptor::mine {

/// log Gamma(x) for x > 0, to 1e-14 of max(1, |value|).
double log_gamma(double x) noexcept;
/// The upper incomplete gamma function over Gamma(a): a > 0, x >= 0.
double upper_gamma(double a, double x) noexcept;
/// The incomplete beta function I_x(a, b): a, b > 0, 0 <= x <= 1.
double incomplete_beta(double a, double b, double x) noexcept;

/// The beta distribution at many places: what does not depend on the place is taken once.
class BetaDistribution {
 public:
  /// a, b > 0.
  BetaDistribution(double a, double b) noexcept;
  /// I_x(a, b) for 0 < x < 1, rest = 1 - x.
  double below(double x, double rest) const noexcept;
  /// Its derivative by log(x / rest).
  double slope(double x, double rest) const noexcept;

 private:
  double a_, b_, log_factor_;
};

/// P(|Z| > |z|) of the standard normal.
double normal_two_sided(double z) noexcept;
/// P(|T| > |t|) of Student's t.
double student_two_sided(double t, double degrees) noexcept;
/// P(X > x) of chi-squared.
double chi_square_above(double x, double degrees) noexcept;
/// z with P(|Z| <= z) = level, 0 < level < 1.
double normal_bound(double level) noexcept;
/// The same of Student's t.
double student_bound(double level, double degrees) noexcept;

/// x with P(X <= x) = chance, 0 < chance < 1: of Gamma(a), and of x / (1 - x) where x is Beta(a, b) (at least e^-36, at
/// most e^36).
double gamma_quantile(double a, double chance) noexcept;
double beta_odds_quantile(double a, double b, double chance) noexcept;

}  // namespace emptor::mine
