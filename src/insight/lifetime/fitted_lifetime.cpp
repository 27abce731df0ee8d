#include "insight/lifetime/fitted_lifetime.hpp"

#include <algorithm>

#include "emptor/mine/lifetime_intervals.hpp"

namespace emptor {
namespace {

/// The rows that a model takes.
const mine::Purchases& rows_for(const mine::LifetimeModel&, const LifetimeQuestion& of) { return of.plain(); }
const mine::CovariateRows& rows_for(const mine::CovariateLifetimeModel&, const LifetimeQuestion& of) {
  return of.rows();
}

std::size_t columns_of(const PlainCovariates* covariates) {
  return covariates == nullptr ? 0 : covariates->names.size();
}

std::size_t place_of(const PlainCovariates& covariates, std::int64_t customer) {
  const std::vector<std::int64_t>& ids = covariates.customers;
  if (ids.empty()) return static_cast<std::size_t>(customer - 1);
  return static_cast<std::size_t>(std::lower_bound(ids.begin(), ids.end(), customer) - ids.begin());
}

/// Of the customers of these rows.
std::vector<double> gathered(const PlainCovariates* covariates, const LifetimeRows& rows) {
  std::vector<double> out;
  const std::size_t columns = columns_of(covariates);
  if (columns == 0) return out;
  out.reserve(rows.size() * columns);
  for (const std::int64_t customer : rows.customer) {
    const auto from =
        covariates->numbers.begin() + static_cast<std::ptrdiff_t>(place_of(*covariates, customer) * columns);
    out.insert(out.end(), from, from + static_cast<std::ptrdiff_t>(columns));
  }
  return out;
}

mine::NumberView view_of(const std::vector<double>& numbers, std::size_t rows, std::size_t columns) {
  return {numbers.data(), rows, columns, columns, 1};
}

}  // namespace

bool LifetimeCovariates::any() const noexcept { return columns_of(rate) + columns_of(leaving) > 0; }

LifetimeQuestion::LifetimeQuestion(const LifetimeRows& rows, const LifetimeCovariates& covariates)
    : rate_(gathered(covariates.rate, rows)),
      leaving_(gathered(covariates.leaving, rows)),
      rows_{{rows.frequency, rows.recency, rows.age},
            view_of(rate_, rows.size(), columns_of(covariates.rate)),
            view_of(leaving_, rows.size(), columns_of(covariates.leaving))} {}

bool LifetimeQuestion::varies() const {
  const auto all = [](const mine::NumberView& table) {
    for (std::size_t column = 0; column < table.columns(); ++column) {
      bool same = true;
      for (std::size_t row = 1; row < table.rows() && same; ++row) same = table(row, column) == table(0, column);
      if (same) return false;
    }
    return true;
  };
  return all(rows_.rate) && all(rows_.leaving);
}

mine::FitEnd FittedLifetime::end() const {
  return visit([](const auto& model) { return model.end; });
}
mine::LifetimeKind FittedLifetime::kind() const {
  return visit([](const auto& model) { return model.options.kind; });
}
const std::vector<double>& FittedLifetime::parameters() const {
  return visit([](const auto& model) -> const std::vector<double>& { return model.parameters; });
}

void FittedLifetime::chance_alive(const LifetimeQuestion& of, double ahead, std::span<double> out,
                                  const mine::Run& run) const {
  visit([&](const auto& model) { mine::chance_alive(model, rows_for(model, of), ahead, out, run); });
}

void FittedLifetime::expected_purchases(const LifetimeQuestion& of, double until, std::span<double> out,
                                        const mine::Run& run) const {
  visit([&](const auto& model) { mine::expected_purchases(model, rows_for(model, of), 0, until, out, run); });
}

void FittedLifetime::discounted_purchases(const LifetimeQuestion& of, double rate, double horizon,
                                          std::span<double> out, const mine::Run& run) const {
  visit([&](const auto& model) { mine::discounted_purchases(model, rows_for(model, of), rate, horizon, out, run); });
}

void FittedLifetime::expected_interval(const LifetimeQuestion& of, double until, double level, std::span<double> lower,
                                       std::span<double> upper, const mine::Run& run) const {
  visit(
      [&](const auto& model) { mine::expected_interval(model, rows_for(model, of), until, level, lower, upper, run); });
}

void FittedLifetime::purchase_interval(const LifetimeQuestion& of, double until, double level, std::span<double> lower,
                                       std::span<double> upper, const mine::Run& run) const {
  visit(
      [&](const auto& model) { mine::purchase_interval(model, rows_for(model, of), until, level, lower, upper, run); });
}

mine::CountFit FittedLifetime::count_fit(const LifetimeQuestion& of, const mine::Run& run) const {
  return visit([&](const auto& model) { return mine::count_fit(model, rows_for(model, of), 7, run); });
}

bool has_estimate(mine::FitEnd end) noexcept { return end == mine::FitEnd::certified || end == mine::FitEnd::vague; }

FittedLifetime fit_lifetimes(const LifetimeQuestion& of, mine::LifetimeKind kind, const mine::Run& run) {
  const bool covariates = of.rows().rate.columns() + of.rows().leaving.columns() > 0;
  if (covariates) return FittedLifetime(mine::fit_covariate_lifetime(of.rows(), {.kind = kind}, run));
  return FittedLifetime(mine::fit_lifetime(of.plain(), {.kind = kind}, run));
}

}  // namespace emptor
