#include "insight/lifetime/lifetime_work.hpp"

#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "insight/insight_runs.hpp"

namespace emptor {
namespace {

namespace json = boost::json;
using mine::FitEnd;

/// Why figures of a fit are not to be trusted; empty where they are.
std::string_view doubt_of(FitEnd end) {
  switch (end) {
    case FitEnd::certified:
      return {};
    case FitEnd::vague:
      return "an interval of a parameter spans a factor above twenty: more customers or a longer time are needed";
    case FitEnd::boundary:
      return "the likelihood still rises where a parameter goes to 0 or infinity: a simpler model fits as well";
    case FitEnd::unidentified:
      return "the data do not tell the parameters apart";
    case FitEnd::rounds:
      return "the fit did not end";
  }
  return {};
}

/// Why there is no value where there are purchases; empty where there is one.
std::string_view spend_doubt(const LifetimeOutcome& outcome) {
  if (!outcome.spend_model) return "no customer has a repeat purchase with an amount above 0";
  return has_estimate(outcome.spend_model->end) || !outcome.value.empty() ? std::string_view()
                                                                          : doubt_of(outcome.spend_model->end);
}

std::string verdict_of(const LifetimeRows& rows, const LifetimeRequest& request, const LifetimeOutcome& outcome) {
  if (rows.size() == 0) return "insufficient: there are no purchases";
  if (!outcome.model) return "insufficient: no customer bought more than once";
  if (!request.parameters.empty()) return "given parameters: nothing was fitted";
  const std::string_view doubt = doubt_of(outcome.model->end());
  if (!doubt.empty()) return "insufficient: " + std::string(doubt);
  const std::string_view unpriced = spend_doubt(outcome);
  return unpriced.empty() ? "sufficient" : "sufficient for purchases, not for their value: " + std::string(unpriced);
}

constexpr std::string_view names_of_spend[] = {"p", "q", "gamma"};

template <class Names>
json::object named(const Names& names, std::span<const double> numbers) {
  json::object object;
  for (std::size_t i = 0; i < numbers.size(); ++i) object[names[i]] = number_json(numbers[i]);
  return object;
}

/// Square roots of the diagonal of a lower triangle.
std::vector<double> standard_errors(const std::vector<double>& covariance) {
  std::vector<double> errors;
  for (std::size_t at = 0, step = 2; at < covariance.size(); at += step++) errors.push_back(std::sqrt(covariance[at]));
  return errors;
}

template <class Model, class Names>
json::object model_json(const Model& model, const Names& names, std::span<const double> numbers) {
  return {{"parameters", named(names, numbers)},
          {"standard_errors", named(names, standard_errors(model.covariance))},
          {"log_likelihood", number_json(model.log_likelihood)},
          {"certificate", number_json(model.certificate)},
          {"end", name_of(model.end)},
          {"customers", model.customers}};
}

json::object spend_json(const mine::SpendModel& model) {
  const double numbers[] = {model.p, model.q, model.gamma};
  return model_json(model, names_of_spend, numbers);
}

double sum_of(const std::vector<double>& numbers) {
  DoubleSum sum;
  for (const double number : numbers) sum.add(number);
  return sum.value();
}

/// Of the model's own parameters, then of the covariates of the rate and of leaving.
std::vector<std::string> parameter_names(const FittedLifetime& model, const LifetimeCovariates& covariates) {
  const auto own = mine::parameter_names(model.kind());
  std::vector<std::string> names(own.begin(), own.end());
  if (model.with_covariates() == nullptr) return names;
  const auto add = [&](const char* of, const PlainCovariates* columns) {
    if (columns == nullptr) return;
    for (const std::string& name : columns->names) names.push_back(of + name);
  };
  add("rate.", covariates.rate);
  add("leaving.", covariates.leaving);
  return names;
}

FittedLifetime lifetime_model(const LifetimeQuestion& of, const LifetimeRequest& request, const mine::Run& run) {
  if (request.parameters.empty()) return fit_lifetimes(of, request.kind, run);
  const std::size_t rate = of.rows().rate.columns(), leaving = of.rows().leaving.columns();
  if (rate + leaving == 0) return FittedLifetime(mine::lifetime_of(request.kind, request.parameters));
  return FittedLifetime(mine::covariate_lifetime_of(request.kind, rate, leaving, request.parameters));
}

/// Of buyers with a mean above 0; nothing where nobody has one.
std::optional<mine::SpendModel> spend_model(const LifetimeRows& rows, const LifetimeRequest& request,
                                            const mine::Run& run) {
  if (!request.spend_parameters.empty())
    return mine::spend_of(request.spend_parameters.at(0), request.spend_parameters.at(1),
                          request.spend_parameters.at(2));
  std::vector<double> counts, means;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!(rows.spend_count[i] > 0) || !(rows.spend[i] > 0)) continue;
    counts.push_back(rows.spend_count[i]);
    means.push_back(rows.spend[i]);
  }
  if (counts.empty()) return std::nullopt;
  return mine::fit_spend({counts, means}, {}, run);
}

/// What a purchase of each customer is expected to bring; a mean that is not above 0 tells nothing.
std::vector<double> expected_spends(const LifetimeRows& rows, const mine::SpendModel& model, const mine::Run& run) {
  std::vector<double> counts = rows.spend_count, spends(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!(rows.spend[i] > 0)) counts[i] = 0;
  expected_spend(model, {counts, rows.spend}, spends, run);
  return spends;
}

void add_intervals(const LifetimeQuestion& of, const LifetimeRequest& request, const mine::Run& run,
                   LifetimeOutcome& out) {
  const std::size_t rows = of.plain().size();
  const auto filled = [rows](std::vector<double>& column) -> std::vector<double>& {
    column.resize(rows);
    return column;
  };
  const bool known = out.model->visit([](const auto& model) { return !model.covariance.empty(); });
  if (known)
    out.model->expected_interval(of, request.horizon, *request.interval_level, filled(out.expected_low),
                                 filled(out.expected_high), run);
  if (request.horizon > 0)
    out.model->purchase_interval(of, request.horizon, *request.interval_level, filled(out.purchases_low),
                                 filled(out.purchases_high), run);
}

void predict(const LifetimeQuestion& of, const LifetimeRows& rows, const LifetimeRequest& request, const mine::Run& run,
             LifetimeOutcome& out) {
  out.alive.resize(rows.size());
  out.expected.resize(rows.size());
  out.model->chance_alive(of, 0, out.alive, run);
  out.model->expected_purchases(of, request.horizon, out.expected, run);
  if (request.interval_level) add_intervals(of, request, run, out);
  if (!out.spend_model || !(has_estimate(out.spend_model->end) || !request.spend_parameters.empty())) return;
  out.spend = expected_spends(rows, *out.spend_model, run);
  out.value.resize(rows.size());
  const double rate = elementary::log(1 + request.discount) / units_a_year(request.rows.unit);
  out.model->discounted_purchases(of, rate, request.horizon, out.value, run);
  mine::customer_value(std::vector<double>(out.value), out.spend, request.margin, out.value);
}

}  // namespace

LifetimeOutcome predict_lifetimes(const CustomerLines& lines, const LifetimeRows& rows,
                                  const LifetimeCovariates& covariates, const LifetimeRequest& request,
                                  const mine::Run& run) {
  LifetimeOutcome out;
  const bool repeats = std::any_of(rows.frequency.begin(), rows.frequency.end(), [](double x) { return x > 0; });
  if (rows.size() == 0 || (!repeats && request.parameters.empty())) return out;
  const LifetimeQuestion question(rows, covariates);
  out.model = lifetime_model(question, request, run);
  out.spend_model = spend_model(rows, request, run);
  const bool fitted = request.parameters.empty();
  if (!has_estimate(out.model->end()) && fitted) return out;
  predict(question, rows, request, run, out);
  if (fitted && request.diagnostics)
    out.checks = check_lifetimes(lines, rows, covariates, *out.model, {request.hold_out, request.horizon}, run);
  return out;
}

json::object lifetime_json(const LifetimeRows& rows, const LifetimeCovariates& covariates,
                           const LifetimeRequest& request, const LifetimeOutcome& outcome) {
  json::object told;
  if (outcome.model) {
    const std::vector<std::string> names = parameter_names(*outcome.model, covariates);
    told = outcome.model->visit([&](const auto& model) { return model_json(model, names, model.parameters); });
    if (const auto* model = outcome.model->with_covariates(); model != nullptr && request.parameters.empty())
      told["covariates"] = json::object{{"log_likelihood_without", number_json(model->plain_log_likelihood)},
                                        {"p_value", number_json(covariates_p_value(*model))},
                                        {"groups", model->groups}};
  }
  told["customers"] = rows.size();
  told["repeat_purchases"] = sum_of(rows.frequency);
  told["until"] = rows.size() == 0 ? json::value() : json::value(to_string(rows.until));
  told["revenue"] = decimal_json(rows.revenue);
  told["expected"] = outcome.usable() ? json::value(sum_of(outcome.expected)) : json::value();
  told["mean_alive"] =
      outcome.usable() ? json::value(sum_of(outcome.alive) / static_cast<double>(rows.size())) : json::value();
  told["value"] = outcome.value.empty() ? json::value() : json::value(sum_of(outcome.value));
  told["gamma_gamma"] = outcome.spend_model ? json::value(spend_json(*outcome.spend_model)) : json::value();
  told["diagnostics"] = outcome.checks ? json::value(checks_json(*outcome.checks)) : json::value();
  told["verdict"] = verdict_of(rows, request, outcome);
  told["options"] = lifetime_options_json(request);
  return told;
}

NamedTable lifetime_table(const LifetimeRows& rows, const LifetimeOutcome& outcome, Column customers) {
  NamedTable table;
  table.add("customer", customers.type) = std::move(customers);
  const auto add = [&](std::string_view name, const std::vector<double>& numbers) {
    if (!numbers.empty() || rows.size() == 0) table.add(name, Type::real) = real_column(numbers);
  };
  add("frequency", rows.frequency);
  add("recency", rows.recency);
  add("age", rows.age);
  add("spend", rows.spend);
  add("alive", outcome.alive);
  add("expected", outcome.expected);
  add("expected_spend", outcome.spend);
  add("value", outcome.value);
  const auto add_asked = [&](std::string_view name, const std::vector<double>& numbers) {
    if (!numbers.empty()) add(name, numbers);
  };
  add_asked("expected_low", outcome.expected_low);
  add_asked("expected_high", outcome.expected_high);
  add_asked("purchases_low", outcome.purchases_low);
  add_asked("purchases_high", outcome.purchases_high);
  return table;
}

}  // namespace emptor
