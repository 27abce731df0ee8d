// Trees of every kind on 20 normal features: seconds, and what they are worth on other rows. Two ways to run it:
//   bench_trees ROWS THREADS            figures of all tasks on rows made here, and the bound on one row's time
//   bench_trees serve TASK FOLDER THREADS [DEPTH]   loads x.f32, y.f64, xt.f32, yt.f64 of the folder, then does the
//                                       task for each line "run" and prints its answer for each line "answer"
//                                       (peers/*_contest.py); DEPTH is that of a single tree, 10 unless given
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <string>

#include "bound.hpp"
#include "emptor/mine/algorithm.hpp"
#include "emptor/mine/decision_tree.hpp"
#include "emptor/mine/gradient_boosting.hpp"
#include "emptor/mine/random_forest.hpp"
#include "emptor/mine/tree_shap.hpp"
#include "made_trees.hpp"

namespace {

using namespace emptor;
using namespace emptor::mine;
using bench::Is;
using bench::MadeRows;

constexpr double no_answer = -1;

struct Task {
  std::function<void()> run;
  std::function<double()> answer;  ///< what the result is worth
};

double log_loss(const TreeEnsemble& ensemble, const MadeRows& rows) {
  const std::vector<double> shares = predict(ensemble, rows.view());
  double sum = 0;
  for (std::size_t row = 0; row < rows.y.size(); ++row)
    sum -= std::log(std::max(1e-15, shares[2 * row + (rows.y[row] > 0.5 ? 1 : 0)]));
  return sum / static_cast<double>(rows.y.size());
}

double auc(const TreeEnsemble& ensemble, const MadeRows& rows) {
  const std::vector<double> shares = predict(ensemble, rows.view());
  std::vector<std::pair<double, double>> order;
  for (std::size_t row = 0; row < rows.y.size(); ++row) order.emplace_back(shares[2 * row + 1], rows.y[row]);
  std::sort(order.begin(), order.end());
  double negatives = 0, pairs = 0;
  for (std::size_t i = 0; i < order.size();) {
    double zeros = 0, ones = 0;
    for (const double score = order[i].first; i < order.size() && order[i].first == score; ++i)
      (order[i].second > 0.5 ? ones : zeros) += 1;
    pairs += ones * (negatives + zeros / 2);
    negatives += zeros;
  }
  return pairs / (negatives * (static_cast<double>(order.size()) - negatives));
}

double total_gain(const Tree& tree) {
  double sum = 0;
  for (const TreeNodeFacts& facts : tree.facts) sum += facts.gain;
  return sum / tree.facts[0].cover;
}

struct Models {
  GradientBoosting boosted;
  DecisionTree tree;
  RandomForest forest;
  std::vector<double> shap;
};

std::map<std::string, Task> tasks_of(const MadeRows& train, const MadeRows& test, const Run& run, Models& models,
                                     std::size_t depth = 10) {
  const auto given = [&train] { return TrainingRows{.x = train.view(), .y = train.y}; };
  std::map<std::string, Task> tasks;
  tasks["histogram_tree"] = {
      [=, &models, &run] { models.boosted = fit_gradient_boosting(given(), {.rounds = 1, .max_depth = depth}, run); },
      [&] { return log_loss(models.boosted.ensemble, test); }};
  tasks["exact_tree"] = {[=, &models, &run] { models.tree = fit_decision_tree(given(), {.max_depth = depth}, run); },
                         [&] { return total_gain(models.tree.tree()); }};
  tasks["gradient_boosting"] = {[=, &models, &run] { models.boosted = fit_gradient_boosting(given(), {}, run); },
                                [&] { return log_loss(models.boosted.ensemble, test); }};
  tasks["random_forest"] = {
      [=, &models, &run] { models.forest = fit_random_forest(given(), {.out_of_bag = false}, run); },
      [&] { return auc(models.forest.ensemble, test); }};
  tasks["tree_shap"] = {[=, &models, &run] {
                          if (models.boosted.ensemble.trees.empty())
                            models.boosted = fit_gradient_boosting(given(), {}, run);
                          models.shap = tree_shap(models.boosted.ensemble, train.view(), run);
                        },
                        [] { return no_answer; }};
  return tasks;
}

bool read_rows(const std::string& numbers, const std::string& targets, MadeRows& rows) {
  std::ifstream x(numbers, std::ios::binary), y(targets, std::ios::binary | std::ios::ate);
  if (!x || !y) return false;
  rows.y.resize(static_cast<std::size_t>(y.tellg()) / sizeof(double));
  rows.x.resize(rows.y.size() * rows.columns);
  y.seekg(0);
  y.read(reinterpret_cast<char*>(rows.y.data()), static_cast<std::streamsize>(rows.y.size() * sizeof(double)));
  x.read(reinterpret_cast<char*>(rows.x.data()), static_cast<std::streamsize>(rows.x.size() * sizeof(float)));
  return x.good() && y.good();
}

int serve(const std::string& name, const std::string& folder, std::size_t threads, std::size_t depth) {
  MadeRows train, test;
  if (!read_rows(folder + "/x.f32", folder + "/y.f64", train)) return 2;
  if (!read_rows(folder + "/xt.f32", folder + "/yt.f64", test)) return 2;
  const Run run{.executor = thread_executor(threads)};
  Models models;
  const std::map<std::string, Task> tasks = tasks_of(train, test, run, models, depth);
  const auto task = tasks.find(name);
  if (task == tasks.end()) return 2;
  if (name == "tree_shap") tasks.at("gradient_boosting").run();
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "run") {
      task->second.run();
      std::cout << "done" << std::endl;
    } else {
      std::cout.precision(12);
      std::cout << task->second.answer() << std::endl;
    }
  }
  return 0;
}

/// As the C API answers them, which lays the trees out at the first.
double microseconds_a_row(const AnyModel& model, const MadeRows& rows) {
  const std::size_t asked = std::min<std::size_t>(20'000, rows.y.size());
  std::vector<double> out(width(model, Answer::scores));
  std::optional<PackedTrees> packed;
  const double seconds = bench::seconds_of([&] { packed = packed_trees(model); });
  bench::figure("laying trees out", seconds * 1e3, "ms");
  if (packed) bench::figure("  their memory", static_cast<double>(packed->bytes()) / 0x1p20, "MiB");
  const std::clock_t begun = std::clock();
  for (std::size_t r = 0; r < asked; ++r) {
    const NumberView row(rows.x.data() + r * rows.columns, 1, rows.columns, rows.columns, 1);
    predict_row(model, row, Answer::scores, out, packed ? &*packed : nullptr);
  }
  return static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC / static_cast<double>(asked) * 1e6;
}

/// On a machine that others use too, the processor's time says more.
void time_of(const std::string& what, const std::function<void()>& work) {
  const std::clock_t begun = std::clock();
  bench::figure(what, bench::seconds_of(work), "s");
  bench::figure("  processor", static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC, "s");
}

int show(std::size_t rows, std::size_t threads, const std::string& only) {
  const MadeRows train = bench::made_rows(rows, 1), test = bench::made_rows(rows / 5 + 1, 2);
  const Run run{.executor = thread_executor(threads)};
  std::vector<FeatureBins> bins;
  time_of("bins, cut", [&] { bins = find_bins(train.view(), {}, {}, run); });
  time_of("bins, encode", [&] { (void)bin_rows(train.view(), bins, run); });
  Models models;
  const std::map<std::string, Task> tasks = tasks_of(train, test, run, models);
  for (const char* name : {"histogram_tree", "exact_tree", "random_forest", "gradient_boosting", "tree_shap"}) {
    if (!only.empty() && only.find(name) == std::string::npos) continue;
    time_of(name, tasks.at(name).run);
    const double answer = tasks.at(name).answer();
    if (answer != no_answer) bench::figure("  answer", answer, "");
  }
  bool held = true;
  const auto hold_a_row = [&](const std::string& trees, auto&& model) {
    if (model.ensemble.trees.empty()) return;
    held &= bench::bound("one row through the " + trees + ", processor", microseconds_a_row(std::move(model), test),
                         Is::at_most, 3, "us");
  };
  hold_a_row("boosted trees", std::move(models.boosted));
  hold_a_row("forest", std::move(models.forest));
  return held ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  const auto number = [&](int at, std::size_t otherwise) {
    return count > at ? static_cast<std::size_t>(std::strtoull(arguments[at], nullptr, 10)) : otherwise;
  };
  if (count > 3 && std::string(arguments[1]) == "serve")
    return serve(arguments[2], arguments[3], number(4, 1), number(5, 10));
  return show(number(1, 1'000'000), number(2, 1), count > 3 ? arguments[3] : "");
}
