/// Discrete-time hazards: the chance that something ends in each period, given that it lasted until then.
///
///     const HazardModel model = fit_hazard({x, {months, left, {}, {}}}, {.link = HazardLink::cloglog});
///     const std::vector<double> kept = predict_survival(model, x, std::vector<std::uint32_t>{6, 12});
///
/// Each row stands for as many person-periods as it lasted, of which the last may hold the event: a regression of 0 and
/// 1 on a baseline (log t, or a parameter a period) and the row's features, which do not change. logit: odds in
/// proportion; cloglog: Cox's proportional hazards seen by periods. The person-periods are never laid out: the logit
/// passes them by in batches, the cloglog sums them in closed form.
/// Source: Allison, Sociological Methodology 13 (1982); Prentice and Gloeckler, Biometrics 34 (1978).
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

enum class HazardLink : std::uint8_t { logit, cloglog };
enum class HazardBaseline : std::uint8_t {
  log_time,  ///< intercept + slope x log t
  periods,   ///< a parameter a period, up to the last that was seen (400 at most)
};

struct HazardOptions {
  HazardLink link = HazardLink::logit;
  HazardBaseline baseline = HazardBaseline::log_time;
  double tolerance = 1e-12;                ///< the log-likelihood could rise by so much of itself at most (cloglog)
  std::size_t rounds = 100;                ///< of Newton's method at most
  std::vector<std::string> features = {};  ///< names, for errors and terms; may be empty

  friend bool operator==(const HazardOptions&, const HazardOptions&) = default;
};

struct HazardModel {
  HazardOptions options;
  std::string data_version;          ///< of what it was fitted on; the caller's to set
  std::vector<double> baseline;      ///< of a row at the centre: intercept and slope, or one a period from 1
  std::vector<double> coefficients;  ///< of the features
  std::vector<double> centre;        ///< mean of each feature
  /// Of all parameters, those of the baseline first: lower triangle, row by row.
  std::vector<double> covariance;
  std::vector<std::uint8_t> aliased;  ///< a parameter each: 1 where others explain it wholly
  double log_likelihood = 0;
  std::uint64_t rows = 0;  ///< with a weight above 0
  double periods = 0;      ///< person-periods, weighted
  double events = 0;       ///< weight
  std::uint32_t last = 0;  ///< the greatest time
  std::size_t rounds = 0;
  bool converged = false;

  std::size_t features() const noexcept { return coefficients.size(); }
  friend bool operator==(const HazardModel&, const HazardModel&) = default;
};

/// Times are whole numbers from 1 to 100,000 (an end in the first period has 1). x may have no columns. Where features
/// or periods separate ends from others there is no estimate: Code::invalid naming them, as fit_logistic does. Throws
/// Code::invalid for what fit_kaplan_meier refuses, groups ("groups": give them as features), numbers of x that are not
/// finite, no events or nothing but ends at once, and options out of range; Code::budget for more than 400 periods with
/// a parameter each. The same bits for any order of rows and any threads.
HazardModel fit_hazard(const LifetimeRows& rows, const HazardOptions& options = {}, const Run& run = {});

/// The chance that each row lasts beyond each period (0: 1), rows x periods, row by row. Throws Code::invalid for
/// another number of columns and for periods that the model does not know (field "periods").
std::vector<double> predict_survival(const HazardModel& model, const NumberView& x,
                                     std::span<const std::uint32_t> periods, const Run& run = {});

struct HazardTerm {
  std::string name;  ///< "(intercept)", "log t", "period 3", or a feature
  double estimate = 0, standard_error = 0;
  double z = 0, p_value = 1;    ///< Wald's, two-sided
  double lower = 0, upper = 0;  ///< of the estimate
  bool aliased = false;

  friend bool operator==(const HazardTerm&, const HazardTerm&) = default;
};
/// The baseline first. Throws Code::invalid for a level outside (0, 1).
std::vector<HazardTerm> terms_of(const HazardModel& model, double level = 0.95);

std::string save(const HazardModel& model);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
HazardModel load_hazard(std::string_view bytes);

}  // namespace emptor::mine
