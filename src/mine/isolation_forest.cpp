#include "emptor/mine/isolation_forest.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
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

std::size_t depth_of(std::size_t sample) { return sample <= 1 ? 0 : std::bit_width(sample - 1); }

/// As 32-bit floats, which thresholds are made for; finite ones only.
float checked_number(const NumberView& x, std::size_t row, std::size_t column) {
  const double value = x(row, column);
  const auto number = static_cast<float>(value);
  if (!std::isfinite(number)) {
    throw Error(Problem{.code = Code::invalid,
                        .message = "column " + std::to_string(column) +
                                   " has a number that is missing or outside the range of 32-bit floats",
                        .field = "x",
                        .row = static_cast<std::int64_t>(row),
                        .hint = "fill missing values first"});
  }
  return number;
}

/// Rows in the order of their ids: empty where they lie so already.
std::vector<std::size_t> order_by_id(std::span<const std::uint64_t> ids) {
  if (std::is_sorted(ids.begin(), ids.end())) return {};
  std::vector<std::size_t> order(ids.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
  return order;
}

/// `count` of 0 ... from - 1 without repetition, by Floyd's method (CACM 30(9), 1987); ascending.
std::vector<std::size_t> draw(Random& random, std::size_t count, std::size_t from) {
  std::vector<std::size_t> chosen;
  std::vector<bool> taken(count < from / 64 ? 0 : from);
  const auto take = [&](std::size_t value) {
    if (!taken.empty()) {
      if (taken[value]) return false;
      taken[value] = true;
    } else if (std::find(chosen.begin(), chosen.end(), value) != chosen.end()) {
      return false;
    }
    chosen.push_back(value);
    return true;
  };
  for (std::size_t last = from - count; last < from; ++last) {
    if (!take(random.below(last + 1))) take(last);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

/// One tree being grown on its sample, column by column.
class Growing {
 public:
  Growing(const IsolationForestOptions& options, std::size_t tree, std::size_t columns, std::size_t depth)
      : random_(hash_of(options.seed, tree)), depth_(depth), columns_(columns), chosen_(options.max_features) {}

  std::vector<IsolationNode> grow(const NumberView& x, const std::vector<std::size_t>& order, std::size_t sample) {
    const std::vector<std::size_t> ranks = draw(random_, sample, x.rows());
    if (chosen_ == 0 || chosen_ == columns_) {
      candidates_.resize(columns_);
      std::iota(candidates_.begin(), candidates_.end(), std::size_t{0});
    } else {
      candidates_ = draw(random_, chosen_, columns_);
    }
    for (const std::size_t rank : ranks) {
      const std::size_t row = order.empty() ? rank : order[rank];
      for (std::size_t c = 0; c < columns_; ++c) values_.push_back(checked_number(x, row, c));
    }
    rows_.resize(sample);
    std::iota(rows_.begin(), rows_.end(), std::size_t{0});
    nodes_.push_back({});
    split(0, 0, sample, 0);
    return std::move(nodes_);
  }

 private:
  /// Cuts the rows first ... end - 1, which are the node's, and goes on below.
  void split(std::uint32_t node, std::size_t first, std::size_t end, std::size_t depth) {
    nodes_[node].rows = static_cast<std::uint32_t>(end - first);
    if (depth == depth_ || end - first < 2 || !choose_cut(nodes_[node], first, end)) return;
    const IsolationNode cut = nodes_[node];
    const auto middle = std::stable_partition(
        rows_.begin() + static_cast<std::ptrdiff_t>(first), rows_.begin() + static_cast<std::ptrdiff_t>(end),
        [&](std::size_t row) { return values_[row * columns_ + cut.feature] <= cut.threshold; });
    const auto half = static_cast<std::size_t>(middle - rows_.begin());
    const auto child = static_cast<std::uint32_t>(nodes_.size());
    nodes_[node].child = child;
    nodes_.resize(nodes_.size() + 2);
    split(child, first, half, depth + 1);
    split(child + 1, half, end, depth + 1);
  }

  /// A feature that is not constant here, each as likely, and a threshold between its least and largest number.
  bool choose_cut(IsolationNode& node, std::size_t first, std::size_t end) {
    std::vector<std::size_t> left = candidates_;
    while (!left.empty()) {
      const std::size_t pick = random_.below(left.size());
      const std::size_t feature = left[pick];
      const auto [least, most] = range_of(feature, first, end);
      if (least < most) {
        const double place = double{least} + random_.uniform() * (double{most} - double{least});
        node.feature = static_cast<std::uint32_t>(feature);
        node.threshold = static_cast<float>(place);
        if (!(node.threshold < most)) node.threshold = least;
        return true;
      }
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(pick));
    }
    return false;
  }

  std::pair<float, float> range_of(std::size_t feature, std::size_t first, std::size_t end) const {
    float least = values_[rows_[first] * columns_ + feature], most = least;
    for (std::size_t i = first + 1; i < end; ++i) {
      least = std::min(least, values_[rows_[i] * columns_ + feature]);
      most = std::max(most, values_[rows_[i] * columns_ + feature]);
    }
    return {least, most};
  }

  Random random_;
  std::size_t depth_, columns_, chosen_;
  std::vector<std::size_t> candidates_, rows_;
  std::vector<float> values_;
  std::vector<IsolationNode> nodes_;
};

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
  in_blocks(options.trees, 1, run, "isolation forest", [&](std::size_t tree, std::size_t) {
    trees[tree] = Growing(options, tree, x.columns(), depth_of(forest.sample)).grow(x, order, forest.sample);
  });
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
