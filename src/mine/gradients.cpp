#include "mine/gradients.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/elementary.hpp"
#include "mine/boosting_loss.hpp"
#include "mine/fixed_point.hpp"
#include "mine/shares.hpp"

namespace emptor::mine {
namespace {

constexpr double packed_skew = 256;  // largest to mean gradient that 17 bits still tell apart well
constexpr double rounds_to_whole = 0x1.8p52;

bool bounded(BoostingLoss loss) { return loss == BoostingLoss::logistic || loss == BoostingLoss::softmax; }
bool constant_h(const TreeRows& rows, BoostingLoss loss) {
  return rows.weights.empty() && (loss == BoostingLoss::squared || loss == BoostingLoss::quantile);
}

/// Nearest, halves to even, for |value| < 2^51: what llrint does, without a call.
std::int64_t whole(double value) noexcept {
  return std::bit_cast<std::int64_t>(value + rounds_to_whole) - std::bit_cast<std::int64_t>(rounds_to_whole);
}

}  // namespace

Gradients::Gradients(const TreeRows& rows, const GradientBoostingOptions& options, const Run& run)
    : rows_(rows), options_(options), run_(run), y_(rows.y.begin(), rows.y.end()) {
  y_.resize(padded_rows(rows.rows));
  outputs_.resize(options.loss == BoostingLoss::softmax ? rows.classes : 1);
  count_rows_ = options.min_leaf > 1 && !constant_h(rows, options.loss);
  if (!rows.weights.empty()) {
    most_weight_ = 0;
    for_active(rows, [&](std::size_t row) { most_weight_ = std::max(most_weight_, rows.weights[row]); });
    const std::size_t count = rows.active.empty() ? rows.rows : rows.active.size();
    mean_weight_ = exact_weight(rows) / static_cast<double>(count);
  }
}

void Gradients::fill(const std::vector<std::vector<double>>& margins, std::size_t first, std::size_t rows,
                     Block& block) const {
  block.g.resize(padded_rows(gradient_rows) * outputs_.size());
  block.h.resize(block.g.size());
  if (options_.loss == BoostingLoss::softmax) {
    fill_softmax(margins, first, rows, block);
  } else {
    const GradientBlock work{y_.data() + first, margins[0].data() + first, block.g.data(), block.h.data(), rows};
    switch (options_.loss) {
      case BoostingLoss::squared:
        squared_gradients(work);
        break;
      case BoostingLoss::poisson:
        poisson_gradients(work);
        break;
      case BoostingLoss::quantile:
        quantile_gradients(work, options_.quantile);
        break;
      default:
        logistic_gradients(work);
    }
  }
  if (rows_.weights.empty()) return;
  for (std::size_t k = 0; k < outputs_.size(); ++k) {
    const std::size_t at = k * padded_rows(gradient_rows);
    for (std::size_t i = 0; i < rows; ++i) {
      block.g[at + i] *= rows_.weights[first + i];
      block.h[at + i] *= rows_.weights[first + i];
    }
  }
}

void Gradients::fill_softmax(const std::vector<std::vector<double>>& margins, std::size_t first, std::size_t rows,
                             Block& block) const {
  const std::size_t stride = padded_rows(gradient_rows), classes = outputs_.size();
  const double curve = static_cast<double>(classes) / static_cast<double>(classes - 1);  // Friedman (2001), algorithm 6
  for (std::size_t i = 0; i < rows; ++i) {
    double most = margins[0][first + i], sum = 0;
    for (std::size_t k = 1; k < classes; ++k) most = std::max(most, margins[k][first + i]);
    for (std::size_t k = 0; k < classes; ++k)
      sum += block.g[k * stride + i] = elementary::exp(margins[k][first + i] - most);
    for (std::size_t k = 0; k < classes; ++k) {
      const double p = block.g[k * stride + i] / sum;
      block.g[k * stride + i] = (y_[first + i] == static_cast<double>(k) ? 1 : 0) - p;
      block.h[k * stride + i] = curve * p * (1 - p);
    }
  }
}

Gradients::Range Gradients::range_of(const std::vector<std::vector<double>>& margins) const {
  const std::size_t blocks = (rows_.rows + gradient_rows - 1) / gradient_rows;
  std::vector<Range> ranges(blocks);
  std::vector<Block> scratch(workers_of(run_));
  run_workers(run_, blocks, "gradients", [&](std::size_t b, std::size_t worker) {
    const std::size_t first = b * gradient_rows, rows = std::min(gradient_rows, rows_.rows - first);
    fill(margins, first, rows, scratch[worker]);
    for (std::size_t i = 0; i < rows; ++i) {
      ranges[b].most_g = std::max(ranges[b].most_g, std::abs(scratch[worker].g[i]));
      ranges[b].most_h = std::max(ranges[b].most_h, scratch[worker].h[i]);
    }
  });
  Range all;
  for (const Range& range : ranges) {
    all.most_g = std::max(all.most_g, range.most_g);
    all.most_h = std::max(all.most_h, range.most_h);
  }
  return all;
}

void Gradients::choose_scales(const std::vector<std::vector<double>>& margins) {
  Range range{most_weight_, most_weight_ / 4};
  if (options_.loss == BoostingLoss::softmax) range.most_h *= 2;
  if (!bounded(options_.loss)) range = range_of(margins);
  const bool wide = count_rows_ || most_weight_ > packed_skew * mean_weight_ ||
                    (!bounded(options_.loss) && options_.loss != BoostingLoss::quantile && skewed(margins, range));
  for (Output& output : outputs_) {
    const FixedScale g = wide ? FixedScale::of(range.most_g, rows_.rows, 62) : FixedScale::of(range.most_g, 1, 18);
    const FixedScale h = wide ? FixedScale::of(range.most_h, rows_.rows, 62) : FixedScale::of(range.most_h, 1, 18);
    output.g_unit = 1 / g.factor();
    output.h_unit = constant_h(rows_, options_.loss) ? 1 : 1 / h.factor();
    output.sums.packed.resize(wide ? 0 : padded_rows(rows_.rows));
    output.sums.g.resize(wide ? rows_.rows : 0);
    output.sums.h.resize(wide ? rows_.rows : 0);
  }
}

/// Whether most gradients are so much smaller than the largest that 17 bits would lose them.
bool Gradients::skewed(const std::vector<std::vector<double>>& margins, const Range& range) const {
  if (range.most_g == 0) return false;
  const FixedScale scale = FixedScale::of(range.most_g, rows_.rows);
  const std::size_t blocks = (rows_.rows + gradient_rows - 1) / gradient_rows;
  std::vector<std::int64_t> sums(blocks);
  std::vector<Block> scratch(workers_of(run_));
  run_workers(run_, blocks, "gradients", [&](std::size_t b, std::size_t worker) {
    const std::size_t first = b * gradient_rows, rows = std::min(gradient_rows, rows_.rows - first);
    fill(margins, first, rows, scratch[worker]);
    for (std::size_t i = 0; i < rows; ++i) sums[b] += scale.round(std::abs(scratch[worker].g[i]));
  });
  std::int64_t sum = 0;
  for (const std::int64_t each : sums) sum += each;
  return range.most_g * static_cast<double>(rows_.rows) > packed_skew * scale.value(sum);
}

void Gradients::write(Output& output, const double* g, const double* h, std::size_t first, std::size_t rows) const {
  const double g_factor = 1 / output.g_unit, h_factor = 1 / output.h_unit;
  if (!output.sums.wide()) {
    std::uint64_t* packed = output.sums.packed.data() + first;
    for (std::size_t i = 0; i < rows; ++i)
      packed[i] = pack(whole(g[i] * g_factor), std::max<std::int64_t>(1, whole(h[i] * h_factor)));
    return;
  }
  for (std::size_t i = 0; i < rows; ++i) {
    output.sums.g[first + i] = std::llrint(g[i] * g_factor);
    output.sums.h[first + i] = std::max<std::int64_t>(1, std::llrint(h[i] * h_factor));
  }
}

/// What `fill` and `write` do, at once, where no weights come between.
void Gradients::fill_packed(const std::vector<double>& margin, Output& output) const {
  run_workers(run_, (rows_.rows + gradient_rows - 1) / gradient_rows, "gradients", [&](std::size_t b, std::size_t) {
    const std::size_t first = b * gradient_rows, rows = std::min(gradient_rows, rows_.rows - first);
    packed_logistic_gradients({y_.data() + first, margin.data() + first, nullptr, nullptr, rows}, 1 / output.g_unit,
                              1 / output.h_unit, output.sums.packed.data() + first);
  });
}

void Gradients::compute(const std::vector<std::vector<double>>& margins) {
  choose_scales(margins);
  if (options_.loss == BoostingLoss::logistic && rows_.weights.empty() && !outputs_[0].sums.wide())
    return fill_packed(margins[0], outputs_[0]);
  std::vector<Block> scratch(workers_of(run_));
  run_workers(run_, (rows_.rows + gradient_rows - 1) / gradient_rows, "gradients",
              [&](std::size_t b, std::size_t worker) {
                const std::size_t first = b * gradient_rows, rows = std::min(gradient_rows, rows_.rows - first);
                Block& block = scratch[worker];
                fill(margins, first, rows, block);
                for (std::size_t k = 0; k < outputs_.size(); ++k) {
                  const std::size_t at = k * padded_rows(gradient_rows);
                  write(outputs_[k], block.g.data() + at, block.h.data() + at, first, rows);
                }
              });
}

}  // namespace emptor::mine
