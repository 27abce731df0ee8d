/// Buyers without a contract: how often they buy, whether they are still customers, and what they will buy.
///
///     const LifetimeModel model = fit_lifetime({frequency, recency, age}, {.kind = LifetimeKind::bg_nbd});
///     std::vector<double> next(frequency.size());
///     expected_purchases(model, {frequency, recency, age}, 0, 39, next);   // in the 39 units of time from now on
///
/// Each customer buys at random moments at a rate of his own until he leaves, unseen, for good. A row is what these
/// models need to know of him: `frequency` x (purchases after the first, in distinct periods), `recency` t_x (when the
/// last of them was) and `age` T (now), both counted from his first purchase, in one unit of time.
/// Source: NBD: Ehrenberg, Applied Statistics 8 (1959); Pareto/NBD: Schmittlein, Morrison, Colombo, Management Science
/// 33 (1987); BG/NBD: Fader, Hardie, Lee, Marketing Science 24 (2005); MBG/NBD: Batislam, Denizel, Filiztekin, Int. J.
/// of Research in Marketing 24 (2007); residual value: Fader, Hardie, Lee, J. of Marketing Research 42 (2005).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/fit_end.hpp"
#include "emptor/mine/fit_term.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

/// Which process; in brackets its parameters, in their order.
enum class LifetimeKind : std::uint8_t {
  nbd,         ///< nobody leaves (r, alpha)
  bg_nbd,      ///< each repeat purchase may be the last (r, alpha, a, b)
  mbg_nbd,     ///< each purchase may be, the first one too (r, alpha, a, b)
  pareto_nbd,  ///< one may leave at any time (r, alpha, s, beta)
};
/// "nbd" ...
std::string_view name_of(LifetimeKind kind) noexcept;
/// "r", "alpha" ...
std::span<const std::string_view> parameter_names(LifetimeKind kind) noexcept;

/// Rows that somebody else owns.
struct Purchases {
  std::span<const double> frequency;     ///< x: whole, 0 to 1e9
  std::span<const double> recency;       ///< t_x: 0 where x is 0, else above 0 and at most T
  std::span<const double> age;           ///< T: 0 to 1e12
  std::span<const double> weights = {};  ///< how many customers a row stands for, >= 0; empty: one each

  std::size_t size() const noexcept { return frequency.size(); }
};

struct LifetimeOptions {
  LifetimeKind kind = LifetimeKind::bg_nbd;
  std::size_t rounds = 200;        ///< evaluations of all rows at most
  std::vector<double> start = {};  ///< where to begin; chosen from the rows without it

  friend bool operator==(const LifetimeOptions&, const LifetimeOptions&) = default;
};

/// The parameters that make the rows likeliest, never those of a penalised likelihood.
struct LifetimeModel {
  LifetimeOptions options;
  std::string data_version;        ///< of what it was fitted on; the caller's to set
  std::vector<double> parameters;  ///< as LifetimeKind says; alpha and beta in the unit of time
  std::vector<double> covariance;  ///< of them: a lower triangle, the inverse of the observed information
  double log_likelihood = 0;       ///< changes by log(unit) x the sum of x with the unit of time
  double certificate = 0;          ///< sqrt(g' H^-1 g): standard errors from the maximum
  FitEnd end = FitEnd::rounds;     ///< anything but `certified` is a reason not to trust the parameters
  std::size_t rounds = 0;          ///< evaluations of all rows
  std::uint64_t rows = 0;          ///< distinct ones with a weight above 0
  double customers = 0;            ///< sum of weights

  friend bool operator==(const LifetimeModel&, const LifetimeModel&) = default;
};

/// Equal rows are merged. The same bits for any threads, order of rows and processor. Throws Code::invalid (fields
/// "frequency", "recency", "age", "weights", "start", with the row) for what cannot be. O(rows log rows), then a few
/// passes over the distinct ones.
LifetimeModel fit_lifetime(const Purchases& rows, const LifetimeOptions& options = {}, const Run& run = {});
/// A model with parameters from elsewhere; end is `rounds`, as nothing is known of them. Throws Code::invalid.
LifetimeModel lifetime_of(LifetimeKind kind, std::span<const double> parameters);

// Of each row one number, into `out` (as long as the rows). They throw Code::invalid for rows as above, and
// Code::misuse where `out` has another length. A row's number does not depend on the other rows.

/// The log-likelihood of each row, without its weight.
void log_likelihoods(const LifetimeModel& model, const Purchases& rows, std::span<double> out, const Run& run = {});
/// The logarithm of the chance to be a customer still at T (which can be below what a double holds).
void log_alive(const LifetimeModel& model, const Purchases& rows, std::span<double> out, const Run& run = {});
/// The chance to be a customer still, `ahead` >= 0 after T. A score to rank by, not a label of who left.
void chance_alive(const LifetimeModel& model, const Purchases& rows, double ahead, std::span<double> out,
                  const Run& run = {});
/// Expected purchases in (T + from, T + until].
void expected_purchases(const LifetimeModel& model, const Purchases& rows, double from, double until,
                        std::span<double> out, const Run& run = {});
/// Expected purchases from T on for `horizon` (infinity: for ever), one at T + u counting e^(-rate u). Throws
/// Code::invalid where the mean is infinite (a horizon without end needs a rate above 0, or s > 1, a > 1).
void discounted_purchases(const LifetimeModel& model, const Purchases& rows, double rate, double horizon,
                          std::span<double> out, const Run& run = {});

/// Expected repeat purchases of a new customer by `age`.
double expected_repeats(const LifetimeModel& model, double age);
/// The chance that a new customer makes n repeat purchases by `age`.
double repeat_chance(const LifetimeModel& model, double age, std::uint64_t n);

using LifetimeTerm = FitTerm;
/// Throws Code::misuse where the model has no covariance, Code::invalid for a level outside (0, 1).
std::vector<LifetimeTerm> terms_of(const LifetimeModel& model, double level = 0.95);

/// A customer drawn from the model, seen `age` after his first purchase.
struct DrawnPurchases {
  std::vector<double> frequency, recency, age;
  Purchases view() const noexcept { return {frequency, recency, age}; }
};
/// One for each age; the same seed, the same customers.
DrawnPurchases simulate_lifetimes(const LifetimeModel& model, std::span<const double> ages, std::uint64_t seed);

std::string save(const LifetimeModel& model);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
LifetimeModel load_lifetime(std::string_view bytes);

}  // namespace emptor::mine
