// Logistic regression of a million rows and twenty columns: the fit to a gradient of 1e-10, and predictions.
//
//     bench_logistic [ROWS [THREADS [FOLDER [serve]]]]   with x.f64 (rows x 20) and y.f64 of a folder instead of made
//     rows
//
// `serve` reads the data, then fits once for each line that it is given, and answers with the model's gradient, its
// rounds and the sum of its coefficients: what peers/logistic_contest.py asks.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "bound.hpp"
#include "core/elementary.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/logistic.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

constexpr std::size_t columns = 20;

struct Rows {
  std::vector<double> x, y;
};

std::vector<double> read(const std::string& path, std::size_t count) {
  std::vector<double> values(count);
  std::ifstream(path, std::ios::binary)
      .read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * 8));
  return values;
}

Rows made(std::size_t count) {
  Random random(1);
  std::vector<double> slopes(columns);
  for (double& slope : slopes) slope = random.normal() * 0.5;
  Rows rows;
  rows.x.resize(count * columns);
  rows.y.resize(count);
  for (std::size_t r = 0; r < count; ++r) {
    double sum = -0.5;
    for (std::size_t c = 0; c < columns; ++c) sum += slopes[c] * (rows.x[r * columns + c] = random.normal());
    rows.y[r] = random.uniform() < 1 / (1 + elementary::exp(-sum)) ? 1 : 0;
  }
  return rows;
}

template <class Work>
double best_of(int times, Work&& work) {
  double best = 1e9;
  for (int i = 0; i < times; ++i) best = std::min(best, bench::seconds_of(work));
  return best;
}

int serve(const TrainingRows& rows, const Run& run) {
  for (std::string line; std::getline(std::cin, line);) {
    const LogisticModel model = fit_logistic(rows, {.inference = false}, run);
    double sum = model.intercepts[0];
    for (const double coefficient : model.coefficients) sum += coefficient;
    std::printf("%.17g %zu %.17g\n", model.gradient, model.rounds, sum);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const auto rows = static_cast<std::size_t>(count > 1 ? std::atoll(arguments[1]) : 1'000'000);
  const auto threads = static_cast<std::size_t>(count > 2 ? std::atoll(arguments[2]) : 1);
  Rows data;
  if (count > 3) {
    data = {read(std::string(arguments[3]) + "/x.f64", rows * columns),
            read(std::string(arguments[3]) + "/y.f64", rows)};
  } else {
    data = made(rows);
  }
  const TrainingRows training{NumberView(data.x.data(), rows, columns, columns, 1), data.y, {}, {}};
  const Run run{threads > 1 ? thread_executor(threads) : serial_executor(), {}};
  if (count > 4) return serve(training, run);
  LogisticModel model;
  const double plain = best_of(7, [&] { model = fit_logistic(training, {.inference = false}, run); });
  bench::figure("logistic fit, " + std::to_string(model.rounds) + " rounds", plain, "s");
  bench::figure("the same with likelihood and standard errors", best_of(3, [&] { fit_logistic(training, {}, run); }),
                "s");
  bench::figure("predictions", best_of(3, [&] { predict(model, training.x, run); }), "s");
  bench::bound("largest component of the gradient, 1e-10", model.gradient * 1e10, bench::Is::at_most, 1, "");
  return model.converged && model.gradient < 1e-10 ? 0 : 1;
}
