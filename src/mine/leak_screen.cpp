#include "emptor/mine/leak_screen.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/bins.hpp"
#include "emptor/mine/judgement.hpp"
#include "emptor/mine/logistic.hpp"
#include "emptor/mine/splits.hpp"
#include "mine/shares.hpp"
#include "mine/tree_rows.hpp"

namespace emptor::mine {
namespace {

constexpr std::uint32_t folds = 5;
constexpr std::size_t bins_of_number = 24, most_names = 255;
constexpr double prior_rows = 10;  // of the whole's share that each bin's is drawn to
constexpr double tells_something = 0.52;
constexpr std::uint64_t sample_seed = 0x6c65'616b'7300;

/// The rows that are looked at: of all columns the codes, of each row its class and fold.
struct Table {
  BinnedRows bins;
  std::vector<double> y;
  std::vector<std::uint32_t> fold;
};

std::vector<std::uint32_t> sample_of(const TreeRows& rows, std::size_t most) {
  std::vector<std::uint32_t> all;
  for_active(rows, [&](std::size_t row) { all.push_back(static_cast<std::uint32_t>(row)); });
  if (most == 0 || all.size() <= most) return all;
  const auto by_hash = [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(hash_of(sample_seed, rows.id(a)), rows.id(a)) <
           std::pair(hash_of(sample_seed, rows.id(b)), rows.id(b));
  };
  std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(most), all.end(), by_hash);
  all.resize(most);
  std::sort(all.begin(), all.end());
  return all;
}

Table table_of(const TrainingRows& given, const LeakScreenOptions& options, const Run& run) {
  const TreeRows rows = checked_rows(given.x.rows(), given.y, given.weights, given.ids, true);
  if (rows.classes > 2) refuse_field("there are two classes, 0 and 1", "y");
  const std::vector<std::uint32_t> chosen = sample_of(rows, options.sample);
  const std::size_t columns = given.x.columns();
  std::vector<double> x;
  std::vector<std::uint64_t> ids;
  Table table;
  for (const std::uint32_t row : chosen) {
    for (std::size_t c = 0; c < columns; ++c) x.push_back(given.x(row, c));
    table.y.push_back(given.y[row]);
    ids.push_back(rows.id(row));
  }
  const auto ones = static_cast<std::size_t>(std::count(table.y.begin(), table.y.end(), 1.0));
  if (ones < folds || table.y.size() - ones < folds) refuse_field("five rows of each class are needed", "y");
  const NumberView view(x.data(), chosen.size(), columns, columns, 1);
  const BinOptions bins{.bins = bins_of_number, .categorical = options.categorical, .names = most_names};
  table.bins = bin_rows(view, find_bins(view, {}, bins, run), run);
  table.fold = stratified_folds(table.y, {folds, options.seed}, ids);
  return table;
}

/// Log-odds of each row by the share of class 1 in its bin, among the rows of other folds.
std::vector<double> word_of(const Table& table, std::size_t column) {
  struct Count {
    double ones = 0, rows = 0;
  };
  const std::uint8_t* codes = table.bins.column(column);
  std::vector<std::array<Count, folds>> by_bin(256);
  std::array<Count, folds> by_fold{};
  Count all;
  const auto add = [](Count& count, double y) { count.ones += y, ++count.rows; };
  for (std::size_t row = 0; row < table.y.size(); ++row) {
    add(by_bin[codes[row]][table.fold[row]], table.y[row]);
    add(by_fold[table.fold[row]], table.y[row]);
    add(all, table.y[row]);
  }
  std::vector<std::array<double, folds>> word(256);
  for (std::size_t bin = 0; bin < by_bin.size(); ++bin)
    for (std::size_t k = 0; k < folds; ++k) {
      const double others = (all.ones - by_fold[k].ones) / (all.rows - by_fold[k].rows);
      Count seen;
      for (std::size_t j = 0; j < folds; ++j)
        if (j != k) seen.ones += by_bin[bin][j].ones, seen.rows += by_bin[bin][j].rows;
      const double share = (seen.ones + prior_rows * others) / (seen.rows + prior_rows);
      word[bin][k] = elementary::log(share / (1 - share));
    }
  std::vector<double> out(table.y.size());
  for (std::size_t row = 0; row < out.size(); ++row) out[row] = word[codes[row]][table.fold[row]];
  return out;
}

/// The AUC on each fold, weighed by its pairs of rows: words of different folds are not compared with each other.
double auc_by_fold(const Table& table, std::span<const double> scores) {
  double sum = 0, pairs = 0;
  for (std::uint32_t k = 0; k < folds; ++k) {
    std::vector<double> y, own;
    for (std::size_t row = 0; row < table.y.size(); ++row) {
      if (table.fold[row] != k) continue;
      y.push_back(table.y[row]);
      own.push_back(scores[row]);
    }
    const auto ones = static_cast<double>(std::count(y.begin(), y.end(), 1.0));
    const double here = ones * (static_cast<double>(y.size()) - ones);
    sum += here * auc(y, own);
    pairs += here;
  }
  return sum / pairs;
}

/// The AUC of a regression on the words of these columns. They are of other folds already, so it is not cross-fitted:
/// a weight a column is all that it learns.
double auc_together(const Table& table, const std::vector<std::vector<double>>& words,
                    const std::vector<std::size_t>& columns, const Run& run) {
  const std::size_t rows = table.y.size();
  std::vector<double> x(rows * columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i)
    for (std::size_t row = 0; row < rows; ++row) x[row * columns.size() + i] = words[columns[i]][row];
  const NumberView view(x.data(), rows, columns.size(), columns.size(), 1);
  const LogisticModel model = fit_logistic({view, table.y}, {.ridge = 1, .tolerance = 1e-6, .inference = false}, run);
  return auc_by_fold(table, decision(model, view, run));
}

}  // namespace

LeakScreen screen_leaks(const TrainingRows& rows, const LeakScreenOptions& options, const Run& run) {
  const LongCall call(run.progress);
  const Table table = table_of(rows, options, run);
  const std::size_t columns = rows.x.columns();
  std::vector<std::vector<double>> words(columns);
  LeakScreen screen;
  screen.auc.resize(columns);
  run_shares(run, columns, "screen", [&](std::size_t c) {
    words[c] = word_of(table, c);
    screen.auc[c] = auc_by_fold(table, words[c]);
  });
  std::vector<std::size_t> order(columns);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return screen.auc[a] > screen.auc[b]; });
  std::vector<std::size_t> others(order);
  std::erase_if(others, [&](std::size_t c) { return screen.auc[c] < tells_something; });
  for (const std::size_t column : order) {
    if (screen.auc[column] < options.least_auc) break;
    LeakSuspect suspect{.column = column, .auc = screen.auc[column]};
    std::vector<std::size_t> rest(others);
    std::erase(rest, column);
    if (suspect.auc < options.certain_auc) {
      suspect.reason = LeakReason::more_than_the_others;
      if (rest.size() < options.least_others) continue;
      suspect.rest_auc = auc_together(table, words, rest, run);
      if (suspect.rest_auc > suspect.auc) continue;
    }
    screen.suspects.push_back(suspect);
    others = std::move(rest);
  }
  return screen;
}

}  // namespace emptor::mine
