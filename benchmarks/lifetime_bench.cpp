// Customer lifetimes of a million distinct histories: fits, chances, forecasts, values.
//
//     bench_lifetime [ROWS [THREADS]]
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "bound.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/lifetime.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

template <class Work>
double best_of(int times, Work&& work) {
  double best = 1e9;
  for (int i = 0; i < times; ++i) best = std::min(best, bench::seconds_of(work));
  return best;
}

}  // namespace

int main(int count, char** arguments) {
  const auto rows = static_cast<std::size_t>(count > 1 ? std::atoll(arguments[1]) : 1'000'000);
  const auto threads = static_cast<std::size_t>(count > 2 ? std::atoll(arguments[2]) : 2);
  const Run run{threads > 1 ? thread_executor(threads) : serial_executor(), {}};
  Random random(1);
  std::vector<double> ages(rows);
  for (double& age : ages) age = 10 + 60 * random.uniform();
  bool holds = true;
  for (const LifetimeKind kind : {LifetimeKind::bg_nbd, LifetimeKind::pareto_nbd}) {
    const bool pareto = kind == LifetimeKind::pareto_nbd;
    const std::vector<double> truth =
        pareto ? std::vector<double>{.553, 10.58, .606, 11.67} : std::vector<double>{.243, 4.414, .793, 2.426};
    const DrawnPurchases drawn = simulate_lifetimes(lifetime_of(kind, truth), ages, 2);
    LifetimeModel model;
    std::vector<double> alive(rows), next(rows);
    const double fit = best_of(3, [&] { model = fit_lifetime(drawn.view(), {.kind = kind}, run); });
    const double chances = best_of(3, [&] { chance_alive(model, drawn.view(), 0, alive, run); });
    const double forecast = best_of(3, [&] { expected_purchases(model, drawn.view(), 0, 52, next, run); });
    const double value = best_of(3, [&] { discounted_purchases(model, drawn.view(), .0027, 104, next, run); });
    std::printf("%s: %llu distinct rows, %s, %zu evaluations of all\n", std::string(name_of(kind)).c_str(),
                static_cast<unsigned long long>(model.rows), std::string(name_of(model.end)).c_str(), model.rounds);
    bench::figure("chance to be alive", chances, "s");
    bench::figure("expected purchases of 52 weeks", forecast, "s");
    bench::figure("fit", fit, "s");
    const std::clock_t begin = std::clock();
    fit_lifetime(drawn.view(), {.kind = kind}, run);
    bench::figure("fit, processor time of all threads", static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC,
                  "s");
    if (pareto) {
      holds &= bench::bound("fit, chances and forecast", fit + chances + forecast, bench::Is::at_most, 1.5, "s");
    } else {
      holds &= bench::bound("fit", fit, bench::Is::at_most, 0.3, "s");
    }
    holds &= bench::bound("discounted purchases of 104 weeks", value, bench::Is::at_most, 0.3, "s");
  }
  return holds ? 0 : 1;
}
