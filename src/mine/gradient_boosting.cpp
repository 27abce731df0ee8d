#include "emptor/mine/gradient_boosting.hpp"

#include <vector>

#include "core/long_call.hpp"
#include "emptor/core/exact_sum.hpp"
#include "mine/booster.hpp"
#include "mine/boosting_loss.hpp"

namespace emptor::mine {
namespace {

constexpr std::uint64_t held_out_salt = 0x7661'6c69'6461'7465;

bool of_classes(BoostingLoss loss) { return loss == BoostingLoss::logistic || loss == BoostingLoss::softmax; }

/// The rows to judge by; those to learn from stay active.
std::vector<std::uint32_t> hold_out(TreeRows& rows, const GradientBoostingOptions& options) {
  std::vector<std::uint32_t> kept, out;
  if (options.validation_share == 0) return out;
  for_active(rows, [&](std::size_t row) {
    const bool judged = row_is_drawn(options.seed ^ held_out_salt, rows.id(row), options.validation_share);
    (judged ? out : kept).push_back(static_cast<std::uint32_t>(row));
  });
  if (kept.empty() || out.empty()) refuse_field("too few rows to hold some out", "validation_share");
  rows.active = std::move(kept);
  return out;
}

double mean_loss(const Booster& booster, const TreeRows& rows, std::span<const std::uint32_t> judged,
                 const GradientBoostingOptions& options) {
  DoubleSum loss, weight;
  std::vector<double> margins(booster.outputs());
  for (const std::uint32_t row : judged) {
    for (std::size_t k = 0; k < margins.size(); ++k) margins[k] = booster.margin(k)[row];
    const double own = options.loss == BoostingLoss::softmax
                           ? softmax_loss(margins, static_cast<std::size_t>(rows.y[row]))
                           : loss_of(options.loss, rows.y[row], margins[0], options.quantile);
    loss.add(own * rows.weight(row));
    weight.add(rows.weight(row));
  }
  return loss.value() / weight.value();
}

GradientBoosting fit(const BinnedRows& bins, TreeRows rows, const GradientBoostingOptions& options, const Run& run) {
  check_boosting_rows(rows, bins, options);
  const std::vector<std::uint32_t> judged = hold_out(rows, options);
  GradientBoosting model;
  model.options = options;
  model.classes = of_classes(options.loss) ? rows.classes : 0;
  const GrowTable table(bins);
  Booster booster(table, rows, options, run);
  std::size_t best = 0;
  for (std::size_t round = 0; round < options.rounds; ++round) {
    beat("boost", round, options.rounds);
    booster.add_round();
    if (judged.empty()) continue;
    model.validation_loss.push_back(mean_loss(booster, rows, judged, options));
    if (model.validation_loss.back() < model.validation_loss[best]) best = round;
    if (options.patience > 0 && round - best >= options.patience) break;
  }
  model.ensemble = booster.take(options.patience > 0 ? best + 1 : options.rounds);
  return model;
}

}  // namespace

GradientBoosting fit_gradient_boosting(const TrainingRows& rows, const GradientBoostingOptions& options,
                                       const Run& run) {
  const LongCall call(run.progress);
  check_boosting(options);
  TreeRows checked = checked_rows(rows.x.rows(), rows.y, rows.weights, rows.ids, of_classes(options.loss),
                                  {.of_class = options.class_weights});
  const BinOptions bin_options{.bins = options.bins, .categorical = options.categorical};
  const BinnedRows bins = bin_rows(rows.x, find_bins(rows.x, checked.weights, bin_options, run), run);
  return fit(bins, std::move(checked), options, run);
}

GradientBoosting fit_gradient_boosting(const BinnedTable& table, const GradientBoostingOptions& options,
                                       const Run& run) {
  const LongCall call(run.progress);
  check_boosting(options);
  return fit(table.rows,
             checked_rows(table.rows.rows, table.y, table.weights, table.ids, of_classes(options.loss),
                          {.of_class = options.class_weights}),
             options, run);
}

}  // namespace emptor::mine
