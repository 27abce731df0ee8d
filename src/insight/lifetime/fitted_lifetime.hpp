/// A lifetime model with covariates or without, which is asked alike; and the customers that it is asked about.
#pragma once

#include <utility>
#include <variant>
#include <vector>

#include "emptor/mine/lifetime_covariates.hpp"
#include "emptor/mine/lifetime_diagnostics.hpp"
#include "insight/lifetime/lifetime_rows.hpp"
#include "insight/tables/plain_covariates.hpp"

namespace emptor {

/// What is known of customers besides: what may move the rate of purchases, and leaving. Views: both must outlive it.
struct LifetimeCovariates {
  const PlainCovariates* rate = nullptr;
  const PlainCovariates* leaving = nullptr;
  bool any() const noexcept;
};

/// Rows of customers as the models take them.
class LifetimeQuestion {
 public:
  /// Views: the rows must outlive it.
  LifetimeQuestion(const LifetimeRows& rows, const LifetimeCovariates& covariates);
  LifetimeQuestion(const LifetimeQuestion&) = delete;
  LifetimeQuestion& operator=(const LifetimeQuestion&) = delete;
  /// Whether no covariate is the same for all of them.
  bool varies() const;
  const mine::Purchases& plain() const noexcept { return rows_.purchases; }
  const mine::CovariateRows& rows() const noexcept { return rows_; }

 private:
  std::vector<double> rate_, leaving_;
  mine::CovariateRows rows_;
};

class FittedLifetime {
 public:
  using Model = std::variant<mine::LifetimeModel, mine::CovariateLifetimeModel>;
  explicit FittedLifetime(Model model) : model_(std::move(model)) {}

  const mine::LifetimeModel* plain() const { return std::get_if<mine::LifetimeModel>(&model_); }
  const mine::CovariateLifetimeModel* with_covariates() const {
    return std::get_if<mine::CovariateLifetimeModel>(&model_);
  }
  template <class Work>
  decltype(auto) visit(Work&& work) const {
    return std::visit(std::forward<Work>(work), model_);
  }
  mine::FitEnd end() const;
  mine::LifetimeKind kind() const;
  const std::vector<double>& parameters() const;

  void chance_alive(const LifetimeQuestion& of, double ahead, std::span<double> out, const mine::Run& run) const;
  void expected_purchases(const LifetimeQuestion& of, double until, std::span<double> out, const mine::Run& run) const;
  void discounted_purchases(const LifetimeQuestion& of, double rate, double horizon, std::span<double> out,
                            const mine::Run& run) const;
  /// Of the expectation, and of the count of each customer.
  void expected_interval(const LifetimeQuestion& of, double until, double level, std::span<double> lower,
                         std::span<double> upper, const mine::Run& run) const;
  void purchase_interval(const LifetimeQuestion& of, double until, double level, std::span<double> lower,
                         std::span<double> upper, const mine::Run& run) const;
  mine::CountFit count_fit(const LifetimeQuestion& of, const mine::Run& run) const;

 private:
  Model model_;
};

/// Whether estimates may be used.
bool has_estimate(mine::FitEnd end) noexcept;

/// With covariates where there are any.
FittedLifetime fit_lifetimes(const LifetimeQuestion& of, mine::LifetimeKind kind, const mine::Run& run);

}  // namespace emptor
