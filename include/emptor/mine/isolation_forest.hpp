/// Isolation forest: how unusual each row is, by how few random cuts set it apart.
///
///     const IsolationForest forest = fit_isolation_forest(x, {}, {.seed = 1});
///     const std::vector<double> scores = score(forest, x);   // (0, 1]: above .5 is unusual, near 1 very
///
/// scikit-learn's definition: each tree takes a sample without replacement and cuts it, at a random feature that is not
/// constant and a uniform threshold, to a depth of log2(sample) rounded up; a score is 2^(-mean path / c(sample)), with
/// c(n) the mean path of an unsuccessful search. Numbers are taken as 32-bit, as there. The same bits for any threads
/// and order of rows: a tree's sample is drawn by rank of id.
/// Source: Liu, Ting, Zhou, ICDM (2008); ACM TKDD 6(1) (2012).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

struct IsolationForestOptions {
  std::size_t trees = 100;       ///< 1 to 100,000
  std::size_t sample = 256;      ///< rows a tree; all, if there are fewer; 1 to 2^20
  std::size_t max_features = 0;  ///< columns a tree may cut at, drawn for each tree; 0: all
  double contamination = 0;      ///< share of the rows to be called unusual, up to .5; 0: the threshold is .5
  std::uint64_t seed = 0;

  friend bool operator==(const IsolationForestOptions&, const IsolationForestOptions&) noexcept = default;
};

/// A node of a tree: rows whose `feature` is <= threshold go to node `child`, the others to child + 1. A leaf has
/// child 0 and in `threshold` nothing.
struct IsolationNode {
  float threshold = 0;
  std::uint32_t feature = 0;
  std::uint32_t child = 0;  ///< counted from the tree's first node; 0: a leaf
  std::uint32_t rows = 0;   ///< of the sample

  friend bool operator==(const IsolationNode&, const IsolationNode&) noexcept = default;
};

struct IsolationForest {
  IsolationForestOptions options;
  std::string data_version;  ///< of what it was fitted on; the caller's to set
  std::size_t features = 0;
  std::size_t sample = 0;            ///< rows a tree, in fact
  double threshold = 0.5;            ///< scores above it are unusual
  std::vector<IsolationNode> nodes;  ///< tree by tree
  std::vector<std::size_t> roots;    ///< the first node of each tree

  friend bool operator==(const IsolationForest&, const IsolationForest&) = default;
};

/// `ids` may be empty (0, 1, 2 ...). Throws Code::invalid (fields "x", "ids", those of the options) for no rows, NaN,
/// numbers outside the range of 32-bit floats, options outside their ranges. Expected O(trees x sample x depth), and a
/// scoring of all rows where a contamination is given.
IsolationForest fit_isolation_forest(const NumberView& x, std::span<const std::uint64_t> ids = {},
                                     const IsolationForestOptions& options = {}, const Run& run = {});

/// The score of each row: scikit-learn's score_samples with the sign turned. NaN goes as a number above all. Throws
/// Code::invalid where x has another number of columns. O(rows x trees x depth).
std::vector<double> score(const IsolationForest& forest, const NumberView& x, const Run& run = {});
/// How much shorter the cuts at each feature made the path of each row than was to be expected, in the mean of trees:
/// rows x features. The features that set a row apart have the largest.
std::vector<double> explain(const IsolationForest& forest, const NumberView& x, const Run& run = {});

std::string save(const IsolationForest& forest);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
IsolationForest load_isolation_forest(std::string_view bytes);

}  // namespace emptor::mine
