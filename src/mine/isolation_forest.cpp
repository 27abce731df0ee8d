#include "emptor/mine/isolation_forest.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/isolation_grow.hpp"
#include "mine/isolation_walk.hpp"
#include "mine/logistic_tile.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"
#include "mine/row_blocks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "isolation_forest";
constexpr std::uint64_t payload_version = 1;
constexpr std::uint8_t most_depth = 20;  // of 2^20 rows
constexpr double ln_2 = 0.69314718055994530942;

void check_options(const IsolationForestOptions& options, std::size_t columns) {
  const auto within = [](double value, double least, double most) { return value >= least && value <= most; };
  if (!within(static_cast<double>(options.trees), 1, 100'000)) refuse_input("1 to 100,000 trees are possible", "trees");
  if (!within(static_cast<double>(options.sample), 1, 1 << 20)) {
    refuse_input("1 to 1,048,576 rows a tree are possible", "sample");
  }
  if (options.max_features > columns) refuse_input("there are not so many columns", "max_features");
  if (!within(options.contamination, 0, 0.5)) refuse_input("a contamination lies between 0 and .5", "contamination");
}

/// Mean path of an unsuccessful search among n rows (Liu 2008, eq. 1).
double mean_path(std::uint64_t n) {
  constexpr double euler = 0.57721566490153286061;
  if (n <= 1) return 0;
  if (n == 2) return 1;
  const auto rows = static_cast<double>(n);
  return 2 * (elementary::log(rows - 1) + euler) - 2 * (rows - 1) / rows;
}

std::int32_t path_units(std::size_t depth, std::uint32_t rows) {
  return static_cast<std::int32_t>(std::llrint((static_cast<double>(depth) + mean_path(rows)) * (1 << path_bits)));
}

std::size_t depth_below(const IsolationNode* tree, std::size_t node) {
  if (tree[node].child == 0) return 0;
  return 1 + std::max(depth_below(tree, tree[node].child), depth_below(tree, tree[node].child + 1));
}

class HeapFilling {
 public:
  HeapFilling(const IsolationNode* tree, std::size_t levels, std::int32_t* nodes, std::int32_t* paths)
      : tree_(tree), levels_(levels), nodes_(nodes), paths_(paths) {}

  /// Puts a node at a place of the heap; below a leaf nothing is compared (the threshold is infinity).
  void fill(std::size_t node, std::size_t place, std::size_t depth) {
    const IsolationNode& from = tree_[node];
    if (from.child == 0) return fill_leaf(path_units(depth, from.rows), place, depth);
    nodes_[2 * place] = std::bit_cast<std::int32_t>(from.threshold);
    nodes_[2 * place + 1] = static_cast<std::int32_t>(from.feature * walk_rows);
    fill(from.child, 2 * place + 1, depth + 1);
    fill(from.child + 1, 2 * place + 2, depth + 1);
  }

 private:
  void fill_leaf(std::int32_t path, std::size_t place, std::size_t depth) {
    if (depth == levels_) {
      paths_[place + 1 - (std::size_t{1} << levels_)] = path;
      return;
    }
    nodes_[2 * place] = std::bit_cast<std::int32_t>(std::numeric_limits<float>::infinity());
    nodes_[2 * place + 1] = 0;
    fill_leaf(path, 2 * place + 1, depth + 1);
    fill_leaf(path, 2 * place + 2, depth + 1);
  }

  const IsolationNode* tree_;
  std::size_t levels_;
  std::int32_t *nodes_, *paths_;
};

HeapForest heaps_of(const IsolationForest& forest, std::size_t levels) {
  HeapForest heaps;
  heaps.trees = forest.roots.size();
  heaps.levels = std::max(levels, least_levels);
  heaps.nodes.resize(2 * heaps.trees * heaps.nodes_a_tree());
  heaps.paths.resize(heaps.trees << heaps.levels);
  for (std::size_t t = 0; t < heaps.trees; ++t) {
    HeapFilling(forest.nodes.data() + forest.roots[t], heaps.levels, heaps.nodes.data() + 2 * t * heaps.nodes_a_tree(),
                heaps.paths.data() + (t << heaps.levels))
        .fill(0, 0, 0);
  }
  return heaps;
}

/// Deep trees, row by row: what heaps would need too much memory for.
void walk_deep(const IsolationForest& forest, const float* tile, std::size_t rows, std::uint64_t* sums) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (const std::size_t root : forest.roots) {
      const IsolationNode* tree = forest.nodes.data() + root;
      std::size_t node = 0, depth = 0;
      for (; tree[node].child != 0; ++depth) {
        const bool right = tile[tree[node].feature * walk_rows + r] > tree[node].threshold;
        node = tree[node].child + (right ? 1 : 0);
      }
      sums[r] += static_cast<std::uint32_t>(path_units(depth, tree[node].rows));
    }
  }
}

float walked_number(double value) {
  return value == value ? static_cast<float>(value) : std::numeric_limits<float>::infinity();
}

template <class T>
void load_walk_rows(const NumberView& x, std::size_t first, std::size_t rows, float* tile) {
  const T* row = static_cast<const T*>(x.data()) + first * x.row_stride();
  for (std::size_t r = 0; r < rows; ++r, row += x.row_stride()) {
    for (std::size_t c = 0; c < x.columns(); ++c) {
      tile[c * walk_rows + r] = walked_number(static_cast<double>(row[c * x.column_stride()]));
    }
  }
}

void load_walk_tile(const NumberView& x, std::size_t first, std::size_t rows, float* tile) {
  if (x.type() == NumberView::Type::float64) return load_walk_rows<double>(x, first, rows, tile);
  load_walk_rows<float>(x, first, rows, tile);
}

/// The threshold above which the share of the scores lies, as scikit-learn's percentile (linear) has it.
double threshold_of(std::vector<double> scores, double contamination) {
  const double place = (1 - contamination) * static_cast<double>(scores.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  std::nth_element(scores.begin(), scores.begin() + static_cast<std::ptrdiff_t>(below), scores.end());
  const double low = scores[below];
  if (below + 1 == scores.size()) return low;
  const double high = *std::min_element(scores.begin() + static_cast<std::ptrdiff_t>(below) + 1, scores.end());
  return low + (place - static_cast<double>(below)) * (high - low);
}

void check_whole(const IsolationForest& forest) {
  expect(!forest.roots.empty() && forest.roots.front() == 0 && forest.features >= 1 && forest.sample >= 1);
  for (std::size_t t = 0; t < forest.roots.size(); ++t) {
    const std::size_t end = t + 1 < forest.roots.size() ? forest.roots[t + 1] : forest.nodes.size();
    expect(forest.roots[t] < end && end <= forest.nodes.size());
    const std::size_t count = end - forest.roots[t];
    std::vector<std::uint8_t> depths(count);
    for (std::size_t i = 0; i < count; ++i) {
      const IsolationNode& node = forest.nodes[forest.roots[t] + i];
      expect(depths[i] <= most_depth);
      expect(node.feature < forest.features && (node.child == 0 || (node.child > i && node.child < count - 1)));
      if (node.child != 0) depths[node.child] = depths[node.child + 1] = static_cast<std::uint8_t>(depths[i] + 1);
    }
  }
}

}  // namespace

IsolationForest fit_isolation_forest(const NumberView& x, std::span<const std::uint64_t> ids,
                                     const IsolationForestOptions& options, const Run& run) {
  if (x.rows() == 0 || x.columns() == 0) refuse_input("there are no rows or no columns to learn from", "x");
  if (x.columns() > (std::size_t{1} << 23)) refuse_input("there are too many columns", "x");
  if (!ids.empty() && ids.size() != x.rows()) refuse_input("ids and rows differ in number", "ids");
  check_options(options, x.columns());
  const LongCall call(run.progress);
  const std::vector<std::size_t> order = order_by_id(ids);
  IsolationForest forest;
  forest.options = options;
  forest.features = x.columns();
  forest.sample = std::min(options.sample, x.rows());
  std::vector<std::vector<IsolationNode>> trees(options.trees);
  in_blocks(options.trees, 1, run, "isolation forest",
            [&](std::size_t tree, std::size_t) { trees[tree] = grow_tree(x, order, options, tree, forest.sample); });
  for (const std::vector<IsolationNode>& tree : trees) {
    forest.roots.push_back(forest.nodes.size());
    forest.nodes.insert(forest.nodes.end(), tree.begin(), tree.end());
  }
  if (options.contamination > 0) forest.threshold = threshold_of(score(forest, x, run), options.contamination);
  return forest;
}

std::vector<double> score(const IsolationForest& forest, const NumberView& x, const Run& run) {
  check_columns(x, forest.features);
  const LongCall call(run.progress);
  std::size_t levels = 0;
  for (const std::size_t root : forest.roots) levels = std::max(levels, depth_below(&forest.nodes[root], 0));
  const bool deep = levels > most_levels;
  const HeapForest heaps = deep ? HeapForest() : heaps_of(forest, levels);
  const double paths = static_cast<double>(forest.roots.size()) * (1 << path_bits);
  const double usual = mean_path(forest.sample);
  std::vector<double> scores(x.rows());
  in_blocks(x.rows(), deep ? walk_rows : 8 * walk_rows, run, "isolation forest",
            [&](std::size_t first, std::size_t end) {
              Lines<float> tile(x.columns() * walk_rows);
              for (; first < end; first += walk_rows) {
                const std::size_t rows = std::min(walk_rows, end - first);
                std::uint64_t sums[walk_rows] = {};
                load_walk_tile(x, first, rows, tile.data());
                if (deep) {
                  walk_deep(forest, tile.data(), rows, sums);
                } else {
                  walk(heaps, tile.data(), sums);
                }
                for (std::size_t r = 0; r < rows; ++r) {
                  const double mean = static_cast<double>(sums[r]) / paths;
                  // A sample of one row has no usual path; scikit-learn calls every row usual then.
                  scores[first + r] = usual > 0 ? elementary::exp(-ln_2 * (mean / usual)) : 0.5;
                }
              }
            });
  return scores;
}

std::vector<double> explain(const IsolationForest& forest, const NumberView& x, const Run& run) {
  check_columns(x, forest.features);
  const LongCall call(run.progress);
  std::vector<double> result(x.rows() * forest.features);
  const auto trees = static_cast<double>(forest.roots.size());
  in_blocks(x.rows(), 256, run, "explain", [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      double* shares = result.data() + r * forest.features;
      for (const std::size_t root : forest.roots) {
        const IsolationNode* tree = forest.nodes.data() + root;
        std::size_t node = 0;
        while (tree[node].child != 0) {
          const IsolationNode& at = tree[node];
          node = at.child + (walked_number(x(r, at.feature)) > at.threshold ? 1 : 0);
          // What this cut took off the path that was to be expected before it, less the step itself.
          const double saved = mean_path(at.rows) - mean_path(tree[node].rows) - 1;
          shares[at.feature] += saved / trees;
        }
      }
    }
  });
  return result;
}

std::string save(const IsolationForest& forest) {
  const IsolationForestOptions& options = forest.options;
  ModelFrame frame{std::string(algorithm), payload_version, {}, forest.data_version, {}};
  frame.options = OptionsText()
                      .whole("trees", options.trees)
                      .whole("sample", options.sample)
                      .whole("max_features", options.max_features)
                      .number("contamination", options.contamination)
                      .whole("seed", options.seed)
                      .text();
  std::string& out = frame.payload;
  for (const std::uint64_t value : {std::uint64_t{options.trees}, std::uint64_t{options.sample},
                                    std::uint64_t{options.max_features}, options.seed}) {
    append_varint(out, value);
  }
  append_double(out, options.contamination);
  append_varint(out, forest.features);
  append_varint(out, forest.sample);
  append_double(out, forest.threshold);
  append_whole(out, forest.roots);
  append_varint(out, forest.nodes.size());
  for (const IsolationNode& node : forest.nodes) {
    append_varint(out, node.rows);
    append_varint(out, node.child);
    if (node.child == 0) continue;
    append_varint(out, node.feature);
    append_varint(out, std::bit_cast<std::uint32_t>(node.threshold));
  }
  return to_bytes(frame);
}

IsolationForest load_isolation_forest(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  IsolationForest forest;
  forest.data_version = frame.data_version;
  forest.options.trees = reader.varint();
  forest.options.sample = reader.varint();
  forest.options.max_features = reader.varint();
  forest.options.seed = reader.varint();
  forest.options.contamination = read_double(reader);
  forest.features = reader.varint();
  forest.sample = reader.varint();
  forest.threshold = read_double(reader);
  forest.roots = read_whole<std::size_t>(reader);
  const std::uint64_t count = reader.varint();
  expect(count <= reader.left());
  forest.nodes.resize(count);
  for (IsolationNode& node : forest.nodes) {
    node.rows = static_cast<std::uint32_t>(reader.varint());
    node.child = static_cast<std::uint32_t>(reader.varint());
    if (node.child == 0) continue;
    node.feature = static_cast<std::uint32_t>(reader.varint());
    node.threshold = std::bit_cast<float>(static_cast<std::uint32_t>(reader.varint()));
  }
  expect(reader.done());
  check_whole(forest);
  return forest;
}

}  // namespace emptor::mine
