// Customer lifetimes of a million distinct histories: fits, chances, forecasts, values; and all of it from raw rows, a
// purchase a row, with the peak of memory.
//
//     bench_lifetime [ROWS [THREADS]]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "bound.hpp"
#include "core/arrow_table.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/lifetime.hpp"
#include "emptor/mine/spend.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/lifetime/lifetime_rows.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

template <class Work>
double best_of(int times, Work&& work) {
  double best = 1e9;
  for (int i = 0; i < times; ++i) best = std::min(best, bench::seconds_of(work));
  return best;
}

std::vector<double> truth_of(LifetimeKind kind) {
  if (kind == LifetimeKind::pareto_nbd) return {.553, 10.58, .606, 11.67};
  return {.243, 4.414, .793, 2.426};
}

bool fits(LifetimeKind kind, const std::vector<double>& ages, const Run& run) {
  const bool pareto = kind == LifetimeKind::pareto_nbd;
  const std::size_t rows = ages.size();
  const DrawnPurchases drawn = simulate_lifetimes(lifetime_of(kind, truth_of(kind)), ages, 2);
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
  bench::figure("fit, processor time of all threads", static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, "s");
  const bool fast =
      pareto ? bench::bound("fit, chances and forecast", fit + chances + forecast, bench::Is::at_most, 1.5, "s")
             : bench::bound("fit", fit, bench::Is::at_most, 0.3, "s");
  return bench::bound("discounted purchases of 104 weeks", value, bench::Is::at_most, 0.3, "s") && fast;
}

/// Purchases in no order, at instants in seconds, whose last one is at day 20,000: customer, date, amount.
NamedTable raw_purchases(std::size_t customers) {
  std::vector<double> ages(customers);
  Random random(1);
  for (double& age : ages) age = 10 + 60 * random.uniform();
  // Twice the pace of CDNOW, so that a customer has three rows on average.
  const DrawnPurchases drawn =
      simulate_lifetimes(lifetime_of(LifetimeKind::pareto_nbd, std::vector<double>{.553, 5.3, .606, 11.67}), ages, 2);
  struct Raw {
    std::int64_t customer, second;
    double amount;
  };
  std::vector<Raw> rows;
  const std::int64_t end = std::int64_t{20'000} * 86'400;
  for (std::size_t i = 0; i < customers; ++i) {
    const auto add = [&](double age) {
      rows.push_back({static_cast<std::int64_t>(i), end - static_cast<std::int64_t>(age * 7 * 86'400),
                      5 + std::floor(5'000 * random.uniform()) / 100});
    };
    add(ages[i]);
    if (drawn.frequency[i] > 0) add(ages[i] - drawn.recency[i]);
    for (double n = 1; n < drawn.frequency[i]; n += 1) add(ages[i] - drawn.recency[i] * random.uniform());
  }
  for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random.below(i)]);
  NamedTable table;
  const auto column = [&](const char* name, Type type, const auto& value) {
    Column& out = table.add(name, type);
    out.bits.reserve(rows.size());
    out.valid.reserve(rows.size());
    for (const Raw& row : rows) out.append(value(row));
  };
  column("customer", Type::integer, [](const Raw& row) { return Value(row.customer); });
  column("date", Type::instant, [](const Raw& row) { return Value(Instant{row.second * micros_per_second}); });
  column("amount", Type::real, [](const Raw& row) { return Value(row.amount); });
  return table;
}

/// The peak of memory of the process since the last call with `true`, in MB; 0 where the system does not tell.
double peak_megabytes(bool anew) {
  if (anew) std::ofstream("/proc/self/clear_refs") << "5";
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes / 1'024;
  }
  return 0;
}

struct RawTimes {
  double read = 0, summary = 0, fit = 0, predictions = 0, value = 0;
  double all() const { return read + summary + fit + predictions; }
};

/// From an Arrow table of raw rows to everything that is known of each customer.
RawTimes from_raw(const ArrowTable& table, const Run& run) {
  RawTimes times;
  PlainPurchases purchases;
  LifetimeRows rows;
  LifetimeModel model;
  times.read = bench::seconds_of([&] {
    purchases =
        plain_purchases(table, {.customer = "customer", .date = "date", .amount = "amount", .instants = true}, Zone());
  });
  times.summary = bench::seconds_of([&] {
    rows = lifetime_rows(lines_of(purchases), {.event = PurchaseEvent::instant});
    purchases = {};
  });
  const mine::Purchases histories{rows.frequency, rows.recency, rows.age};
  times.fit = bench::seconds_of([&] { model = fit_lifetime(histories, {.kind = LifetimeKind::pareto_nbd}, run); });
  std::vector<double> alive(rows.size()), next(rows.size()), discounted(rows.size());
  times.predictions = bench::seconds_of([&] {
    chance_alive(model, histories, 0, alive, run);
    expected_purchases(model, histories, 0, 52, next, run);
    discounted_purchases(model, histories, .0018, 52, discounted, run);
  });
  const SpendModel spend = fit_spend({rows.spend_count, rows.spend}, {}, run);
  times.value = bench::seconds_of([&] {
    std::vector<double> each(rows.size()), value(rows.size());
    discounted_purchases(model, histories, .0018, 52, discounted, run);
    expected_spend(spend, {rows.spend_count, rows.spend}, each, run);
    customer_value(discounted, each, .3, value);
  });
  std::printf("%s: %zu customers, %llu distinct, %s\n", std::string(name_of(model.options.kind)).c_str(), rows.size(),
              static_cast<unsigned long long>(model.rows), std::string(name_of(model.end)).c_str());
  return times;
}

bool raw(std::size_t customers, const Run& run) {
  ArrowArrayStream stream{};
  to_arrow(raw_purchases(customers), &stream);
  const ArrowTable table(&stream);
  std::printf("raw rows: %llu\n", static_cast<unsigned long long>(table.rows()));
  RawTimes best;
  double least = 1e9, peak = 0;
  for (int i = 0; i < 3; ++i) {
    peak_megabytes(true);
    const RawTimes times = from_raw(table, run);
    peak = std::max(peak, peak_megabytes(false));
    if (times.all() < least) least = times.all(), best = times;
  }
  bench::figure("raw rows read", best.read, "s");
  bench::figure("summary of each customer", best.summary, "s");
  bench::figure("fit", best.fit, "s");
  bench::figure("chances, purchases, discounted purchases", best.predictions, "s");
  bool holds = bench::bound("from raw rows to all predictions", least, bench::Is::at_most, 1.5, "s");
  holds &= bench::bound("peak of memory, the raw rows included", peak, bench::Is::at_most, 500, "MB");
  return bench::bound("value of all customers", best.value, bench::Is::at_most, 0.3, "s") && holds;
}

}  // namespace

int main(int count, char** arguments) {
  const auto rows = static_cast<std::size_t>(count > 1 ? std::atoll(arguments[1]) : 1'000'000);
  const auto threads = static_cast<std::size_t>(count > 2 ? std::atoll(arguments[2]) : 2);
  const Run run{threads > 1 ? thread_executor(threads) : serial_executor(), {}};
  bool holds = raw(rows, run);
  Random random(1);
  std::vector<double> ages(rows);
  for (double& age : ages) age = 10 + 60 * random.uniform();
  for (const LifetimeKind kind : {LifetimeKind::bg_nbd, LifetimeKind::pareto_nbd}) holds &= fits(kind, ages, run);
  return holds ? 0 : 1;
}
