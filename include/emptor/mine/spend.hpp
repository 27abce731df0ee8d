/// What a customer spends at a purchase: the Gamma-Gamma model of means, beside the models of lifetimes.
///
///     const SpendModel spend = fit_spend({frequency, mean_spend});
///     expected_spend(spend, {frequency, mean_spend}, next);      // per purchase
///     customer_value(purchases, next, .3, value);                // purchases expected x spend x margin
///
/// Each customer's purchases vary around a mean of his own (Gamma with shape p); the means vary between customers
/// (an inverse Gamma with shape q and scale p gamma), and do not depend on how often one buys.
/// Source: Colombo and Jiang, J. of Interactive Marketing 13 (1999); Fader, Hardie, Lee, J. of Marketing Research 42
/// (2005); Fader and Hardie, The Gamma-Gamma Model of Monetary Value (note, 2013).
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

/// Rows that somebody else owns.
struct Spending {
  std::span<const double> frequency;     ///< x: purchases that the mean is of; whole, 0 to 1e9
  std::span<const double> mean;          ///< of them, above 0, 1e-100 to 1e100; anything where x is 0
  std::span<const double> weights = {};  ///< how many customers a row stands for, >= 0; empty: one each

  std::size_t size() const noexcept { return frequency.size(); }
};

struct SpendOptions {
  std::size_t rounds = 200;        ///< evaluations at most
  std::vector<double> start = {};  ///< p, q, gamma; chosen from the rows without it

  friend bool operator==(const SpendOptions&, const SpendOptions&) = default;
};

struct SpendModel {
  SpendOptions options;
  std::string data_version;
  double p = 0, q = 0, gamma = 0;  ///< gamma in units of money
  std::vector<double> covariance;  ///< of p, q, gamma: a lower triangle
  double log_likelihood = 0;
  double certificate = 0;  ///< as LifetimeModel's
  FitEnd end = FitEnd::rounds;
  std::size_t rounds = 0;
  std::uint64_t rows = 0;  ///< distinct ones that were used
  double customers = 0;    ///< sum of their weights

  friend bool operator==(const SpendModel&, const SpendModel&) = default;
};

/// Rows without purchases are left out. The same bits for any threads and order of rows. Throws Code::invalid (fields
/// "frequency", "mean", "weights", "start", with the row).
SpendModel fit_spend(const Spending& rows, const SpendOptions& options = {}, const Run& run = {});
/// A model with parameters from elsewhere. Throws Code::invalid.
SpendModel spend_of(double p, double q, double gamma);

/// The expected mean of each customer's purchases, given what he spent so far; without purchases that of all. Throws
/// Code::invalid where it is infinite (p x + q <= 1), with the row.
void expected_spend(const SpendModel& model, const Spending& rows, std::span<double> out, const Run& run = {});
/// That of a customer who is not known. Throws Code::invalid where q <= 1.
double population_spend(const SpendModel& model);
/// The log-likelihood of each row; 0 without purchases.
void log_likelihoods(const SpendModel& model, const Spending& rows, std::span<double> out, const Run& run = {});

/// p, q, gamma. Throws as that of LifetimeModel.
std::vector<FitTerm> terms_of(const SpendModel& model, double level = 0.95);
/// The mean of so many purchases, of a customer drawn from the model for each number; 0 for none.
std::vector<double> simulate_spend(const SpendModel& model, std::span<const double> frequency, std::uint64_t seed);

/// The correlation of how often and how much, which the model takes for none (Pearson's, of rows with purchases);
/// NaN where one of both does not vary.
double frequency_spend_correlation(const Spending& rows);

/// Value of each customer: (discounted) purchases x spend x margin, `margin` being the share of spend that is kept.
/// Throws Code::invalid for numbers that are not finite, and for a margin outside [-1000, 1000].
void customer_value(std::span<const double> purchases, std::span<const double> spend, double margin,
                    std::span<double> out);

std::string save(const SpendModel& model);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
SpendModel load_spend(std::string_view bytes);

}  // namespace emptor::mine
