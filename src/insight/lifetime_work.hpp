/// Lifetime models on rows of customers, whatever these came from: options, fit, predictions, and how both are told.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "emptor/mine/lifetime.hpp"
#include "emptor/mine/spend.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/lifetime_rows.hpp"

namespace emptor {

struct LifetimeRequest {
  mine::LifetimeKind kind = mine::LifetimeKind::bg_nbd;
  LifetimeRowOptions rows;
  double horizon = 52;                               ///< units of time ahead
  double discount = 0.1;                             ///< a year
  double margin = 1;                                 ///< share of the spend that is earned
  std::vector<double> parameters, spend_parameters;  ///< known ones, that are not fitted
};

/// Requires options that the schema has checked.
LifetimeRequest lifetime_request(const boost::json::object& options, const std::optional<Date>& until);
boost::json::object lifetime_options_json(const LifetimeRequest& request);

/// What was learnt, and of each row what is to be expected; without numbers where the data do not allow an estimate.
struct LifetimeOutcome {
  std::optional<mine::LifetimeModel> model;
  std::optional<mine::SpendModel> spend_model;
  std::vector<double> alive, expected, spend, value;

  bool usable() const noexcept { return !expected.empty(); }
};
LifetimeOutcome predict_lifetimes(const LifetimeRows& rows, const LifetimeRequest& request, const mine::Run& run);

/// parameters, standard_errors, log_likelihood, ... verdict: docs/lifetime.md has the form.
boost::json::object lifetime_json(const LifetimeRows& rows, const LifetimeRequest& request,
                                  const LifetimeOutcome& outcome);
/// A row a customer: customer, frequency, recency, age, spend, and where the model is usable alive, expected,
/// expected_spend, value.
NamedTable lifetime_table(const LifetimeRows& rows, const LifetimeOutcome& outcome, Column customers);

}  // namespace emptor
