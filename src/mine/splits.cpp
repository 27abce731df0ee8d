#include "emptor/mine/splits.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <tuple>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

using Rows = std::vector<std::size_t>;

void check_folds(std::uint32_t folds, std::size_t most, const char* of) {
  if (folds >= 2 && folds <= most) return;
  refuse_input("from 2 folds up to the number of " + std::string(of) + " (" + std::to_string(most) + ") are possible",
               "folds");
}

/// All rows in an order by chance: by hash of the seed and the id, then id.
Rows by_chance(std::size_t rows, std::uint64_t seed, std::span<const std::uint64_t> ids) {
  if (!ids.empty() && ids.size() != rows) refuse_input("ids and rows differ in number", "ids");
  struct Ticket {
    std::uint64_t hash, id;
    std::size_t row;
  };
  std::vector<Ticket> tickets(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    const std::uint64_t id = ids.empty() ? r : ids[r];
    tickets[r] = {hash_of(seed, id), id, r};
  }
  std::sort(tickets.begin(), tickets.end(),
            [](const Ticket& a, const Ticket& b) { return std::tie(a.hash, a.id) < std::tie(b.hash, b.id); });
  Rows order(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    if (i > 0 && tickets[i].id == tickets[i - 1].id) refuse_input("two rows have the same id", "ids");
    order[i] = tickets[i].row;
  }
  return order;
}

void check_classes(std::span<const double> y) {
  for (const double value : y) {
    if (!std::isfinite(value)) refuse_input("y has a number that is not finite", "y");
  }
}

/// The same order, class by class.
Rows by_class(Rows order, std::span<const double> y) {
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return y[a] < y[b]; });
  return order;
}

std::vector<std::uint32_t> deal(const Rows& order, std::uint32_t folds) {
  std::vector<std::uint32_t> of(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) of[order[i]] = static_cast<std::uint32_t>(i % folds);
  return of;
}

/// Rows of one group, and how many of each class.
struct Group {
  std::uint64_t id = 0, hash = 0;
  Rows rows;
  std::vector<double> classes;
};

std::vector<Group> groups_of(std::span<const std::uint64_t> groups, std::uint64_t seed) {
  std::map<std::uint64_t, Group> by_id;
  for (std::size_t r = 0; r < groups.size(); ++r) by_id[groups[r]].rows.push_back(r);
  std::vector<Group> result;
  for (auto& [id, group] : by_id) {
    group.id = id;
    group.hash = hash_of(seed, id);
    result.push_back(std::move(group));
  }
  return result;
}

std::vector<std::uint32_t> assign(const std::vector<Group>& groups, const std::vector<std::uint32_t>& folds,
                                  std::size_t rows) {
  std::vector<std::uint32_t> of(rows);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const std::size_t r : groups[g].rows) of[r] = folds[g];
  }
  return of;
}

double deviation(const std::vector<double>& values) {
  double mean = 0, sum = 0;
  for (const double value : values) mean += value;
  mean /= static_cast<double>(values.size());
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum;
}

/// How unevenly classes (as shares of themselves) would lie over folds with a group added to one.
double unevenness(std::vector<std::vector<double>>& folds, std::size_t to, const Group& group,
                  const std::vector<double>& totals) {
  double sum = 0;
  for (std::size_t k = 0; k < totals.size(); ++k) {
    std::vector<double> shares;
    for (std::size_t f = 0; f < folds.size(); ++f) {
      shares.push_back((folds[f][k] + (f == to ? group.classes[k] : 0)) / totals[k]);
    }
    sum += deviation(shares);
  }
  return sum;
}

}  // namespace

std::vector<std::uint32_t> random_folds(std::size_t rows, const FoldOptions& options,
                                        std::span<const std::uint64_t> ids) {
  check_folds(options.folds, rows, "rows");
  return deal(by_chance(rows, options.seed, ids), options.folds);
}

std::vector<std::uint32_t> stratified_folds(std::span<const double> y, const FoldOptions& options,
                                            std::span<const std::uint64_t> ids) {
  check_folds(options.folds, y.size(), "rows");
  check_classes(y);
  return deal(by_class(by_chance(y.size(), options.seed, ids), y), options.folds);
}

std::vector<std::uint32_t> grouped_folds(std::span<const std::uint64_t> groups, const FoldOptions& options) {
  std::vector<Group> all = groups_of(groups, options.seed);
  check_folds(options.folds, all.size(), "groups");
  std::sort(all.begin(), all.end(), [](const Group& a, const Group& b) {
    return a.rows.size() != b.rows.size() ? a.rows.size() > b.rows.size()
                                          : std::tie(a.hash, a.id) < std::tie(b.hash, b.id);
  });
  std::vector<std::size_t> sizes(options.folds);
  std::vector<std::uint32_t> folds;
  for (const Group& group : all) {
    const auto least = std::min_element(sizes.begin(), sizes.end());
    *least += group.rows.size();
    folds.push_back(static_cast<std::uint32_t>(least - sizes.begin()));
  }
  return assign(all, folds, groups.size());
}

std::vector<std::uint32_t> stratified_grouped_folds(std::span<const double> y, std::span<const std::uint64_t> groups,
                                                    const FoldOptions& options) {
  if (y.size() != groups.size()) refuse_input("y and groups differ in size", "groups");
  check_classes(y);
  std::vector<double> classes(y.begin(), y.end());
  std::sort(classes.begin(), classes.end());
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  if (classes.size() > 1'000) refuse_input("y has more than 1,000 classes", "y");
  std::vector<Group> all = groups_of(groups, options.seed);
  check_folds(options.folds, all.size(), "groups");
  std::vector<double> totals(classes.size());
  for (Group& group : all) {
    group.classes.resize(classes.size());
    for (const std::size_t r : group.rows) {
      const auto k = std::lower_bound(classes.begin(), classes.end(), y[r]) - classes.begin();
      ++group.classes[static_cast<std::size_t>(k)];
      ++totals[static_cast<std::size_t>(k)];
    }
  }
  std::vector<double> uneven(all.size());
  Rows order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t g = 0; g < all.size(); ++g) uneven[g] = deviation(all[g].classes);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return uneven[a] != uneven[b] ? uneven[a] > uneven[b]
                                  : std::tie(all[a].hash, all[a].id) < std::tie(all[b].hash, all[b].id);
  });
  std::vector<std::vector<double>> counts(options.folds, std::vector<double>(classes.size()));
  std::vector<std::uint32_t> folds(all.size());
  std::vector<std::size_t> sizes(options.folds);
  for (const std::size_t g : order) {
    std::uint32_t best = 0;
    double least = 0;
    for (std::uint32_t f = 0; f < options.folds; ++f) {
      const double value = unevenness(counts, f, all[g], totals);
      if (f == 0 || value < least || (value == least && sizes[f] < sizes[best])) {
        best = f;
        least = value;
      }
    }
    folds[g] = best;
    sizes[best] += all[g].rows.size();
    for (std::size_t k = 0; k < classes.size(); ++k) counts[best][k] += all[g].classes[k];
  }
  return assign(all, folds, groups.size());
}

Split split_of(std::span<const std::uint32_t> folds, std::uint32_t fold) {
  Split split;
  for (std::size_t r = 0; r < folds.size(); ++r) (folds[r] == fold ? split.test : split.train).push_back(r);
  if (split.test.empty() || split.train.empty()) refuse_input("a fold, or all others, have no rows", "folds");
  return split;
}

Split hold_out(std::size_t rows, const HoldOutOptions& options, std::span<const double> y,
               std::span<const std::uint64_t> ids) {
  if (!(options.test > 0 && options.test < 1)) refuse_input("the share to test lies between 0 and 1", "test");
  if (rows < 2) refuse_input("at least two rows are needed", "rows");
  if (!y.empty() && y.size() != rows) refuse_input("y has another number of rows", "y");
  check_classes(y);
  Rows order = by_chance(rows, options.seed, ids);
  if (!y.empty()) order = by_class(std::move(order), y);
  const auto wanted = static_cast<std::size_t>(std::llrint(options.test * static_cast<double>(rows)));
  const std::size_t test = std::clamp<std::size_t>(wanted, 1, rows - 1);
  // Every rows / test-th of the order, so that each class gives its share.
  Split split;
  for (std::size_t i = 0; i < rows; ++i) {
    const bool taken = (i + 1) * test / rows > i * test / rows;
    (taken ? split.test : split.train).push_back(order[i]);
  }
  std::sort(split.test.begin(), split.test.end());
  std::sort(split.train.begin(), split.train.end());
  return split;
}

std::vector<Split> time_splits(std::span<const std::int64_t> instants, const TimeSplitOptions& options) {
  const std::size_t rows = instants.size();
  if (options.splits == 0) refuse_input("at least one split is needed", "splits");
  if (options.gap < 0) refuse_input("a gap is 0 or above", "gap");
  const std::size_t test = options.test_rows > 0 ? options.test_rows : rows / (options.splits + 1);
  if (test == 0 || test > rows / options.splits || test * options.splits >= rows) {
    refuse_input("there are too few rows for so many tests of this size", "splits");
  }
  Rows order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return instants[a] < instants[b]; });
  // A cut in the middle of an instant moves to its beginning.
  const auto first_of_instant = [&](std::size_t i) {
    while (i > 0 && i < rows && instants[order[i]] == instants[order[i - 1]]) --i;
    return i;
  };
  std::vector<Split> splits;
  for (std::size_t k = 0; k < options.splits; ++k) {
    const std::size_t begin = first_of_instant(rows - (options.splits - k) * test);
    const std::size_t end = first_of_instant(rows - (options.splits - k - 1) * test);
    std::size_t known = begin;
    while (known > 0 && begin < rows && instants[order[begin]] - instants[order[known - 1]] <= options.gap) --known;
    const std::size_t from = options.window_rows > 0 && options.window_rows < known ? known - options.window_rows : 0;
    if (known == 0 || begin >= end) {
      refuse_input("a split has no rows before its test, or none in it", "splits", "ask for fewer or smaller tests");
    }
    Split split;
    split.train.assign(order.begin() + static_cast<std::ptrdiff_t>(from),
                       order.begin() + static_cast<std::ptrdiff_t>(known));
    split.test.assign(order.begin() + static_cast<std::ptrdiff_t>(begin),
                      order.begin() + static_cast<std::ptrdiff_t>(end));
    std::sort(split.train.begin(), split.train.end());
    std::sort(split.test.begin(), split.test.end());
    splits.push_back(std::move(split));
  }
  return splits;
}

}  // namespace emptor::mine
