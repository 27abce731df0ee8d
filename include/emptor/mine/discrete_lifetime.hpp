/// Buyers without a contract who can buy at fixed opportunities only (a yearly donation, an event): the BG/BB model.
///
///     const DiscreteLifetimeModel model = fit_discrete_lifetime({frequency, recency, opportunities, counts});
///     expected_transactions(model, rows, 5, next);   // in the next 5 opportunities
///
/// While a customer is there, he takes each opportunity with a chance of his own (Beta(alpha, beta)), and leaves for
/// good at the beginning of each with another (Beta(gamma, delta)).
/// Source: Fader, Hardie, Shang, Marketing Science 29 (2010), equations 6 to 13.
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

/// Rows that somebody else owns; all numbers are whole.
struct Opportunities {
  std::span<const double> frequency;      ///< x: opportunities that were taken
  std::span<const double> recency;        ///< t_x: the last one that was; 0 where x is 0, else x to n
  std::span<const double> opportunities;  ///< n: how many there were, 1 to 10,000
  std::span<const double> weights = {};   ///< how many customers a row stands for, >= 0; empty: one each

  std::size_t size() const noexcept { return frequency.size(); }
};

struct DiscreteLifetimeOptions {
  std::size_t rounds = 200;        ///< evaluations at most
  std::vector<double> start = {};  ///< alpha, beta, gamma, delta; 1 each without it

  friend bool operator==(const DiscreteLifetimeOptions&, const DiscreteLifetimeOptions&) = default;
};

struct DiscreteLifetimeModel {
  DiscreteLifetimeOptions options;
  std::string data_version;
  std::vector<double> parameters;  ///< alpha, beta, gamma, delta
  std::vector<double> covariance;  ///< of them: a lower triangle
  double log_likelihood = 0;
  double certificate = 0;  ///< as LifetimeModel's
  FitEnd end = FitEnd::rounds;
  std::size_t rounds = 0;
  std::uint64_t rows = 0;  ///< distinct ones
  double customers = 0;    ///< sum of weights

  friend bool operator==(const DiscreteLifetimeModel&, const DiscreteLifetimeModel&) = default;
};

/// The same bits for any threads and order of rows. Throws Code::invalid (fields "frequency", "recency",
/// "opportunities", "weights", "start", with the row). O(distinct rows x n) an evaluation.
DiscreteLifetimeModel fit_discrete_lifetime(const Opportunities& rows, const DiscreteLifetimeOptions& options = {},
                                            const Run& run = {});
/// A model with parameters from elsewhere. Throws Code::invalid.
DiscreteLifetimeModel discrete_lifetime_of(std::span<const double> parameters);

void log_likelihoods(const DiscreteLifetimeModel& model, const Opportunities& rows, std::span<double> out,
                     const Run& run = {});
/// The chance to be there still at the (n + ahead)-th opportunity (the paper's "alive at n + 1" is ahead = 1).
void chance_alive(const DiscreteLifetimeModel& model, const Opportunities& rows, std::uint64_t ahead,
                  std::span<double> out, const Run& run = {});
/// Expected transactions in the next so many opportunities.
void expected_transactions(const DiscreteLifetimeModel& model, const Opportunities& rows, std::uint64_t next,
                           std::span<double> out, const Run& run = {});

/// alpha, beta, gamma, delta. Throws as that of LifetimeModel.
std::vector<FitTerm> terms_of(const DiscreteLifetimeModel& model, double level = 0.95);

/// Customers drawn from the model, each seen for so many opportunities.
struct DrawnOpportunities {
  std::vector<double> frequency, recency, opportunities;
  Opportunities view() const noexcept { return {frequency, recency, opportunities}; }
};
/// One for each number of opportunities (whole, 1 to 10,000); the same seed, the same customers.
DrawnOpportunities simulate_discrete_lifetimes(const DiscreteLifetimeModel& model,
                                               std::span<const double> opportunities, std::uint64_t seed);

std::string save(const DiscreteLifetimeModel& model);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
DiscreteLifetimeModel load_discrete_lifetime(std::string_view bytes);

}  // namespace emptor::mine
