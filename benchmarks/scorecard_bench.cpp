// A scorecard of 30,000 rows and 20 columns: the fit, and the score of one record at a time.
//
//     bench_scorecard [ROWS [THREADS]]
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "bound.hpp"
#include "core/elementary.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/scorecard.hpp"

using namespace emptor;
using namespace emptor::mine;

int main(int count, char** arguments) {
  constexpr std::size_t columns = 20;
  const auto rows = static_cast<std::size_t>(count > 1 ? std::atoll(arguments[1]) : 30'000);
  const auto threads = static_cast<std::size_t>(count > 2 ? std::atoll(arguments[2]) : 2);
  Random random(1);
  std::vector<double> x, y;
  for (std::size_t r = 0; r < rows; ++r) {
    double sum = -1.5;
    for (std::size_t c = 0; c < columns; ++c) {
      x.push_back(random.normal());
      sum += 0.25 * x.back();
    }
    y.push_back(random.uniform() < 1 / (1 + elementary::exp(-sum)) ? 1 : 0);
  }
  const TrainingRows training{NumberView(x.data(), rows, columns, columns, 1), y, {}, {}};
  const Run run{threads > 1 ? thread_executor(threads) : serial_executor(), {}};
  Scorecard card;
  double best = 1e9;
  for (int i = 0; i < 3; ++i)
    best = std::min(best, bench::seconds_of([&] { card = fit_scorecard(training, {}, run); }));
  bench::figure("scorecard, 30,000 x 20, the fit", best, "s");
  std::size_t bins = 0;
  for (const ScorecardColumn& column : card.columns) bins += column.use == ColumnUse::used ? column.points.size() : 0;
  bench::figure("bins of the columns used", static_cast<double>(bins), "");
  double sum = 0, seconds = 1e9;
  for (int i = 0; i < 5; ++i) {
    seconds = std::min(seconds, bench::seconds_of([&] {
                         for (std::size_t r = 0; r < rows; ++r)
                           sum += score_row(card, std::span(x).subspan(r * columns, columns));
                       }));
  }
  const bool good =
      bench::bound("one record scored", seconds / static_cast<double>(rows) * 1e6, bench::Is::at_most, 1, "us");
  return good && sum != 0 ? 0 : 1;
}
