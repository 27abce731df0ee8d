#include "emptor/mine/cox.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/cox_likelihood.hpp"
#include "mine/distributions.hpp"
#include "mine/row_chunks.hpp"
#include "mine/symmetric.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr double least_pivot = 1e-10;

std::string name_of(const CoxOptions& options, std::size_t column) {
  return options.features.empty() ? "column " + std::to_string(column) : options.features[column];
}

void check_options(const CoxOptions& options, std::size_t columns) {
  if (!(options.ridge >= 0 && std::isfinite(options.ridge)))
    refuse_input("the ridge is negative or not finite", "ridge");
  if (!(options.tolerance > 0 && std::isfinite(options.tolerance)))
    refuse_input("the tolerance must be above 0", "tolerance");
  if (options.rounds == 0) refuse_input("one round is needed at least", "rounds");
  if (!options.features.empty() && options.features.size() != columns)
    refuse_input("names and columns differ in number", "features");
}

[[noreturn]] void refuse_monotone(const OrderedLifetimes& rows, const CoxOptions& options,
                                  const std::vector<double>& direction) {
  double most = 0;
  for (const double part : direction) most = std::max(most, std::abs(part));
  std::vector<Problem> problems;
  for (std::size_t c = 0; c < rows.columns; ++c)
    if (std::abs(direction[c]) > 1e-3 * most)
      problems.push_back({.code = Code::invalid,
                          .message = "the likelihood rises for ever along this feature: it orders who ends first",
                          .entity = {},
                          .field = name_of(options, c),
                          .row = {},
                          .hint = "leave it out, join its rare values, or give a ridge"});
  throw Error(problems);
}

/// Newton's method on the scaled features.
class CoxNewton {
 public:
  CoxNewton(const OrderedLifetimes& rows, const CoxOptions& options) : rows_(rows), options_(options) {
    theta_.assign(rows.columns, 0.0);
    sums_ = sums_at(theta_);
    null_ = sums_.log_likelihood;
    free_.resize(rows.columns);
    std::iota(free_.begin(), free_.end(), std::size_t{0});
    aliased_ = SymmetricFactors(information(), free_, least_pivot).aliased();
    std::erase_if(free_, [&](std::size_t column) { return aliased_[column] != 0; });
  }

  void run() {
    while (!converged_ && rounds_ < options_.rounds) round();
  }

  void fill(CoxModel& model) const {
    const std::vector<double> inverse = SymmetricFactors(information(), free_, 0).inverse();
    model.coefficients.resize(rows_.columns);
    model.covariance.resize(inverse.size());
    for (std::size_t a = 0; a < rows_.columns; ++a) {
      model.coefficients[a] = theta_[a] / rows_.unit[a];
      for (std::size_t b = 0; b <= a; ++b) {
        const std::size_t at = triangle_index(a, b);
        model.covariance[at] = inverse[at] / rows_.unit[a] / rows_.unit[b];
      }
    }
    model.aliased = aliased_;
    model.centre = rows_.centre;
    model.log_likelihood = sums_.log_likelihood;
    model.null_log_likelihood = null_;
    model.rounds = rounds_;
    model.converged = converged_;
    model.baselines = baseline_hazards(rows_, options_.ties, theta_);
  }

 private:
  CoxSums sums_at(const std::vector<double>& theta) const { return cox_sums(rows_, options_.ties, theta); }
  /// The penalty is on coefficients of the features as they came.
  double ridge(std::size_t column) const { return options_.ridge / (rows_.unit[column] * rows_.unit[column]); }
  double goal(const CoxSums& sums, const std::vector<double>& theta) const {
    double penalty = 0;
    for (std::size_t c = 0; c < theta.size(); ++c) penalty += ridge(c) * theta[c] * theta[c] / 2;
    return sums.log_likelihood - penalty;
  }
  std::vector<double> information() const {
    std::vector<double> matrix = sums_.information;
    for (std::size_t c = 0; c < rows_.columns; ++c) matrix[triangle_index(c, c)] += ridge(c);
    return matrix;
  }

  void round() {
    ++rounds_;
    std::vector<double> slope = sums_.gradient;
    for (std::size_t c = 0; c < slope.size(); ++c) slope[c] -= ridge(c) * theta_[c];
    std::vector<double> step = SymmetricFactors(information(), free_, 0).solve(slope);
    double gain = 0;
    for (std::size_t c = 0; c < step.size(); ++c) gain += step[c] * slope[c] / 2;
    const double size = 1 + std::abs(sums_.log_likelihood);
    if (gain <= options_.tolerance * size) {
      converged_ = true;
      // One step more costs nothing and makes the estimate as good as the derivatives.
      if (gain <= 0) return;
    }
    look_for_separation(step);
    advance(step, size);
  }

  void advance(const std::vector<double>& step, double size) {
    const double before = goal(sums_, theta_);
    for (double share = 1; share > 1e-9; share /= 2) {
      std::vector<double> theta = theta_;
      for (std::size_t c = 0; c < theta.size(); ++c) theta[c] += share * step[c];
      CoxSums sums = sums_at(theta);
      if (!(goal(sums, theta) >= before - 1e-14 * size)) continue;
      theta_ = std::move(theta);
      sums_ = std::move(sums);
      return;
    }
    // Rounding allows no better point.
    converged_ = true;
  }

  void look_for_separation(const std::vector<double>& step) {
    if (options_.ridge > 0 || converged_) return;
    rising_ = rises_for_ever(rows_, step) ? rising_ + 1 : 0;
    if (rising_ == 3) refuse_monotone(rows_, options_, step);
  }

  const OrderedLifetimes& rows_;
  const CoxOptions& options_;
  std::vector<double> theta_;
  CoxSums sums_;
  std::vector<std::size_t> free_;
  std::vector<std::uint8_t> aliased_;
  double null_ = 0;
  std::size_t rounds_ = 0, rising_ = 0;
  bool converged_ = false;
};

const BaselineHazard& baseline_of(const CoxModel& model, std::span<const std::uint32_t> strata, std::size_t row) {
  if (strata.empty()) return model.baselines.front();
  const auto found = std::lower_bound(model.baselines.begin(), model.baselines.end(), strata[row],
                                      [](const BaselineHazard& a, std::uint32_t b) { return a.stratum < b; });
  if (found != model.baselines.end() && found->stratum == strata[row]) return *found;
  throw Error(Problem{.code = Code::invalid,
                      .message = "the model knows no such stratum",
                      .entity = {},
                      .field = "strata",
                      .row = static_cast<std::int64_t>(row),
                      .hint = {}});
}

double hazard_at(const BaselineHazard& baseline, double time) {
  const auto after = std::upper_bound(baseline.times.begin(), baseline.times.end(), time) - baseline.times.begin();
  return after == 0 ? 0 : baseline.hazard[static_cast<std::size_t>(after) - 1];
}

}  // namespace

CoxModel fit_cox(const LifetimeRows& rows, const CoxOptions& options, const Run& run) {
  const LongCall call(run.progress);
  check_options(options, rows.x.columns());
  if (rows.x.columns() == 0) refuse_input("there is no column to learn from", "x");
  const OrderedLifetimes ordered = ordered_lifetimes(rows);
  CoxModel model;
  model.options = options;
  model.rows = ordered.size();
  for (std::size_t r = 0; r < ordered.size(); ++r) model.events += ordered.event[r] != 0 ? ordered.weight[r] : 0;
  if (!(model.events > 0)) refuse_input("nothing has ended yet", "event", "give rows with events");
  CoxNewton newton(ordered, options);
  newton.run();
  newton.fill(model);
  model.concordance = concordance_of(risk_of(model, rows.x, run), rows.lifetimes);
  return model;
}

std::vector<double> risk_of(const CoxModel& model, const NumberView& x, const Run& run) {
  check_columns(x, model.features());
  const LongCall call(run.progress);
  std::vector<double> risk(x.rows(), 0.0);
  for_chunks(run, "Cox", x.rows(), 4'096, [&](std::size_t, std::size_t first, std::size_t count) {
    for (std::size_t c = 0; c < x.columns(); ++c)
      for (std::size_t r = first; r < first + count; ++r)
        risk[r] += model.coefficients[c] * (x(r, c) - model.centre[c]);
  });
  return risk;
}

std::vector<double> predict_survival(const CoxModel& model, const NumberView& x, std::span<const double> times,
                                     std::span<const std::uint32_t> strata, const Run& run) {
  if (!strata.empty() && strata.size() != x.rows()) refuse_input("strata and x differ in number", "strata");
  if (strata.empty() && model.baselines.size() > 1)
    refuse_input("the model has strata of its own", "strata", "give each row's");
  const LongCall call(run.progress);
  const std::vector<double> risk = risk_of(model, x, run);
  std::vector<double> out(x.rows() * times.size());
  for_chunks(run, "Cox", x.rows(), 1'024, [&](std::size_t, std::size_t first, std::size_t count) {
    for (std::size_t r = first; r < first + count; ++r) {
      const BaselineHazard& baseline = baseline_of(model, strata, r);
      const double ratio = elementary::exp(risk[r]);
      for (std::size_t t = 0; t < times.size(); ++t) {
        const double hazard = hazard_at(baseline, times[t]);
        // Nothing has happened where the hazard is 0, however great the ratio.
        out[r * times.size() + t] = hazard > 0 || std::isnan(ratio) ? elementary::exp(-hazard * ratio) : 1;
      }
    }
  });
  return out;
}

std::vector<CoxTerm> terms_of(const CoxModel& model, double level) {
  if (!(level > 0 && level < 1)) refuse_input("a level lies between 0 and 1", "level");
  const double bound = normal_bound(level);
  std::vector<CoxTerm> terms;
  for (std::size_t c = 0; c < model.features(); ++c) {
    CoxTerm& term = terms.emplace_back();
    term.name = name_of(model.options, c);
    term.estimate = term.lower = term.upper = model.coefficients[c];
    term.hazard_ratio = elementary::exp(term.estimate);
    term.aliased = model.aliased[c] != 0;
    if (term.aliased) continue;
    term.standard_error = std::sqrt(std::max(model.covariance[triangle_index(c, c)], 0.0));
    term.z = term.standard_error > 0 ? term.estimate / term.standard_error : 0;
    term.p_value = normal_two_sided(term.z);
    term.lower -= bound * term.standard_error;
    term.upper += bound * term.standard_error;
  }
  return terms;
}

}  // namespace emptor::mine
