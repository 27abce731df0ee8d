/// Lifetime models on rows of customers, whatever these came from: options, fit, predictions, and how both are told.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/spend.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/lifetime/fitted_lifetime.hpp"
#include "insight/lifetime/lifetime_checks.hpp"

namespace emptor {

struct LifetimeRequest {
  mine::LifetimeKind kind = mine::LifetimeKind::bg_nbd;
  LifetimeRowOptions rows;
  double horizon = 52;                               ///< units of time ahead
  double discount = 0.1;                             ///< a year
  double margin = 1;                                 ///< share of the spend that is earned
  std::vector<double> parameters, spend_parameters;  ///< known ones, that are not fitted
  std::optional<double> interval_level;              ///< of the intervals of purchases; none without it
  bool diagnostics = true;                           ///< whether what was fitted is checked, where it was
  std::optional<double> hold_out;                    ///< units of time; see HoldOutLength
  std::vector<std::string> covariates;               ///< fields or columns that may move rate and leaving
  std::optional<std::vector<std::string>> leaving;   ///< that may move leaving, where these are others
  Language language = Language::english;             ///< of the verdict

  /// Those that may move leaving; none where nobody leaves.
  std::vector<std::string> leaving_names() const;
};

/// Units of time that a year has: 52 weeks, 365 days.
double units_a_year(TimeUnit unit) noexcept;

/// Requires options that the schema has checked.
LifetimeRequest lifetime_request(const boost::json::object& options, const std::optional<Date>& until);
boost::json::object lifetime_options_json(const LifetimeRequest& request);

/// What was learnt, and of each row what is to be expected; without numbers where the data do not allow an estimate.
struct LifetimeOutcome {
  std::optional<FittedLifetime> model;
  std::optional<mine::SpendModel> spend_model;
  std::vector<double> alive, expected, spend, value;
  std::vector<double> expected_low, expected_high;    ///< where the expected number lies (confidence)
  std::vector<double> purchases_low, purchases_high;  ///< how many purchases it may be (prediction)
  std::optional<LifetimeChecks> checks;

  bool usable() const noexcept { return !expected.empty(); }
};
/// Requires rows of these lines.
LifetimeOutcome predict_lifetimes(const CustomerLines& lines, const LifetimeRows& rows,
                                  const LifetimeCovariates& covariates, const LifetimeRequest& request,
                                  const mine::Run& run);

/// parameters, standard_errors, log_likelihood, ... verdict: docs/lifetime.md has the form.
boost::json::object lifetime_json(const LifetimeRows& rows, const LifetimeCovariates& covariates,
                                  const LifetimeRequest& request, const LifetimeOutcome& outcome);
/// A row a customer: customer, frequency, recency, age, spend, and where the model is usable alive, expected,
/// expected_spend, value; with a level of intervals expected_low, expected_high, purchases_low, purchases_high.
NamedTable lifetime_table(const LifetimeRows& rows, const LifetimeOutcome& outcome, Column customers);

}  // namespace emptor
