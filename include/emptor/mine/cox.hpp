/// Cox's proportional hazards: how features raise or lower the risk that something ends, whatever its course in time.
///
///     const CoxModel model = fit_cox({x, {tenure, left, {}, {}}}, {.features = {"charges", "senior"}});
///     for (const CoxTerm& term : terms_of(model)) { ... }                       // estimate, hazard ratio, interval
///     const std::vector<double> kept = predict_survival(model, x, months);      // rows x months
///
/// The partial likelihood is greatest, ties by Efron's or Breslow's formula; strata have courses of their own.
/// Sources: Cox, JRSS B 34 (1972); Efron, JASA 72 (1977); Breslow, Biometrics 30 (1974); concordance: Harrell, Lee and
/// Mark, Statistics in Medicine 15 (1996); monotone likelihood: Bryson and Johnson, Technometrics 23 (1981).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"
#include "emptor/mine/survival.hpp"

namespace emptor::mine {

enum class CoxTies : std::uint8_t { efron, breslow };

struct CoxOptions {
  CoxTies ties = CoxTies::efron;
  double ridge = 0;          ///< >= 0: penalty of ridge / 2 x squared coefficients; 0: the maximum, where there is one
  double tolerance = 1e-12;  ///< the likelihood could rise by so much of itself at most
  std::size_t rounds = 50;   ///< of Newton's method at most
  std::vector<std::string> features = {};  ///< names, for errors and terms; may be empty

  friend bool operator==(const CoxOptions&, const CoxOptions&) = default;
};

struct BaselineHazard {
  std::uint32_t stratum = 0;
  std::vector<double> times;   ///< of events, ascending
  std::vector<double> hazard;  ///< cumulative, of a row at the centre

  friend bool operator==(const BaselineHazard&, const BaselineHazard&) = default;
};

struct CoxModel {
  CoxOptions options;
  std::string data_version;           ///< of what it was fitted on; the caller's to set
  std::vector<double> coefficients;   ///< log hazard ratios; 0 where aliased
  std::vector<double> covariance;     ///< lower triangle, row by row: the inverse of the observed information
  std::vector<std::uint8_t> aliased;  ///< 1 where other features explain it wholly
  std::vector<double> centre;         ///< mean of each feature
  double log_likelihood = 0;          ///< partial, at the optimum, without the penalty
  double null_log_likelihood = 0;     ///< with all coefficients 0
  double concordance = 0;             ///< share of comparable pairs in the order of their risks, ties by half
  std::uint64_t rows = 0;             ///< with a weight above 0
  double events = 0;                  ///< weight
  std::size_t rounds = 0;
  bool converged = false;
  std::vector<BaselineHazard> baselines;  ///< one a stratum, ascending

  std::size_t features() const noexcept { return coefficients.size(); }
  friend bool operator==(const CoxModel&, const CoxModel&) = default;
};

/// The groups of the lifetimes are strata. Where the likelihood is monotone (an order of the rows' risks that every
/// event obeys, so that a coefficient would grow for ever) and ridge is 0: Code::invalid with a problem for each
/// feature that takes part (field: its name). Throws Code::invalid for what fit_kaplan_meier refuses, numbers of x that
/// are not finite (field "x", row), no events
/// ("event") and options out of range. O(rows log rows + rounds x rows x features^2). The same bits for any order of
/// rows.
CoxModel fit_cox(const LifetimeRows& rows, const CoxOptions& options = {}, const Run& run = {});

/// Log of each row's hazard over that at the centre. NaN in a row gives NaN. Throws Code::invalid for another number of
/// columns.
std::vector<double> risk_of(const CoxModel& model, const NumberView& x, const Run& run = {});
/// The chance that each row lasts beyond each time, rows x times, row by row: exp(-H(t) exp(risk)). `strata` may be
/// empty where the model has one. Throws Code::invalid for strata that are unknown (field, row) or missing.
std::vector<double> predict_survival(const CoxModel& model, const NumberView& x, std::span<const double> times,
                                     std::span<const std::uint32_t> strata = {}, const Run& run = {});

/// The share of comparable pairs (the one ends while the other is known to last longer) whose risks are in that order,
/// ties by half; groups are compared within. 0.5 where nothing can be compared. Throws as fit_kaplan_meier does, and
/// Code::invalid (field "risk") for another number and for what is not finite. O(rows log rows).
double concordance_of(std::span<const double> risk, const Lifetimes& lifetimes);

struct CoxTerm {
  std::string name;
  double estimate = 0;
  double standard_error = 0;    ///< 0 where it is aliased
  double z = 0, p_value = 1;    ///< Wald's, two-sided
  double lower = 0, upper = 0;  ///< of the estimate
  double hazard_ratio = 1;      ///< exp(estimate)
  bool aliased = false;

  friend bool operator==(const CoxTerm&, const CoxTerm&) = default;
};
/// Features in order. Throws Code::invalid for a level outside (0, 1).
std::vector<CoxTerm> terms_of(const CoxModel& model, double level = 0.95);

std::string save(const CoxModel& model);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
CoxModel load_cox(std::string_view bytes);

}  // namespace emptor::mine
