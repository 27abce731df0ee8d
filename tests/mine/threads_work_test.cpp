// That a miner's threads divide its work, as their processor time proves.
#include <doctest/doctest.h>

#include <ctime>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "emptor/mine/decision_tree.hpp"
#include "emptor/mine/gradient_boosting.hpp"
#include "emptor/mine/isolation_forest.hpp"
#include "emptor/mine/itemsets.hpp"
#include "emptor/mine/kmeans.hpp"
#include "emptor/mine/logistic.hpp"
#include "emptor/mine/random_forest.hpp"
#include "emptor/mine/rules.hpp"
#include "emptor/mine/sequences.hpp"
#include "emptor/mine/tree_shap.hpp"
#include "support/made_rows.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

/// Of this thread.
double processor_seconds() {
  std::timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Two threads: the caller, and one that is started for each round.
class WatchedThreads {
 public:
  Run run() {
    return {.executor = {[this](std::size_t count, const std::function<void(std::size_t)>& task) {
                           threads_.run(count, [&](std::size_t number) { watch(task, number); });
                         },
                         2}};
  }
  /// Of the time that both spent, the share of the one that spent less.
  double lesser_share() const { return std::min(caller_, helper_) / (caller_ + helper_); }

 private:
  void watch(const std::function<void(std::size_t)>& task, std::size_t number) {
    const double before = processor_seconds();
    task(number);
    const double spent = processor_seconds() - before;
    const std::lock_guard lock(mutex_);
    (std::this_thread::get_id() == owner_ ? caller_ : helper_) += spent;
  }

  Executor threads_ = thread_executor(2);
  std::thread::id owner_ = std::this_thread::get_id();
  std::mutex mutex_;
  double caller_ = 0, helper_ = 0;
};

BasketTable made_baskets(std::size_t count, std::size_t size, std::uint64_t items) {
  Random random(7);
  BasketTable table;
  for (std::size_t basket = 0; basket < count; ++basket) {
    std::vector<std::uint32_t> bought;
    for (std::size_t i = 0; i < size; ++i) bought.push_back(static_cast<std::uint32_t>(random.below(items)));
    table.add(bought);
  }
  return table;
}

SequenceTable made_sequences(const BasketTable& baskets) {
  SequenceTable table;
  for (const std::uint64_t end : baskets.starts)
    if (end > 0) table.starts.push_back(end);
  for (std::uint64_t element = 1; element <= baskets.items.size(); ++element) table.element_starts.push_back(element);
  table.items = baskets.items;
  return table;
}

constexpr double least_share = 0.02;

struct Work {
  std::string name;
  std::function<void(const Run&)> go;
};

}  // namespace

TEST_CASE("the threads of each miner divide its work, as their processor time proves") {
  const test::MadeTable table = test::made_table(40'000, 12, 1, true);
  const BasketTable baskets = made_baskets(20'000, 15, 60);
  const BasketTable wide = made_baskets(20'000, 15, 200);  // maximal sets of up to 64 items are one thread's
  const SequenceTable sequences = made_sequences(made_baskets(5'000, 12, 25));
  const GradientBoosting boosted = fit_gradient_boosting(table.rows(), {.rounds = 20});
  const test::MadeTable few = test::made_table(10'000, 12, 2, true);
  const Work works[] = {
      {"k-means", [&](const Run& run) { (void)fit_kmeans(table.rows(), {.k = 30, .restarts = 2}, run); }},
      {"itemsets", [&](const Run& run) { (void)mine_itemsets(baskets, {.min_support = 60}, run); }},
      {"maximal itemsets",
       [&](const Run& run) { (void)mine_itemsets(wide, {.min_support = 10, .kind = ItemsetKind::maximal}, run); }},
      {"rules",
       [&](const Run& run) { (void)mine_rules(baskets, {.itemsets = {.min_support = 60}, .min_lift = 1.2}, run); }},
      {"sequences", [&](const Run& run) { (void)mine_sequences(sequences, {.min_support = 100}, run); }},
      {"decision tree", [&](const Run& run) { (void)fit_decision_tree(table.rows(), {.max_depth = 8}, run); }},
      {"random forest", [&](const Run& run) { (void)fit_random_forest(table.rows(), {.trees = 8}, run); }},
      {"gradient boosting", [&](const Run& run) { (void)fit_gradient_boosting(table.rows(), {.rounds = 20}, run); }},
      {"TreeSHAP", [&](const Run& run) { (void)tree_shap(boosted.ensemble, few.view(), run); }},
      {"logistic", [&](const Run& run) { (void)fit_logistic(table.rows(), {}, run); }},
      {"isolation forest",
       [&](const Run& run) {
         (void)score(fit_isolation_forest(table.view(), {}, {.trees = 100}, run), table.view(), run);
       }},
  };
  for (const Work& work : works) {
    CAPTURE(work.name);
    // On a busy machine the second thread may come when all is done; that both work need only be seen once.
    WatchedThreads threads;
    for (int tries = 0; tries < 20 && !(threads.lesser_share() > least_share); ++tries) work.go(threads.run());
    MESSAGE(work.name << ": the lesser share is " << threads.lesser_share());
    CHECK(threads.lesser_share() > least_share);
  }
}
