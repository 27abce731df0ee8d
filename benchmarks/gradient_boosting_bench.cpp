// Boosting of 100 rounds of depth 6 on 1 M x 20, and one tree of depth 10: seconds, and the log-loss on other rows.
// Arguments: rows, threads, rounds.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

#include "bound.hpp"
#include "emptor/mine/gradient_boosting.hpp"
#include "made_trees.hpp"

namespace {

using namespace emptor;
using namespace emptor::mine;
using bench::Is;

double log_loss(const TreeEnsemble& ensemble, const bench::MadeRows& rows) {
  const std::vector<double> shares = predict(ensemble, rows.view());
  double sum = 0;
  for (std::size_t row = 0; row < rows.y.size(); ++row)
    sum -= std::log(std::max(1e-15, shares[2 * row + (rows.y[row] > 0.5 ? 1 : 0)]));
  return sum / static_cast<double>(rows.y.size());
}

}  // namespace

int main(int count, char** arguments) {
  const std::size_t rows = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1'000'000;
  const std::size_t threads = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 1;
  const std::size_t rounds = count > 3 ? std::strtoull(arguments[3], nullptr, 10) : 100;
  const bench::MadeRows train = bench::made_rows(rows, 1), test = bench::made_rows(rows / 5, 2);
  const Run run{.executor = thread_executor(threads)};
  const TrainingRows given{.x = train.view(), .y = train.y};
  std::vector<FeatureBins> bins;
  BinnedRows binned;
  bench::figure("bins, cut", bench::seconds_of([&] { bins = find_bins(given.x, {}, {}, run); }), "s");
  bench::figure("bins, encode", bench::seconds_of([&] { binned = bin_rows(given.x, bins, run); }), "s");
  GradientBoosting model;
  for (int i = 0; i < 3; ++i)
    bench::figure("one tree of depth 10, with bins", bench::seconds_of([&] {
                    model = fit_gradient_boosting(given, {.rounds = 1, .max_depth = 10}, run);
                  }),
                  "s");
  bench::figure("boosting", bench::seconds_of([&] { model = fit_gradient_boosting(given, {.rounds = rounds}, run); }), "s");
  bench::figure("log-loss on other rows", log_loss(model.ensemble, test), "");
  std::vector<double> row(train.columns), out(1);
  const std::size_t rows_asked = std::min<std::size_t>(10'000, rows);
  const double seconds = bench::seconds_of([&] {
    for (std::size_t r = 0; r < rows_asked; ++r) {
      for (std::size_t c = 0; c < train.columns; ++c) row[c] = train.x[r * train.columns + c];
      raw_scores_of_row(model.ensemble, row.data(), out.data());
    }
  });
  return bench::bound("one row", seconds / static_cast<double>(rows_asked) * 1e6, Is::at_most, 3, "us") ? 0 : 1;
}
