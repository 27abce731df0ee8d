#include "emptor/mine/lifetime_covariates.hpp"

#include <cmath>
#include <numeric>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/covariate_groups.hpp"
#include "mine/distributions.hpp"
#include "mine/fit_payload.hpp"
#include "mine/model_json.hpp"
#include "mine/refusal.hpp"
#include "mine/term_bounds.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "covariate_lifetime";
constexpr std::uint64_t payload_version = 1;

void check_kind(LifetimeKind kind, std::size_t leaving) {
  if (kind == LifetimeKind::nbd && leaving > 0) refuse_row("nobody leaves in this model", "leaving");
}

/// Means and spreads of the covariates over customers: fits take them as (value - mean) / spread, so that steps of a
/// coefficient are alike, and a year of birth does not move alpha by a factor beyond all bounds.
struct Standard {
  std::vector<double> means, spreads;
};

/// What a fit works on.
struct FitGroups {
  std::vector<SortedPurchases> rows;
  std::vector<double> values;  ///< groups x columns
  std::size_t columns = 0, rate = 0;

  Standard standard() const;
  /// Standardised.
  std::vector<GroupSlopes> slopes(LifetimeKind kind, const Standard& standard) const;
};

FitGroups fit_groups(const CovariateRows& given, const Run& run) {
  const CovariateGroups groups = grouped(given);
  std::vector<SortedPurchases> sorted_rows(groups.size());
  each_group(groups.size(), run, [&](std::size_t group, const Run& own) {
    const GatheredPurchases part(given.purchases, groups.rows_of(group));
    sorted_rows[group] = sorted(part.view(), own);
  });
  FitGroups out;
  out.columns = groups.columns;
  out.rate = given.rate.columns();
  for (std::size_t group = 0; group < groups.size(); ++group) {
    if (sorted_rows[group].rows.empty()) continue;  // no weight above 0
    out.rows.push_back(std::move(sorted_rows[group]));
    const std::vector<double> values = groups.values_of(group);
    out.values.insert(out.values.end(), values.begin(), values.end());
  }
  return out;
}

Standard FitGroups::standard() const {
  Standard out{std::vector<double>(columns, 0.0), std::vector<double>(columns, 0.0)};
  double all = 0;
  for (const SortedPurchases& group : rows) all += group.customers();
  for (std::size_t column = 0; column < columns; ++column) {
    for (std::size_t group = 0; group < rows.size(); ++group)
      out.means[column] += rows[group].customers() / all * values[group * columns + column];
    for (std::size_t group = 0; group < rows.size(); ++group) {
      const double apart = values[group * columns + column] - out.means[column];
      out.spreads[column] += rows[group].customers() / all * apart * apart;
    }
    out.spreads[column] = std::sqrt(out.spreads[column]);
    bool varies = false;
    for (std::size_t group = 1; group < rows.size() && !varies; ++group)
      varies = values[group * columns + column] != values[column];
    if (varies && out.spreads[column] > 0 && std::isfinite(out.spreads[column])) continue;
    const bool of_rate = column < rate;
    refuse_row("a covariate is the same for all customers, or has no finite variance", of_rate ? "rate" : "leaving", {},
               "leave out column " + std::to_string((of_rate ? column : column - rate) + 1));
  }
  return out;
}

std::vector<GroupSlopes> FitGroups::slopes(LifetimeKind kind, const Standard& standard) const {
  std::vector<GroupSlopes> out;
  for (std::size_t group = 0; group < rows.size(); ++group) {
    std::vector<double> own(columns);
    for (std::size_t column = 0; column < columns; ++column)
      own[column] = (values[group * columns + column] - standard.means[column]) / standard.spreads[column];
    out.emplace_back(kind, rate, std::move(own));
  }
  return out;
}

Curvature likelihood(LifetimeKind kind, const FitGroups& groups, const std::vector<GroupSlopes>& slopes,
                     const std::vector<double>& parameters, const Run& run) {
  std::vector<Curvature> each(groups.rows.size());
  each_group(groups.rows.size(), run, [&](std::size_t group, const Run& own) {
    each[group] = lifetime_likelihood(kind, groups.rows[group], slopes[group].parameters(parameters), own);
  });
  Curvature all(parameters.size());
  for (std::size_t group = 0; group < each.size(); ++group) slopes[group].add(each[group], parameters, all);
  return all;
}

/// Parameters and covariance by the covariates themselves, of those found by standardised ones.
void unstandardise(LifetimeKind kind, std::size_t rate, const Standard& standard, NewtonFit& fit) {
  const std::size_t n = fit.parameters.size(), own = parameters_of(kind);
  // A customer whose covariates are all 0 is so many spreads away from the mean.
  std::vector<double> at_zero(standard.means.size());
  for (std::size_t i = 0; i < at_zero.size(); ++i) at_zero[i] = -standard.means[i] / standard.spreads[i];
  const GroupSlopes zero(kind, rate, at_zero);
  const std::vector<double> base = zero.parameters(fit.parameters);
  std::vector<double> jacobian(n * n, 0.0);
  for (std::size_t k = 0; k < own; ++k) {
    if (!(base[k] > 0 && std::isfinite(base[k])))
      refuse_row("a covariate lies so far from 0 that no parameters belong to 0", "rate", {},
                 "subtract the mean of each covariate");
    jacobian[k * n + k] = base[k] / fit.parameters[k];
    for (std::size_t i = 0; i < at_zero.size(); ++i) jacobian[k * n + own + i] = base[k] * zero.slope(k, i);
  }
  for (std::size_t i = 0; i < at_zero.size(); ++i) jacobian[(own + i) * n + own + i] = 1 / standard.spreads[i];
  for (std::size_t k = 0; k < own; ++k) fit.parameters[k] = base[k];
  for (std::size_t i = 0; i < at_zero.size(); ++i) fit.parameters[own + i] /= standard.spreads[i];
  if (!fit.covariance.empty()) fit.covariance = turned(fit.covariance, jacobian, n);
}

void check_model(const CovariateLifetimeModel& model) {
  check_kind(model.options.kind, model.leaving);
  const std::size_t own = parameters_of(model.options.kind);
  if (model.parameters.size() != own + model.rate + model.leaving)
    refuse_row("the model has " + std::to_string(own + model.rate + model.leaving) + " parameters", "parameters");
  for (std::size_t i = 0; i < model.parameters.size(); ++i) {
    const double value = model.parameters[i];
    if (!std::isfinite(value) || (i < own && !(value > 0))) refuse_row("a parameter is not finite", "parameters");
  }
}

/// Calls work(model of the group, its rows, where their numbers go, run) for each group.
void by_group(const CovariateLifetimeModel& model, const CovariateRows& rows, std::span<double> out, const Run& run,
              const std::function<void(const LifetimeModel&, const Purchases&, std::span<double>, const Run&)>& work) {
  const LongCall call(run.progress);
  check_model(model);
  check_output(rows.purchases.size(), out.size());
  each_group_of(model, rows, run,
                [&](const LifetimeModel& one, const Purchases& part, std::span<const std::size_t> places,
                    const Run& own) {
                  std::vector<double> found(places.size());
                  work(one, part, found, own);
                  for (std::size_t i = 0; i < places.size(); ++i) out[places[i]] = found[i];
                });
}

}  // namespace

CovariateLifetimeModel fit_covariate_lifetime(const CovariateRows& rows, const LifetimeOptions& options,
                                              const Run& run) {
  const LongCall call(run.progress);
  check_kind(options.kind, rows.leaving.columns());
  const LifetimeModel plain = fit_lifetime(rows.purchases, options, run);
  const FitGroups groups = fit_groups(rows, run);
  const Standard standard = groups.standard();
  const std::vector<GroupSlopes> slopes = groups.slopes(options.kind, standard);
  std::vector<double> start = plain.parameters;
  start.resize(start.size() + groups.columns, 0.0);
  NewtonLimits limits;
  limits.rounds = options.rounds;
  limits.plain = groups.columns;
  NewtonFit fit = maximise(
      [&](const std::vector<double>& parameters) {
        return likelihood(options.kind, groups, slopes, parameters, run);
      },
      std::move(start), limits);
  unstandardise(options.kind, groups.rate, standard, fit);
  CovariateLifetimeModel model;
  model.options = options;
  model.rate = groups.rate;
  model.leaving = groups.columns - groups.rate;
  model.plain_log_likelihood = plain.log_likelihood;
  take_fit(model, std::move(fit));
  for (const SortedPurchases& group : groups.rows) model.rows += group.rows.size();
  model.groups = groups.rows.size();
  model.customers = plain.customers;
  return model;
}

CovariateLifetimeModel covariate_lifetime_of(LifetimeKind kind, std::size_t rate, std::size_t leaving,
                                             std::span<const double> parameters) {
  CovariateLifetimeModel model;
  model.options.kind = kind;
  model.rate = rate;
  model.leaving = leaving;
  model.parameters.assign(parameters.begin(), parameters.end());
  check_model(model);
  return model;
}

LifetimeModel lifetime_of(const CovariateLifetimeModel& model, std::span<const double> rate,
                          std::span<const double> leaving) {
  check_model(model);
  if (rate.size() != model.rate) refuse_row("there are not as many covariates as coefficients", "rate");
  if (leaving.size() != model.leaving) refuse_row("there are not as many covariates as coefficients", "leaving");
  std::vector<double> values(rate.begin(), rate.end());
  values.insert(values.end(), leaving.begin(), leaving.end());
  const GroupSlopes slopes(model.options.kind, model.rate, std::move(values));
  return lifetime_of(model.options.kind, slopes.parameters(model.parameters));
}

void log_likelihoods(const CovariateLifetimeModel& model, const CovariateRows& rows, std::span<double> out,
                     const Run& run) {
  by_group(model, rows, out, run,
           [](const LifetimeModel& one, const Purchases& part, std::span<double> found, const Run& own) {
             log_likelihoods(one, part, found, own);
           });
}

void log_alive(const CovariateLifetimeModel& model, const CovariateRows& rows, std::span<double> out, const Run& run) {
  by_group(model, rows, out, run,
           [](const LifetimeModel& one, const Purchases& part, std::span<double> found, const Run& own) {
             log_alive(one, part, found, own);
           });
}

void chance_alive(const CovariateLifetimeModel& model, const CovariateRows& rows, double ahead, std::span<double> out,
                  const Run& run) {
  by_group(model, rows, out, run,
           [ahead](const LifetimeModel& one, const Purchases& part, std::span<double> found, const Run& own) {
             chance_alive(one, part, ahead, found, own);
           });
}

void expected_purchases(const CovariateLifetimeModel& model, const CovariateRows& rows, double from, double until,
                        std::span<double> out, const Run& run) {
  by_group(model, rows, out, run,
           [=](const LifetimeModel& one, const Purchases& part, std::span<double> found, const Run& own) {
             expected_purchases(one, part, from, until, found, own);
           });
}

void discounted_purchases(const CovariateLifetimeModel& model, const CovariateRows& rows, double rate, double horizon,
                          std::span<double> out, const Run& run) {
  by_group(model, rows, out, run,
           [=](const LifetimeModel& one, const Purchases& part, std::span<double> found, const Run& own) {
             discounted_purchases(one, part, rate, horizon, found, own);
           });
}

std::vector<LifetimeTerm> terms_of(const CovariateLifetimeModel& model, double level) {
  const std::size_t own = parameters_of(model.options.kind);
  std::vector<LifetimeTerm> terms;
  const TermBounds bounds(model.covariance, level);
  for (std::size_t i = 0; i < own; ++i)
    terms.push_back(bounds.positive(parameter_names(model.options.kind)[i], i, model.parameters[i]));
  for (std::size_t i = own; i < model.parameters.size(); ++i) {
    const bool of_rate = i < own + model.rate;
    const std::size_t number = of_rate ? i - own + 1 : i - own - model.rate + 1;
    terms.push_back(
        bounds.plain((of_rate ? "rate " : "leaving ") + std::to_string(number), i, model.parameters[i]));
  }
  return terms;
}

double covariates_p_value(const CovariateLifetimeModel& model) {
  if (model.covariance.empty() && model.rounds == 0) throw Error(Code::misuse, "the model was not fitted");
  const auto degrees = static_cast<double>(model.rate + model.leaving);
  const double gain = std::max(2 * (model.log_likelihood - model.plain_log_likelihood), 0.0);
  return degrees > 0 ? chi_square_above(gain, degrees) : 1;
}

std::string save(const CovariateLifetimeModel& model) {
  ModelFrame frame{std::string(algorithm),
                   payload_version,
                   OptionsText().word("kind", name_of(model.options.kind)).whole("rounds", model.options.rounds).text(),
                   model.data_version,
                   {}};
  std::string& out = frame.payload;
  append_varint(out, static_cast<std::uint64_t>(model.options.kind));
  append_varint(out, model.rate);
  append_varint(out, model.leaving);
  append_varint(out, model.groups);
  append_double(out, model.plain_log_likelihood);
  append_fit(out, model);
  return to_bytes(frame);
}

CovariateLifetimeModel load_covariate_lifetime(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  CovariateLifetimeModel model;
  model.data_version = frame.data_version;
  const std::uint64_t kind = reader.varint();
  expect(kind <= static_cast<std::uint64_t>(LifetimeKind::pareto_nbd));
  model.options.kind = static_cast<LifetimeKind>(kind);
  model.rate = reader.varint();
  model.leaving = reader.varint();
  expect(model.rate <= bytes.size() && model.leaving <= bytes.size());
  model.groups = reader.varint();
  model.plain_log_likelihood = read_double(reader);
  const std::size_t own = parameters_of(model.options.kind);
  read_fit(reader, model, {own, own + model.rate + model.leaving});
  expect(reader.done());
  return model;
}

}  // namespace emptor::mine
