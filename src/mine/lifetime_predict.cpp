#include "emptor/mine/kept_lifetime.hpp"

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

/// What the likelihood says of one row.
struct Seen {
  double log_odds;  ///< of having left
  double stays;     ///< the chance not to have
  double value;     ///< the log-likelihood without the term of x
};

Seen seen(const LifetimeTile& tile, std::size_t at) {
  const double log_odds = tile.log_odds[at];
  return {log_odds, log_odds > 600 ? elementary::exp(-log_odds) : tile.stays[at], tile.value[at]};
}

/// Calls work(row, what is seen of it).
template <class Work>
void each_row(const LifetimeModel& model, const Purchases& rows, const Run& run, Work&& work) {
  const LifetimeParameters p = tile_parameters(model.options.kind, model.parameters);
  in_blocks(rows.size(), 16 * lifetime_rows, run, "lifetimes", [&](std::size_t first, std::size_t end) {
    LifetimeWorker worker(p);
    for (; first < end; first += lifetime_rows) {
      fill_tile(rows, first, std::min(first + lifetime_rows, end), worker.tile());
      worker.values();
      for (std::size_t i = 0; i < worker.tile().rows; ++i) {
        work(first + i, seen(worker.tile(), i));
      }
    }
  });
}

void check(const LifetimeModel& model, const Purchases& rows, std::size_t out, const Run& run) {
  check_parameters(model.options.kind, model.parameters, "parameters");
  check_output(rows.size(), out);
  check_purchases(rows, run);
}

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
  each_row(model, rows, run, [&](std::size_t row, const Seen& seen) {
    out[row] = seen.stays * cells(rows.frequency[row], alpha + rows.age[row]);
  });
}

/// Pareto/NBD: the time that `f` gives for beta + T, at the rate of each row, times the chance to be there.
void by_age(const LifetimeModel& model, const Purchases& rows, const std::function<double(double)>& f,
            std::span<double> out, const Run& run) {
  const Process process(model);
  const ResidualCells cells(
      rows.size(), [&](std::size_t row) { return std::pair(0.0, process.beta + rows.age[row]); },
      [&](double, double age) { return f(age); }, run);
  each_row(model, rows, run, [&](std::size_t row, const Seen& seen) {
    const double rate = (process.r + rows.frequency[row]) / (process.alpha + rows.age[row]);
    out[row] = seen.stays * rate * cells(0, process.beta + rows.age[row]);
  });
}

void refuse_endless() {
  refuse_input("the mean is infinite: customers are expected to buy for ever", "horizon",
               "ask for a horizon, or discount at a rate above 0");
}

double checked_horizon(const Process& process, double rate, double horizon) {
  if (!(rate >= 0 && rate <= 1e6)) refuse_input("a rate lies between 0 and 1e6", "rate");
  if (!(horizon >= 0)) refuse_input("a horizon is 0 or more", "horizon");
  if (horizon > 1e12) horizon = endless;
  const bool finite = process.kind != LifetimeKind::nbd && process.s > 1;
  if (rate == 0 && horizon == endless && !finite) refuse_endless();
  return horizon;
}

}  // namespace

void log_likelihoods(const LifetimeModel& model, const Purchases& rows, std::span<double> out, const Run& run) {
  const LongCall call(run.progress);
  check(model, rows, out.size(), run);
  each_row(model, rows, run, [&](std::size_t row, const Seen& seen) { out[row] = seen.value; });
  in_blocks(rows.size(), 1 << 14, run, "lifetimes", [&](std::size_t first, std::size_t end) {
    FrequencyTerms terms(model.options.kind, model.parameters);
    for (; first < end; ++first) out[first] += terms(rows.frequency[first]);
  });
}

void log_alive(const LifetimeModel& model, const Purchases& rows, std::span<double> out, const Run& run) {
  const LongCall call(run.progress);
  check(model, rows, out.size(), run);
  each_row(model, rows, run, [&](std::size_t row, const Seen& seen) { out[row] = -special::softplus(seen.log_odds); });
}

void chance_alive(const LifetimeModel& model, const Purchases& rows, double ahead, std::span<double> out,
                  const Run& run) {
  const LongCall call(run.progress);
  check_span(0, ahead);
  check(model, rows, out.size(), run);
  const Process process(model);
  each_row(model, rows, run, [&](std::size_t row, const Seen& seen) {
    double stays = 1;
    if (ahead > 0 && process.kind == LifetimeKind::pareto_nbd) {
      stays = elementary::exp(-process.s * special::log1p(ahead / (process.beta + rows.age[row])));
    } else if (ahead > 0 && process.leaves_by_purchase()) {
      stays = process.leaving(rows.frequency[row]).stays(ahead / (process.alpha + rows.age[row]));
    }
    out[row] = stays * seen.stays;
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
  if (process.kind == LifetimeKind::pareto_nbd && from == 0) {
    const auto f = [&](double age) { return pareto_time(process.s, age, 0, until); };
    return by_age(model, rows, f, out, run);
  }
  each_row(model, rows, run, [&](std::size_t row, const Seen& seen) {
    const double x = rows.frequency[row], age = rows.age[row], a = process.alpha + age;
    if (process.leaves_by_purchase()) {
      out[row] = seen.stays * process.leaving(x).purchases(from / a, until / a);
      return;
    }
    const double time =
        process.kind == LifetimeKind::nbd ? until - from : pareto_time(process.s, process.beta + age, from, until);
    out[row] = seen.stays * ((process.r + x) / a) * time;
  });
}

void discounted_purchases(const LifetimeModel& model, const Purchases& rows, double rate, double horizon,
                          std::span<double> out, const Run& run) {
  const LongCall call(run.progress);
  check(model, rows, out.size(), run);
  const Process process(model);
  horizon = checked_horizon(process, rate, horizon);
  if (process.leaves_by_purchase()) {
    const auto f = [&](double x, double a) { return process.leaving(x).discounted(rate * a, horizon / a); };
    return by_cells(model, rows, f, out, run);
  }
  if (process.kind == LifetimeKind::nbd) {
    const double time = rate == 0 ? horizon : -special::expm1(-rate * horizon) / rate;
    each_row(model, rows, run, [&](std::size_t row, const Seen&) {
      out[row] = (process.r + rows.frequency[row]) / (process.alpha + rows.age[row]) * time;
    });
    return;
  }
  const auto f = [&](double age) { return discounted_pareto_time(process.s, age, rate, horizon); };
  by_age(model, rows, f, out, run);
}

struct KeptLifetime::State {
  State(LifetimeModel of, const LifetimeOutlook& outlook)
      : model(std::move(of)),
        process(model),
        worker(tile_parameters(model.options.kind, model.parameters)),
        until(outlook.until),
        rate(outlook.rate),
        horizon(checked_horizon(process, rate, until)) {}

  // In the order of operations of expected_purchases and discounted_purchases, so that the bits are theirs.
  double expected(double stays, double x, double age) {
    const double a = process.alpha + age;
    if (process.leaves_by_purchase())
      return stays *
             purchases(x, a, [this](double of, double at) { return process.leaving(of).purchases(0, until / at); });
    const double rate_now = (process.r + x) / a;
    if (process.kind == LifetimeKind::nbd) return stays * rate_now * until;
    return stays * rate_now *
           purchases(0, process.beta + age, [this](double, double at) { return pareto_time(process.s, at, 0, until); });
  }

  double discounted(double stays, double x, double age) {
    const double a = process.alpha + age;
    if (process.leaves_by_purchase())
      return stays * values(x, a, [this](double of, double at) {
               return process.leaving(of).discounted(rate * at, horizon / at);
             });
    const double rate_now = (process.r + x) / a;
    if (process.kind == LifetimeKind::nbd)
      return rate_now * (rate == 0 ? horizon : -special::expm1(-rate * horizon) / rate);
    return stays * rate_now * values(0, process.beta + age, [this](double, double at) {
             return discounted_pareto_time(process.s, at, rate, horizon);
           });
  }

  LifetimeModel model;
  Process process;
  LifetimeWorker worker;
  double until, rate, horizon;
  ResidualMemory purchases, values;
};

KeptLifetime::KeptLifetime(LifetimeModel model, const LifetimeOutlook& outlook) {
  check_parameters(model.options.kind, model.parameters, "parameters");
  check_span(0, outlook.until);
  state_ = std::make_unique<State>(std::move(model), outlook);
}
KeptLifetime::KeptLifetime(KeptLifetime&&) noexcept = default;
KeptLifetime::~KeptLifetime() = default;

LifetimeAnswer KeptLifetime::ask(double frequency, double recency, double age) {
  const Purchases row{{&frequency, 1}, {&recency, 1}, {&age, 1}};
  check_purchases(row, {});
  fill_tile(row, 0, 1, state_->worker.tile());
  state_->worker.values();
  const double stays = seen(state_->worker.tile(), 0).stays;
  return {stays, state_->expected(stays, frequency, age), state_->discounted(stays, frequency, age)};
}

}  // namespace emptor::mine
