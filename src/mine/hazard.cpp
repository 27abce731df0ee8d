#include "emptor/mine/hazard.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/logistic.hpp"
#include "mine/distributions.hpp"
#include "mine/hazard_sums.hpp"
#include "mine/row_chunks.hpp"
#include "mine/symmetric.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::uint32_t most_time = 100'000, most_periods = 400;

void check_options(const HazardOptions& options, std::size_t columns) {
  if (!(options.tolerance > 0 && std::isfinite(options.tolerance)))
    refuse_input("the tolerance must be above 0", "tolerance");
  if (options.rounds == 0) refuse_input("one round is needed at least", "rounds");
  if (!options.features.empty() && options.features.size() != columns)
    refuse_input("names and columns differ in number", "features");
}

void check_times(const Lifetimes& lives) {
  if (!lives.groups.empty()) refuse_input("a discrete hazard has no groups", "groups", "give them as features");
  for (std::size_t r = 0; r < lives.time.size(); ++r) {
    const double time = lives.time[r];
    if (time >= 1 && time <= most_time && time == std::floor(time)) continue;
    throw Error(Problem{.code = Code::invalid,
                        .message = "a time is no whole number of periods",
                        .entity = {},
                        .field = "time",
                        .row = static_cast<std::int64_t>(r),
                        .hint = "give 1 for the first period, up to 100,000"});
  }
}

std::string name_of(const HazardModel& model, std::size_t parameter) {
  const std::size_t base = model.baseline.size();
  if (parameter >= base) {
    const std::size_t column = parameter - base;
    return model.options.features.empty() ? "column " + std::to_string(column) : model.options.features[column];
  }
  if (model.options.baseline == HazardBaseline::periods) return "period " + std::to_string(parameter + 1);
  return parameter == 0 ? "(intercept)" : "log t";
}

/// The person-periods of all rows, a few thousand at a time.
class PersonPeriods {
 public:
  PersonPeriods(const OrderedLifetimes& rows, const PeriodTerms& terms, bool own_intercept)
      : rows_(rows), terms_(terms), skip_(own_intercept ? 1 : 0) {}

  std::size_t columns() const noexcept { return terms_.size() - skip_ + rows_.columns; }
  void rewind() noexcept {
    row_ = 0;
    period_ = 1;
  }
  bool next(TrainingRows& batch) {
    constexpr std::size_t most = 16'384;
    x_.clear();
    y_.clear();
    weights_.clear();
    while (row_ < rows_.size() && y_.size() < most) {
      add();
      if (period_++ < static_cast<std::uint32_t>(rows_.time[row_])) continue;
      ++row_;
      period_ = 1;
    }
    batch = {NumberView(x_.data(), y_.size(), columns(), columns(), 1), y_, weights_, {}};
    return !y_.empty();
  }

 private:
  void add() {
    const std::size_t begin = x_.size();
    x_.resize(begin + columns(), 0.0);
    terms_.each(period_, [&](std::size_t parameter, double factor) {
      if (parameter >= skip_) x_[begin + parameter - skip_] = factor;
    });
    const std::size_t base = begin + terms_.size() - skip_;
    for (std::size_t c = 0; c < rows_.columns; ++c) x_[base + c] = rows_.row(row_)[c] * rows_.unit[c];
    const bool end = rows_.event[row_] != 0 && period_ == static_cast<std::uint32_t>(rows_.time[row_]);
    y_.push_back(end ? 1 : 0);
    weights_.push_back(rows_.weight[row_]);
  }

  const OrderedLifetimes& rows_;
  const PeriodTerms& terms_;
  std::size_t skip_, row_ = 0;
  std::uint32_t period_ = 1;
  std::vector<double> x_, y_, weights_;
};

/// The logit, by the logistic miner. Its intercept, where it has one, stands last there and first here.
void fit_logit(HazardModel& model, const OrderedLifetimes& rows, const PeriodTerms& terms, const Run& run) {
  const bool intercept = model.options.baseline == HazardBaseline::log_time;
  PersonPeriods periods(rows, terms, intercept);
  LogisticOptions options{.ridge = 0, .intercept = intercept, .rounds = model.options.rounds};
  const std::size_t parameters = terms.size() + rows.columns;
  for (std::size_t p = intercept ? 1 : 0; p < parameters; ++p) options.features.push_back(name_of(model, p));
  const LogisticModel fitted = fit_logistic(RowBatches{periods.columns(), [&] { periods.rewind(); },
                                                       [&](TrainingRows& batch) { return periods.next(batch); }},
                                            options, run);
  const auto place = [&](std::size_t parameter) {
    return intercept ? (parameter == 0 ? parameters - 1 : parameter - 1) : parameter;
  };
  std::vector<double> all;
  for (std::size_t p = 0; p < parameters; ++p) {
    const bool constant = intercept && p == 0;
    all.push_back(constant ? fitted.intercepts[0] : fitted.coefficients[place(p)]);
    model.aliased.push_back(fitted.aliased[place(p)]);
    for (std::size_t q = 0; q <= p; ++q)
      model.covariance.push_back(
          fitted.covariance[triangle_index(std::max(place(p), place(q)), std::min(place(p), place(q)))]);
  }
  model.baseline.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(terms.size()));
  model.coefficients.assign(all.begin() + static_cast<std::ptrdiff_t>(terms.size()), all.end());
  model.log_likelihood = fitted.log_likelihood;
  model.rounds = fitted.rounds;
  model.converged = fitted.converged;
}

/// The complementary log-log link by Newton's method, from the logit's estimate: where that exists this does, and
/// hazards are mostly small, so that both nearly agree.
class CloglogNewton {
 public:
  CloglogNewton(HazardModel& model, const OrderedLifetimes& rows, const PeriodTerms& terms)
      : model_(model), rows_(rows), terms_(terms), theta_(model.baseline) {
    for (std::size_t c = 0; c < rows.columns; ++c) theta_.push_back(model.coefficients[c] * rows.unit[c]);
    for (std::size_t p = 0; p < theta_.size(); ++p)
      if (model.aliased[p] == 0) free_.push_back(p);
    sums_ = cloglog_sums(rows_, terms_, theta_);
  }

  void run() {
    model_.converged = false;
    model_.rounds = 0;
    while (!model_.converged && model_.rounds < model_.options.rounds) round();
    fill();
  }

 private:
  void round() {
    ++model_.rounds;
    const std::vector<double> step = SymmetricFactors(sums_.information, free_, 0).solve(sums_.gradient);
    double gain = 0;
    for (std::size_t p = 0; p < step.size(); ++p) gain += step[p] * sums_.gradient[p] / 2;
    const double size = 1 + std::abs(sums_.log_likelihood);
    model_.converged = gain <= model_.options.tolerance * size;
    for (double share = 1; share > 1e-9; share /= 2) {
      std::vector<double> theta = theta_;
      for (std::size_t p = 0; p < theta.size(); ++p) theta[p] += share * step[p];
      HazardSums sums = cloglog_sums(rows_, terms_, theta);
      if (!(sums.log_likelihood >= sums_.log_likelihood - 1e-14 * size)) continue;
      theta_ = std::move(theta);
      sums_ = std::move(sums);
      return;
    }
    // Rounding allows no better point.
    model_.converged = true;
  }

  void fill() {
    const std::size_t base = terms_.size();
    const auto unit = [&](std::size_t p) { return p < base ? 1.0 : rows_.unit[p - base]; };
    model_.covariance = SymmetricFactors(sums_.information, free_, 0).inverse();
    for (std::size_t p = 0; p < theta_.size(); ++p) {
      (p < base ? model_.baseline[p] : model_.coefficients[p - base]) = theta_[p] / unit(p);
      for (std::size_t q = 0; q <= p; ++q) model_.covariance[triangle_index(p, q)] /= unit(p) * unit(q);
    }
    model_.log_likelihood = sums_.log_likelihood;
  }

  HazardModel& model_;
  const OrderedLifetimes& rows_;
  const PeriodTerms& terms_;
  std::vector<double> theta_;
  std::vector<std::size_t> free_;
  HazardSums sums_;
};

/// The chance to pass a period.
double passing(HazardLink link, double score) {
  const double odds = elementary::exp(score);
  return link == HazardLink::logit ? 1 / (1 + odds) : elementary::exp(-odds);
}

}  // namespace

HazardModel fit_hazard(const LifetimeRows& rows, const HazardOptions& options, const Run& run) {
  const LongCall call(run.progress);
  check_options(options, rows.x.columns());
  const OrderedLifetimes ordered = ordered_lifetimes(rows);
  check_times(rows.lifetimes);
  HazardModel model;
  model.options = options;
  model.rows = ordered.size();
  model.centre = ordered.centre;
  for (std::size_t r = 0; r < ordered.size(); ++r) {
    model.last = std::max(model.last, static_cast<std::uint32_t>(ordered.time[r]));
    model.periods += ordered.weight[r] * ordered.time[r];
    model.events += ordered.event[r] != 0 ? ordered.weight[r] : 0;
  }
  if (!(model.events > 0)) refuse_input("nothing has ended yet", "event", "give rows with events");
  if (!(model.events < model.periods)) refuse_input("everything ended at once", "event", "give finer periods");
  if (options.baseline == HazardBaseline::periods && model.last > most_periods)
    throw Error(Code::budget, "more than 400 periods cannot have a parameter each", "take log t, or longer periods");
  const PeriodTerms terms(options.baseline, model.last);
  model.baseline.resize(terms.size());
  fit_logit(model, ordered, terms, run);
  if (options.link == HazardLink::cloglog) CloglogNewton(model, ordered, terms).run();
  return model;
}

std::vector<double> predict_survival(const HazardModel& model, const NumberView& x,
                                     std::span<const std::uint32_t> periods, const Run& run) {
  check_columns(x, model.features());
  const std::uint32_t last = periods.empty() ? 0 : *std::max_element(periods.begin(), periods.end());
  const bool by_period = model.options.baseline == HazardBaseline::periods;
  if (last > (by_period ? model.last : most_time))
    refuse_input("the model knows no period so late", "periods",
                 by_period ? "log t goes beyond what was seen" : "give periods up to 100,000");
  const LongCall call(run.progress);
  const PeriodTerms terms(model.options.baseline, std::max(last, by_period ? model.last : 1));
  std::vector<double> out(x.rows() * periods.size());
  for_chunks(run, "hazard", x.rows(), 256, [&](std::size_t, std::size_t first, std::size_t count) {
    std::vector<double> kept(std::size_t{last} + 1, 1.0);
    for (std::size_t r = first; r < first + count; ++r) {
      double score = 0;
      for (std::size_t c = 0; c < x.columns(); ++c) score += model.coefficients[c] * (x(r, c) - model.centre[c]);
      for (std::uint32_t t = 1; t <= last; ++t)
        kept[t] = kept[t - 1] * passing(model.options.link, terms.value(model.baseline, t) + score);
      for (std::size_t i = 0; i < periods.size(); ++i) out[r * periods.size() + i] = kept[periods[i]];
    }
  });
  return out;
}

std::vector<HazardTerm> terms_of(const HazardModel& model, double level) {
  if (!(level > 0 && level < 1)) refuse_input("a level lies between 0 and 1", "level");
  const double bound = normal_bound(level);
  const std::size_t base = model.baseline.size();
  std::vector<HazardTerm> terms;
  for (std::size_t p = 0; p < base + model.features(); ++p) {
    HazardTerm& term = terms.emplace_back();
    term.name = name_of(model, p);
    term.estimate = term.lower = term.upper = p < base ? model.baseline[p] : model.coefficients[p - base];
    term.aliased = model.aliased[p] != 0;
    if (term.aliased) continue;
    term.standard_error = std::sqrt(std::max(model.covariance[triangle_index(p, p)], 0.0));
    term.z = term.standard_error > 0 ? term.estimate / term.standard_error : 0;
    term.p_value = normal_two_sided(term.z);
    term.lower -= bound * term.standard_error;
    term.upper += bound * term.standard_error;
  }
  return terms;
}

}  // namespace emptor::mine
