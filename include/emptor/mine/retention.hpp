/// Customers under contract, who are seen to leave: how many stay how long, from chances of leaving that differ.
///
///     const RetentionModel model = fit_retention({periods, lost, counts}, {.duration = true});
///     survival(model, 12);   // the share of new customers that is there after 12 periods
///
/// Each customer leaves at the end of a period with a chance of his own (Beta distributed). In the shifted beta
/// geometric model that chance stays as it is, and rates of retention rise only because those who would leave have
/// left; with `duration` (the beta discrete Weibull model) it also changes with time: the t-th period counts as
/// t^c - (t - 1)^c of the first, so that c > 1 means that customers grow more likely to leave.
/// Source: Fader and Hardie, J. of Interactive Marketing 21 (2007) and Marketing Science 29 (2010); Fader, Hardie, Liu,
/// Davin, Steenburgh, J. of Interactive Marketing 43 (2018).
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
struct Contracts {
  std::span<const double> periods;       ///< whole, 0 to 1e6; from 1 where the customer is lost
  std::span<const std::uint8_t> lost;    ///< 1: left at the end of that period; 0: still there after it
  std::span<const double> weights = {};  ///< how many customers a row stands for, >= 0; empty: one each

  std::size_t size() const noexcept { return periods.size(); }
};

struct RetentionOptions {
  bool duration = false;           ///< the exponent c is fitted, too; else it is 1
  std::size_t rounds = 200;        ///< evaluations at most
  std::vector<double> start = {};  ///< alpha, beta (and c); chosen without it

  friend bool operator==(const RetentionOptions&, const RetentionOptions&) = default;
};

struct RetentionModel {
  RetentionOptions options;
  std::string data_version;
  std::vector<double> parameters;  ///< alpha, beta, and c with `duration`
  std::vector<double> covariance;  ///< of them: a lower triangle
  double log_likelihood = 0;
  double certificate = 0;  ///< as LifetimeModel's
  FitEnd end = FitEnd::rounds;
  std::size_t rounds = 0;
  std::uint64_t rows = 0;  ///< distinct ones
  double customers = 0;    ///< sum of weights

  friend bool operator==(const RetentionModel&, const RetentionModel&) = default;
};

/// The same bits for any threads and order of rows. Throws Code::invalid (fields "periods", "lost", "weights", "start",
/// with the row).
RetentionModel fit_retention(const Contracts& rows, const RetentionOptions& options = {}, const Run& run = {});
/// A model with parameters from elsewhere: alpha, beta, perhaps c. Throws Code::invalid.
RetentionModel retention_of(std::span<const double> parameters);

/// The share of new customers that is there after so many periods (whole or not, 0 to 1e9).
double survival(const RetentionModel& model, double periods);
/// The share of those there after periods - 1 that is there after `periods` (from 1).
double retention_rate(const RetentionModel& model, double periods);
/// Expected periods that a customer who is there after `age` periods will still renew for, of the next `horizon`
/// (infinity: all), the k-th counting (1 + rate)^-k. Throws Code::invalid where the mean is infinite (no horizon, no
/// rate, and alpha <= 1), and for endless sums at rates below 1e-5.
double residual_periods(const RetentionModel& model, std::uint64_t age, double rate, double horizon);
/// Periods after which each of `count` customers leaves, at most `most` (still there then).
std::vector<double> simulate_retention(const RetentionModel& model, std::size_t count, double most, std::uint64_t seed);

/// alpha, beta, and c with `duration`. Throws as that of LifetimeModel.
std::vector<FitTerm> terms_of(const RetentionModel& model, double level = 0.95);

std::string save(const RetentionModel& model);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
RetentionModel load_retention(std::string_view bytes);

}  // namespace emptor::mine
