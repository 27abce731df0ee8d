#include "emptor/mine/tree.hpp"

#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "mine/shares.hpp"
#include "mine/tree_link.hpp"
#include "mine/tree_rows.hpp"
#include "mine/tree_walk.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t block_rows = 64;

void check_columns(const TreeEnsemble& ensemble, NumberView x) {
  if (x.columns() != ensemble.features && x.rows() > 0)
    refuse_field(
        "the model was fitted on " + std::to_string(ensemble.features) + " columns, not " + std::to_string(x.columns()),
        "x");
}

/// Rows first ... of x, side by side.
void copy_rows(NumberView x, std::size_t first, std::size_t rows, std::vector<double>& out) {
  out.resize(rows * x.columns());
  for (std::size_t c = 0; c < x.columns(); ++c) {
    x.visit(c, [&](auto column) {
      for (std::size_t r = 0; r < rows; ++r) out[r * x.columns() + c] = column[first + r];
    });
  }
}

/// Calls work(first row, rows, their numbers) for blocks of rows.
template <class Work>
void by_blocks(NumberView x, const Run& run, std::string_view stage, Work work) {
  const LongCall call(run.progress);
  std::vector<std::vector<double>> copies(workers_of(run));
  run_workers(run, (x.rows() + block_rows - 1) / block_rows, stage, [&](std::size_t block, std::size_t worker) {
    const std::size_t first = block * block_rows;
    const std::size_t rows = std::min(block_rows, x.rows() - first);
    copy_rows(x, first, rows, copies[worker]);
    work(first, rows, copies[worker].data());
  });
}

void add_tree(const Tree& tree, const double* rows, std::size_t count, std::size_t features, double* sums,
              std::size_t outputs) noexcept {
  for (std::size_t r = 0; r < count; ++r) {
    const double* row = rows + r * features;
    const std::uint32_t leaf = leaf_of(tree, [row](std::size_t f) { return row[f]; });
    const double* value = tree.values.data() + std::size_t{leaf} * tree.outputs;
    for (std::size_t k = 0; k < tree.outputs; ++k) sums[r * outputs + tree.first_output + k] += value[k];
  }
}

void finish_scores(const TreeEnsemble& ensemble, double* scores, std::size_t rows) noexcept {
  for (std::size_t r = 0; r < rows; ++r)
    finish_score(ensemble.base.data(), ensemble.factor, scores + r * ensemble.outputs, ensemble.outputs);
}

double logistic(double x) {
  if (x >= 0) return 1 / (1 + elementary::exp(-x));
  const double e = elementary::exp(x);
  return e / (1 + e);
}

void softmax(double* scores, std::size_t count) {
  const double most = *std::max_element(scores, scores + count);
  double sum = 0;
  for (std::size_t k = 0; k < count; ++k) sum += scores[k] = elementary::exp(scores[k] - most);
  for (std::size_t k = 0; k < count; ++k) scores[k] /= sum;
}

}  // namespace

std::size_t Tree::depth() const {
  std::vector<std::size_t> depth(nodes.size());
  std::size_t deepest = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    deepest = std::max(deepest, depth[i]);
    if (!nodes[i].leaf()) depth[nodes[i].left] = depth[nodes[i].left + 1] = depth[i] + 1;
  }
  return deepest;
}

std::vector<double> raw_scores(const TreeEnsemble& ensemble, NumberView x, const Run& run) {
  check_columns(ensemble, x);
  std::vector<double> out(x.rows() * ensemble.outputs);
  by_blocks(x, run, "predict", [&](std::size_t first, std::size_t rows, const double* numbers) {
    double* sums = out.data() + first * ensemble.outputs;
    for (const Tree& tree : ensemble.trees) add_tree(tree, numbers, rows, ensemble.features, sums, ensemble.outputs);
    finish_scores(ensemble, sums, rows);
  });
  return out;
}

/// Several trees side by side, as the next node of each is a wait for memory.
void raw_scores_of_row(const TreeEnsemble& ensemble, const double* row, double* out) noexcept {
  constexpr std::size_t together = 8;
  std::fill_n(out, ensemble.outputs, 0.0);
  for (std::size_t first = 0; first < ensemble.trees.size(); first += together) {
    const std::size_t count = std::min(together, ensemble.trees.size() - first);
    const Tree* trees = ensemble.trees.data() + first;
    const TreeNode* nodes[together];
    std::uint32_t at[together] = {};
    for (std::size_t t = 0; t < count; ++t) nodes[t] = trees[t].nodes.data();
    for (bool on_the_way = true; on_the_way;) {
      on_the_way = false;
      for (std::size_t t = 0; t < count; ++t) {
        const TreeNode& node = nodes[t][at[t]];
        if (node.leaf()) continue;
        on_the_way = true;
        at[t] = node.left + (goes_left(trees[t], node, row[node.feature]) ? 0 : 1);
      }
    }
    for (std::size_t t = 0; t < count; ++t)
      for (std::size_t k = 0; k < trees[t].outputs; ++k)
        out[trees[t].first_output + k] += trees[t].values[std::size_t{at[t]} * trees[t].outputs + k];
  }
  finish_scores(ensemble, out, 1);
}

void link_row(TreeLink link, double* scores, std::size_t outputs) noexcept {
  if (link == TreeLink::exponential) {
    for (std::size_t k = 0; k < outputs; ++k) scores[k] = elementary::exp(scores[k]);
  } else if (link == TreeLink::softmax) {
    softmax(scores, outputs);
  } else if (link == TreeLink::logistic) {
    scores[1] = logistic(scores[0]);
    scores[0] = 1 - scores[1];
  }
}

void predict_of_row(const TreeEnsemble& ensemble, const double* row, double* out) noexcept {
  raw_scores_of_row(ensemble, row, out);
  link_row(ensemble.link, out, ensemble.outputs);
}

std::vector<double> predict(const TreeEnsemble& ensemble, NumberView x, const Run& run) {
  std::vector<double> scores = raw_scores(ensemble, x, run);
  if (ensemble.link == TreeLink::exponential) {
    for (double& score : scores) score = elementary::exp(score);
  } else if (ensemble.link == TreeLink::softmax) {
    for (std::size_t r = 0; r < x.rows(); ++r) softmax(scores.data() + r * ensemble.outputs, ensemble.outputs);
  } else if (ensemble.link == TreeLink::logistic) {
    std::vector<double> shares(2 * scores.size());
    for (std::size_t r = 0; r < scores.size(); ++r) {
      shares[2 * r + 1] = logistic(scores[r]);
      shares[2 * r] = 1 - shares[2 * r + 1];
    }
    return shares;
  }
  return scores;
}

std::vector<std::uint32_t> leaves_of(const TreeEnsemble& ensemble, NumberView x, const Run& run) {
  check_columns(ensemble, x);
  const std::size_t trees = ensemble.trees.size();
  std::vector<std::uint32_t> out(x.rows() * trees);
  by_blocks(x, run, "leaves", [&](std::size_t first, std::size_t rows, const double* numbers) {
    for (std::size_t t = 0; t < trees; ++t)
      for (std::size_t r = 0; r < rows; ++r) {
        const double* row = numbers + r * ensemble.features;
        out[(first + r) * trees + t] = leaf_of(ensemble.trees[t], [row](std::size_t f) { return row[f]; });
      }
  });
  return out;
}

std::vector<double> importance(const TreeEnsemble& ensemble, TreeImportance kind) {
  std::vector<double> out(ensemble.features);
  for (const Tree& tree : ensemble.trees)
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
      if (tree.nodes[i].leaf()) continue;
      out[tree.nodes[i].feature] += kind == TreeImportance::splits  ? 1
                                    : kind == TreeImportance::cover ? tree.facts[i].cover
                                                                    : tree.facts[i].gain;
    }
  double sum = 0;
  for (const double each : out) sum += each;
  if (sum > 0)
    for (double& each : out) each /= sum;
  return out;
}

}  // namespace emptor::mine
