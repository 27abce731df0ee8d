#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "mine/lifetime_data.hpp"
#include "mine/residual.hpp"
#include "mine/residual_cells.hpp"
#include "mine/row_blocks.hpp"
#include "mine/special.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr double endless = std::numeric_limits<double>::infinity();

void fill_tile(const Purchases& rows, std::size_t first, std::size_t end, LifetimeTile& tile) {
  tile.rows = end - first;
  const std::size_t whole = (tile.rows + lifetime_lanes - 1) / lifetime_lanes * lifetime_lanes;
  for (std::size_t i = 0; i < whole; ++i) {
    const bool real = i < tile.rows;
    tile.x[i] = real ? rows.frequency[first + i] : 0;
    tile.tx[i] = real ? rows.recency[first + i] : 0;
    tile.age[i] = real ? rows.age[first + i] : 1;
  }
}

/// Calls work(row, log of the odds of having left, log-likelihood without the term of x).
template <class Work>
void each_row(const LifetimeModel& model, const Purchases& rows, const Run& run, Work&& work) {
  const LifetimeParameters p = tile_parameters(model.options.kind, model.parameters);
  in_blocks(rows.size(), 16 * lifetime_rows, run, "lifetimes", [&](std::size_t first, std::size_t end) {
    LifetimeWorker worker(p);
    for (; first < end; first += lifetime_rows) {
      fill_tile(rows, first, std::min(first + lifetime_rows, end), worker.tile());
      worker.values();
      for (std::size_t i = 0; i < worker.tile().rows; ++i) {
        work(first + i, worker.tile().log_odds[i], worker.tile().value[i]);
      }
    }
  });
}

void check(const LifetimeModel& model, const Purchases& rows, std::size_t out, const Run& run) {
  check_parameters(model.options.kind, model.parameters, "parameters");
  check_output(rows.size(), out);
  check_purchases(rows, run);
}

double alive(double log_odds) { return elementary::exp(-special::softplus(log_odds)); }

/// Parameters by name, and what a customer with x purchases by T is then.
struct Process {
  explicit Process(const LifetimeModel& model) : kind(model.options.kind), r(model.parameters[0]) {
    alpha = model.parameters[1];
    if (model.parameters.size() == 4) s = model.parameters[2], beta = model.parameters[3];
  }
  BetaLeaving leaving(double x) const { return {r + x, s, beta + x + (kind == LifetimeKind::mbg_nbd ? 1.0 : 0.0)}; }
  bool leaves_by_purchase() const { return kind == LifetimeKind::bg_nbd || kind == LifetimeKind::mbg_nbd; }
  LifetimeKind kind;
  double r, alpha, s = 1, beta = 1;
};

void check_span(double from, double until) {
  if (!(from >= 0 && from <= 1e12)) refuse_input("a time from now lies between 0 and 1e12", "from");
  if (!(until >= from && until <= 1e12)) refuse_input("the end lies after the beginning, up to 1e12", "until");
}

/// The frequency's terms of the x that come often.
class FrequencyTerms {
 public:
  FrequencyTerms(LifetimeKind kind, const std::vector<double>& parameters) : kind_(kind), parameters_(parameters) {}
  double operator()(double x) {
    if (x >= static_cast<double>(known_.size())) return frequency_term(kind_, parameters_, x);
    std::optional<double>& known = known_[static_cast<std::size_t>(x)];
    if (!known) known = frequency_term(kind_, parameters_, x);
    return *known;
  }

 private:
  LifetimeKind kind_;
  const std::vector<double>& parameters_;
  std::array<std::optional<double>, 256> known_;
};

/// `f` of each x and A = alpha + T, times the chance to be there.
void by_cells(const LifetimeModel& model, const Purchases& rows, const ResidualCells::Function& f,
              std::span<double> out, const Run& run) {
  const double alpha = model.parameters[1];
  const ResidualCells cells(
      rows.size(), [&](std::size_t row) { return std::pair(rows.frequency[row], alpha + rows.age[row]); }, f, run);
  each_row(model, rows, run, [&](std::size_t row, double log_odds, double) {
    out[row] = alive(log_odds) * cells(rows.frequency[row], alpha + rows.age[row]);
  });
}

void refuse_endless() {
  refuse_input("the mean is infinite: customers are expected to buy for ever", "horizon",
               "ask for a horizon, or discount at a rate above 0");
}

}  // namespace

void log_likelihoods(const LifetimeModel& model, const Purchases& rows, std::span<double> out, const Run& run) {
  const LongCall call(run.progress);
  check(model, rows, out.size(), run);
  each_row(model, rows, run, [&](std::size_t row, double, double value) { out[row] = value; });
  in_blocks(rows.size(), 1 << 14, run, "lifetimes", [&](std::size_t first, std::size_t end) {
    FrequencyTerms terms(model.options.kind, model.parameters);
    for (; first < end; ++first) out[first] += terms(rows.frequency[first]);
  });
}

void log_alive(const LifetimeModel& model, const Purchases& rows, std::span<double> out, const Run& run) {
  const LongCall call(run.progress);
  check(model, rows, out.size(), run);
  each_row(model, rows, run,
           [&](std::size_t row, double log_odds, double) { out[row] = -special::softplus(log_odds); });
}

void chance_alive(const LifetimeModel& model, const Purchases& rows, double ahead, std::span<double> out,
                  const Run& run) {
  const LongCall call(run.progress);
  check_span(0, ahead);
  check(model, rows, out.size(), run);
  const Process process(model);
  each_row(model, rows, run, [&](std::size_t row, double log_odds, double) {
    double log_stays = 0, stays = 1;
    if (ahead > 0 && process.kind == LifetimeKind::pareto_nbd) {
      log_stays = -process.s * special::log1p(ahead / (process.beta + rows.age[row]));
    } else if (ahead > 0 && process.leaves_by_purchase()) {
      stays = process.leaving(rows.frequency[row]).stays(ahead / (process.alpha + rows.age[row]));
    }
    out[row] = stays * elementary::exp(log_stays - special::softplus(log_odds));
  });
}

void expected_purchases(const LifetimeModel& model, const Purchases& rows, double from, double until,
                        std::span<double> out, const Run& run) {
  const LongCall call(run.progress);
  check_span(from, until);
  check(model, rows, out.size(), run);
  const Process process(model);
  if (process.leaves_by_purchase() && from == 0) {
    const auto f = [&](double x, double a) { return process.leaving(x).purchases(0, until / a); };
    return by_cells(model, rows, f, out, run);
  }
  each_row(model, rows, run, [&](std::size_t row, double log_odds, double) {
    const double x = rows.frequency[row], age = rows.age[row], a = process.alpha + age;
    if (process.leaves_by_purchase()) {
      out[row] = alive(log_odds) * process.leaving(x).purchases(from / a, until / a);
      return;
    }
    const double time =
        process.kind == LifetimeKind::nbd ? until - from : pareto_time(process.s, process.beta + age, from, until);
    out[row] = alive(log_odds) * ((process.r + x) / a) * time;
  });
}

void discounted_purchases(const LifetimeModel& model, const Purchases& rows, double rate, double horizon,
                          std::span<double> out, const Run& run) {
  const LongCall call(run.progress);
  if (!(rate >= 0 && rate <= 1e6)) refuse_input("a rate lies between 0 and 1e6", "rate");
  if (!(horizon >= 0)) refuse_input("a horizon is 0 or more", "horizon");
  if (horizon > 1e12) horizon = endless;
  check(model, rows, out.size(), run);
  const Process process(model);
  const bool finite = process.kind != LifetimeKind::nbd && process.s > 1;
  if (rate == 0 && horizon == endless && !finite) refuse_endless();
  if (process.leaves_by_purchase()) {
    const auto f = [&](double x, double a) { return process.leaving(x).discounted(rate * a, horizon / a); };
    return by_cells(model, rows, f, out, run);
  }
  if (process.kind == LifetimeKind::nbd) {
    const double time = rate == 0 ? horizon : -special::expm1(-rate * horizon) / rate;
    each_row(model, rows, run, [&](std::size_t row, double, double) {
      out[row] = (process.r + rows.frequency[row]) / (process.alpha + rows.age[row]) * time;
    });
    return;
  }
  const ResidualCells cells(
      rows.size(), [&](std::size_t row) { return std::pair(0.0, process.beta + rows.age[row]); },
      [&](double, double age) { return discounted_pareto_time(process.s, age, rate, horizon); }, run);
  each_row(model, rows, run, [&](std::size_t row, double log_odds, double) {
    const double rate_now = (process.r + rows.frequency[row]) / (process.alpha + rows.age[row]);
    out[row] = alive(log_odds) * rate_now * cells(0, process.beta + rows.age[row]);
  });
}

}  // namespace emptor::mine
