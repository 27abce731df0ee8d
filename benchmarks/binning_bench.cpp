// Binning of 30,000 rows and 23 columns, shaped as the credit card clients of Taiwan are (six columns of over 20,000
// distinct values, six of thousands with half of them 0, the rest of few), each monotone with at least 5 % a bin.
//
//     bench_binning [ROWS [THREADS]]
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "bound.hpp"
#include "core/elementary.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/binning.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

constexpr std::size_t columns = 23;

struct Rows {
  std::vector<double> x, y;
};

double made(Random& random, std::size_t column, double risk) {
  if (column < 5) return std::floor(random.uniform() * (column == 0 ? 80 : column == 4 ? 55 : 4));
  if (column < 11) return std::clamp(std::floor(random.normal() * 0.8 + risk), -2.0, 8.0);
  if (column < 17) return std::floor(50'000 * elementary::exp(random.normal() - 0.1 * risk));
  return random.uniform() < 0.4 ? 0 : std::floor(3'000 * elementary::exp(random.normal() - 0.4 * risk));
}

Rows made(std::size_t count) {
  Random random(1);
  Rows rows;
  for (std::size_t r = 0; r < count; ++r) {
    const double risk = random.normal();
    for (std::size_t c = 0; c < columns; ++c) rows.x.push_back(made(random, c, risk));
    rows.y.push_back(random.uniform() < 1 / (1 + elementary::exp(1.5 - 1.2 * risk)) ? 1 : 0);
  }
  return rows;
}

/// Of all threads: what a busy machine does not blur.
double processor_seconds() {
  std::timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

int main(int count, char** arguments) {
  const auto rows = static_cast<std::size_t>(count > 1 ? std::atoll(arguments[1]) : 30'000);
  const auto threads = static_cast<std::size_t>(count > 2 ? std::atoll(arguments[2]) : 2);
  const Rows data = made(rows);
  const TrainingRows training{NumberView(data.x.data(), rows, columns, columns, 1), data.y, {}, {}};
  const Run run{threads > 1 ? thread_executor(threads) : serial_executor(), {}};
  bool good = true;
  for (const auto& [shape, name] : {std::pair{BinShape::monotone, "monotone"}, std::pair{BinShape::none, "no shape"},
                                    std::pair{BinShape::peak, "peak"}}) {
    BinningModel binning;
    double best = 1e9, processor = 1e9;
    for (int i = 0; i < 5; ++i) {
      const double before = processor_seconds();
      best = std::min(best, bench::seconds_of([&] { binning = fit_binning(training, {.shape = shape}, run); }));
      processor = std::min(processor, processor_seconds() - before);
    }
    const std::string what = std::string("binning, ") + name + ", " + std::to_string(threads) + " threads";
    if (shape == BinShape::monotone) {
      good = bench::bound(what, best, bench::Is::at_most, 0.3, "s") && good;
    } else {
      bench::figure(what, best, "s");
    }
    bench::figure("  processor time of all threads", processor, "s");
    double gap = 0;
    std::size_t exact = 0;
    for (const ColumnBinning& column : binning.columns) {
      gap = std::max(gap, column.gap / column.information_value);
      exact += column.gap == 0 ? 1 : 0;
    }
    bench::figure("  columns that are at the optimum", static_cast<double>(exact), "of 23");
    bench::figure("  largest gap, of the information value", 100 * gap, "%");
  }
  return good ? 0 : 1;
}
