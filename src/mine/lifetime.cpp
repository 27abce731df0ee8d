#include "emptor/mine/lifetime.hpp"

#include <algorithm>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/fit_payload.hpp"
#include "mine/lifetime_data.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"
#include "mine/term_bounds.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "lifetime";
constexpr std::uint64_t payload_version = 1;
/// Of more distinct rows, a sample is fitted first, and all of them from there.
constexpr std::size_t sample_rows = 16'384;

/// Shapes of 1 and the mean rate of the rows; leaving at a pace that suits their ages.
std::vector<double> start_of(LifetimeKind kind, const SortedPurchases& rows) {
  double purchases = 0, time = 0, customers = 0;
  for (const auto& row : rows.rows) {
    purchases += row.weight * row.x;
    time += row.weight * row.age;
    customers += row.weight;
  }
  const double age = time > 0 ? std::clamp(time / customers, 1e-9, 1e11) : 1;
  const double alpha = std::clamp(age * std::clamp(customers / std::max(purchases, 1e-9), 1e-3, 1e3), 1e-9, 1e11);
  if (kind == LifetimeKind::nbd) return {1, alpha};
  if (kind == LifetimeKind::pareto_nbd) return {1, alpha, 1, age};
  return {1, alpha, 1, 2};
}

NewtonFit fit_rows(LifetimeKind kind, const SortedPurchases& rows, std::vector<double> start, std::size_t rounds,
                   const Run& run) {
  NewtonLimits limits;
  limits.rounds = rounds;
  return maximise(
      [&](const std::vector<double>& parameters) { return lifetime_likelihood(kind, rows, parameters, run); },
      std::move(start), limits);
}

/// All rows, begun where a sample of them ends; where the sample ends nowhere, at the given start.
NewtonFit fit_all(const LifetimeOptions& options, const SortedPurchases& rows, const Run& run) {
  std::vector<double> start = options.start.empty() ? start_of(options.kind, rows) : options.start;
  if (rows.rows.size() >= 4 * sample_rows) {
    const SortedPurchases sample = rows.sampled(rows.rows.size() / sample_rows);
    const NewtonFit first = fit_rows(options.kind, sample, start, options.rounds, run);
    if (first.end == FitEnd::certified || first.end == FitEnd::vague) start = first.parameters;
  }
  return fit_rows(options.kind, rows, std::move(start), options.rounds, run);
}

}  // namespace

std::span<const std::string_view> parameter_names(LifetimeKind kind) noexcept {
  static constexpr std::string_view pareto[] = {"r", "alpha", "s", "beta"}, others[] = {"r", "alpha", "a", "b"};
  return std::span<const std::string_view>(kind == LifetimeKind::pareto_nbd ? pareto : others)
      .first(parameters_of(kind));
}

std::string_view name_of(LifetimeKind kind) noexcept {
  constexpr std::string_view names[] = {"nbd", "bg_nbd", "mbg_nbd", "pareto_nbd"};
  return names[static_cast<std::size_t>(kind)];
}

LifetimeModel fit_lifetime(const Purchases& given, const LifetimeOptions& options, const Run& run) {
  const LongCall call(run.progress);
  if (!options.start.empty()) check_parameters(options.kind, options.start, "start");
  const SortedPurchases rows = sorted(given, run);
  if (rows.rows.empty()) refuse_input("there is no row with a weight above 0", "frequency");
  if (rows.rows.back().x == 0) refuse_input("no customer bought again: nothing tells how often they buy", "frequency");
  const NewtonFit fit = fit_all(options, rows, run);
  LifetimeModel model{options, {}, fit.parameters, fit.covariance, fit.value, fit.certificate, fit.end, fit.rounds};
  model.rows = rows.rows.size();
  model.customers = rows.customers();
  return model;
}

LifetimeModel lifetime_of(LifetimeKind kind, std::span<const double> parameters) {
  check_parameters(kind, parameters, "parameters");
  LifetimeModel model;
  model.options.kind = kind;
  model.parameters.assign(parameters.begin(), parameters.end());
  return model;
}

std::vector<LifetimeTerm> terms_of(const LifetimeModel& model, double level) {
  return positive_terms(parameter_names(model.options.kind), model.parameters, model.covariance, level);
}

std::string save(const LifetimeModel& model) {
  ModelFrame frame{std::string(algorithm),
                   payload_version,
                   OptionsText().word("kind", name_of(model.options.kind)).whole("rounds", model.options.rounds).text(),
                   model.data_version,
                   {}};
  std::string& out = frame.payload;
  append_varint(out, static_cast<std::uint64_t>(model.options.kind));
  append_fit(out, model);
  return to_bytes(frame);
}

LifetimeModel load_lifetime(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  LifetimeModel model;
  model.data_version = frame.data_version;
  const std::uint64_t kind = reader.varint();
  expect(kind <= static_cast<std::uint64_t>(LifetimeKind::pareto_nbd));
  model.options.kind = static_cast<LifetimeKind>(kind);
  read_fit(reader, model, parameters_of(model.options.kind));
  expect(reader.done());
  return model;
}

}  // namespace emptor::mine
