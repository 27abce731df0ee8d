/// Buyers without a contract who differ by what is known of them from the beginning on (the channel they came by, their
/// region or age): the models of lifetime.hpp with static covariates.
///
///     const CovariateLifetimeModel model = fit_covariate_lifetime({purchases, channel, channel},
///                                                                 {.kind = LifetimeKind::pareto_nbd});
///     const LifetimeModel web = lifetime_of(model, {{1.0}}, {{1.0}});    // of those with the covariate 1
///
/// With covariates z of the rate and w of leaving, alpha is alpha exp(-g'z): each unit of z multiplies the rate at which
/// one buys by e^g. Pareto/NBD: beta is beta exp(-d'w), each unit of w multiplies the rate at which one leaves by e^d.
/// BG/NBD and MBG/NBD: a is a exp(d'w) and b is b exp(d'w), which leaves the mean chance to leave at a purchase as it is
/// and tells how alike customers are in it (large: alike).
/// Source: Fader and Hardie, Incorporating Time-Invariant Covariates into the Pareto/NBD and BG/NBD Models (note, 2007);
/// one list of coefficients for both a and b as in the R package CLVTools.
#pragma once

#include "emptor/mine/lifetime.hpp"
#include "emptor/mine/numbers.hpp"

namespace emptor::mine {

/// Rows that somebody else owns, and what is known of each.
struct CovariateRows {
  Purchases purchases;
  NumberView rate = {};     ///< rows x columns, finite: what may move the rate of purchases; may have no columns
  NumberView leaving = {};  ///< what may move leaving; none with NBD, where nobody leaves
};

struct CovariateLifetimeModel {
  LifetimeOptions options;  ///< `start` is that of the fit without covariates
  std::string data_version;
  std::size_t rate = 0, leaving = 0;  ///< how many coefficients
  /// As LifetimeKind says, of a customer whose covariates are all 0; then the coefficients of the rate, and of leaving.
  std::vector<double> parameters;
  std::vector<double> covariance;  ///< of them: a lower triangle
  double log_likelihood = 0;
  double plain_log_likelihood = 0;  ///< of the fit without covariates, which is never above
  double certificate = 0;           ///< as LifetimeModel's
  FitEnd end = FitEnd::rounds;
  std::size_t rounds = 0;    ///< evaluations of all rows, after those of the fit without covariates
  std::uint64_t rows = 0;    ///< distinct ones with a weight above 0
  std::uint64_t groups = 0;  ///< distinct covariates
  double customers = 0;      ///< sum of weights

  friend bool operator==(const CovariateLifetimeModel&, const CovariateLifetimeModel&) = default;
};

/// Begins at the fit without covariates, so that it never fits worse. The same bits for any threads and order of rows.
/// An evaluation costs one of all rows and about 20 us for each group. Throws as fit_lifetime, and Code::invalid (fields
/// "rate", "leaving") for what is not finite and for a covariate that is the same for all.
CovariateLifetimeModel fit_covariate_lifetime(const CovariateRows& rows, const LifetimeOptions& options = {},
                                              const Run& run = {});
/// A model with parameters from elsewhere. Throws Code::invalid.
CovariateLifetimeModel covariate_lifetime_of(LifetimeKind kind, std::size_t rate, std::size_t leaving,
                                             std::span<const double> parameters);
/// That of a customer with such covariates; without covariance. Throws Code::invalid where they are not as many as
/// coefficients, or a parameter leaves 1e-12 to 1e12 by them.
LifetimeModel lifetime_of(const CovariateLifetimeModel& model, std::span<const double> rate,
                          std::span<const double> leaving);

// As for LifetimeModel, each row by its covariates.

void log_likelihoods(const CovariateLifetimeModel& model, const CovariateRows& rows, std::span<double> out,
                     const Run& run = {});
void log_alive(const CovariateLifetimeModel& model, const CovariateRows& rows, std::span<double> out,
               const Run& run = {});
void chance_alive(const CovariateLifetimeModel& model, const CovariateRows& rows, double ahead, std::span<double> out,
                  const Run& run = {});
void expected_purchases(const CovariateLifetimeModel& model, const CovariateRows& rows, double from, double until,
                        std::span<double> out, const Run& run = {});
void discounted_purchases(const CovariateLifetimeModel& model, const CovariateRows& rows, double rate, double horizon,
                          std::span<double> out, const Run& run = {});

/// Parameters as LifetimeTerm's; coefficients, called "rate 1" ... and "leaving 1" ..., with Wald's intervals as they are.
std::vector<LifetimeTerm> terms_of(const CovariateLifetimeModel& model, double level = 0.95);
/// Whether the covariates tell anything: the chance of so much gain in likelihood if they did not (chi-squared with a
/// degree for each coefficient). Throws Code::misuse for a model that was not fitted.
double covariates_p_value(const CovariateLifetimeModel& model);

std::string save(const CovariateLifetimeModel& model);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
CovariateLifetimeModel load_covariate_lifetime(std::string_view bytes);

}  // namespace emptor::mine
