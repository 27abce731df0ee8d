// Isolation forest: scoring a million rows of twenty columns with a hundred trees.
//
//     bench_isolation_forest [ROWS [THREADS [FOLDER [serve]]]]   with x.f64 (rows x 20) of a folder instead of made
//     rows
//
// `serve` fits, then scores once for each line that it is given, and answers with the mean score: what
// peers/isolation_forest_contest.py asks.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "bound.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/isolation_forest.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

int serve(const IsolationForest& forest, const NumberView& view, const Run& run) {
  for (std::string line; std::getline(std::cin, line);) {
    std::printf("%.17g\n", mean_of(score(forest, view, run)));
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  constexpr std::size_t columns = 20;
  const auto rows = static_cast<std::size_t>(count > 1 ? std::atoll(arguments[1]) : 1'000'000);
  const auto threads = static_cast<std::size_t>(count > 2 ? std::atoll(arguments[2]) : 1);
  std::vector<double> x(rows * columns);
  if (count > 3) {
    std::ifstream(std::string(arguments[3]) + "/x.f64", std::ios::binary)
        .read(reinterpret_cast<char*>(x.data()), static_cast<std::streamsize>(x.size() * 8));
  } else {
    Random random(1);
    for (double& value : x) value = random.normal();
  }
  const NumberView view(x.data(), rows, columns, columns, 1);
  const Run run{threads > 1 ? thread_executor(threads) : serial_executor(), {}};
  IsolationForest forest;
  const double fit = bench::seconds_of([&] { forest = fit_isolation_forest(view, {}, {}, run); });
  if (count > 4) return serve(forest, view, run);
  bench::figure("isolation forest, fit", fit, "s");
  double best = 1e9, mean = 0;
  for (int i = 0; i < 5; ++i) {
    std::vector<double> scores;
    best = std::min(best, bench::seconds_of([&] { scores = score(forest, view, run); }));
    mean = mean_of(scores);
  }
  bench::figure("isolation forest, scores", best, "s");
  bench::figure("mean score", mean, "");
  return 0;
}
