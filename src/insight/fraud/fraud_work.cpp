#include "insight/fraud/fraud_work.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/mine/isolation_forest.hpp"
#include "emptor/mine/judgement.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/taken_number.hpp"
#include "mine/special.hpp"

namespace emptor {
namespace {

constexpr std::size_t learnt_windows = 6, calibrated_windows = 2;
constexpr std::size_t least_learnt = 200;   // rows, for what is rare to mean anything
constexpr std::size_t least_labelled = 10;  // to judge by
constexpr std::size_t reason_count = 3;
constexpr double worth_telling = 1;  // rarity of a reason: one row in ten
constexpr double log_of_ten = 2.302585092994046;

double log10_of(double x) { return elementary::log(x) / log_of_ten; }

using Features = std::array<double, fraud_feature_count>;

/// Rows on a scale on which the forest's cuts are even.
std::vector<double> forest_numbers(const FraudRows& rows) {
  std::vector<double> x;
  for (const Features& row : rows.value)
    for (const double value : row) x.push_back(mine::special::log1p(value));
  return x;
}
mine::NumberView view_of(const std::vector<double>& x) {
  return {x.data(), x.size() / fraud_feature_count, fraud_feature_count, fraud_feature_count, 1};
}

void append(FraudRows& all, const FraudRows& more) {
  all.customer.insert(all.customer.end(), more.customer.begin(), more.customer.end());
  all.value.insert(all.value.end(), more.value.begin(), more.value.end());
  all.largest.insert(all.largest.end(), more.largest.begin(), more.largest.end());
}

/// What is rare, learnt from windows that end before the ones it is asked of.
struct RarityModel {
  std::array<Rarity, fraud_feature_count> rules;
  mine::IsolationForest forest;
  Rarity forest_rarity;

  RarityModel(const FraudRows& rows, const mine::Run& run) {
    for (std::size_t f = 0; f < fraud_feature_count; ++f) {
      std::vector<double> values;
      for (const Features& row : rows.value) values.push_back(row[f]);
      rules[f] = Rarity(std::move(values));
    }
    const std::vector<double> x = forest_numbers(rows);
    forest = mine::fit_isolation_forest(view_of(x), {}, {.seed = 1}, run);
    forest_rarity = Rarity(mine::score(forest, view_of(x), run));
  }
};

struct Scored {
  std::vector<Features> rarity;
  std::vector<double> forest, score;

  Scored(const RarityModel& model, const FraudRows& rows, const mine::Run& run) {
    if (rows.size() == 0) return;
    const std::vector<double> x = forest_numbers(rows);
    forest = mine::score(model.forest, view_of(x), run);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Features& of = rarity.emplace_back();
      forest[i] = model.forest_rarity.of(forest[i]);
      for (std::size_t f = 0; f < fraud_feature_count; ++f) of[f] = model.rules[f].of(rows.value[i][f]);
      score.push_back(std::max(forest[i], *std::max_element(of.begin(), of.end())));
    }
  }
};

/// Windows before one, the nearest first: those to calibrate on, then those to learn from.
struct EarlierRows {
  FraudRows learnt, calibrated;

  EarlierRows(const CustomerActivity& activity, const FraudWindow& window, const FraudRequest& request) {
    const std::int32_t first_day = activity.first_day();
    const std::int32_t known = window.last + 1;  // who is known for fraud by then is no example of what is usual
    for (std::size_t back = 1; back <= calibrated_windows + learnt_windows; ++back) {
      const std::int32_t shift = static_cast<std::int32_t>(back) * request.window_days;
      const FraudWindow earlier{window.history - shift, window.first - shift, window.last - shift};
      if (earlier.history < first_day) break;
      append(back <= calibrated_windows ? calibrated : learnt, fraud_rows(activity, earlier, known));
    }
  }
  std::string lack(const FraudRequest& request) const {
    const auto needed = static_cast<std::size_t>(std::ceil(1 / request.false_alarms));
    if (learnt.size() >= least_learnt && calibrated.size() >= needed) return {};
    return "insufficient: " + std::to_string(learnt.size()) + " rows of earlier windows to learn from, " +
           std::to_string(least_learnt) + " are needed; " + std::to_string(calibrated.size()) +
           " to set thresholds by, " + std::to_string(needed) + " are needed for this rate of false alarms";
  }
};

/// Scores of the calibration, and the one that no more than the stated share may pass.
struct Threshold {
  std::vector<double> sorted;  ///< descending
  double score = 0;

  Threshold(std::vector<double> scores, double rate) : sorted(std::move(scores)) {
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    const auto most = static_cast<std::size_t>(rate * static_cast<double>(sorted.size() + 1));
    score = sorted[std::min(std::max<std::size_t>(most, 1), sorted.size()) - 1];
  }
  double p_value(double of) const {
    const auto as_large = std::upper_bound(sorted.begin(), sorted.end(), of, std::greater<>()) - sorted.begin();
    return static_cast<double>(as_large + 1) / static_cast<double>(sorted.size() + 1);
  }
};

std::vector<FraudFeature> rarest(const Features& rarity, double least) {
  std::vector<FraudFeature> order;
  for (std::size_t f = 0; f < fraud_feature_count; ++f)
    if (rarity[f] >= least && rarity[f] > 0) order.push_back(static_cast<FraudFeature>(f));
  std::stable_sort(order.begin(), order.end(), [&](FraudFeature a, FraudFeature b) {
    return rarity[static_cast<std::size_t>(a)] > rarity[static_cast<std::size_t>(b)];
  });
  order.resize(std::min(order.size(), reason_count));
  return order;
}

/// By the rules; where none of them is rare, by where the forest's cuts were short.
std::vector<FraudFeature> reasons_of(const RarityModel& model, const FraudRows& rows, const Features& rarity,
                                     std::size_t row, const mine::Run& run) {
  std::vector<FraudFeature> reasons = rarest(rarity, worth_telling);
  if (!reasons.empty()) return reasons;
  FraudRows one;
  one.value.push_back(rows.value[row]);
  const std::vector<double> x = forest_numbers(one), shares = mine::explain(model.forest, view_of(x), run);
  Features share{};
  std::copy(shares.begin(), shares.end(), share.begin());
  return rarest(share, 0);
}

void raise(const RarityModel& model, const FraudRequest& request, const mine::Run& run, FraudOutcome& out) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < out.rows.size(); ++i)
    if (out.score[i] > out.threshold) order.push_back(i);
  out.alerted = order.size();
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return out.score[a] > out.score[b]; });
  order.resize(std::min(order.size(), request.most_alerts));
  std::sort(order.begin(), order.end());
  for (const std::size_t row : order) {
    const Features& rarity = out.rarity[row];
    const auto rules = std::count_if(rarity.begin(), rarity.end(), [&](double one) { return one > out.threshold; });
    out.alerts.push_back({.row = row,
                          .severity = std::clamp<std::int64_t>(2 + rules, 3, 5),
                          .unusual = rules == 0,
                          .reasons = reasons_of(model, out.rows, rarity, row, run)});
  }
  if (out.rows.size() != 0)
    out.alert_share = mine::share_interval(static_cast<double>(out.alerted), static_cast<double>(out.rows.size()));
}

FraudQuality quality_of(std::string_view name, const std::vector<double>& y, const std::vector<double>& score,
                        std::size_t k) {
  std::vector<std::size_t> order(score.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score[a] > score[b]; });
  double found = 0;
  for (std::size_t i = 0; i < k; ++i) found += y[order[i]];
  const mine::RateInterval precision = mine::share_interval(found, static_cast<double>(k));
  return {name, mine::auc(y, score), precision.value, precision};
}

/// The same on a past window, whose fraud has become known since.
FraudJudgement judge(const CustomerActivity& activity, const FraudRequest& request, std::int32_t until,
                     const mine::Run& run) {
  FraudJudgement out;
  const std::int32_t last = until - request.label_days;
  const FraudWindow window{last - request.window_days + 1 - request.history_days, last - request.window_days + 1, last};
  const FraudRows rows = fraud_rows(activity, window, window.first);
  std::vector<double> y;
  for (const std::size_t i : rows.customer) y.push_back(activity.labelled[i] <= until ? 1 : 0);
  out.customers = rows.size();
  out.labelled = static_cast<std::size_t>(std::accumulate(y.begin(), y.end(), 0.0));
  if (out.labelled < least_labelled || out.customers - out.labelled < least_labelled) {
    out.verdict = "insufficient: " + std::to_string(out.labelled) + " of those active became known for fraud, " +
                  std::to_string(least_labelled) + " are needed to judge by";
    return out;
  }
  const EarlierRows earlier(activity, window, request);
  out.verdict = earlier.lack(request);
  if (!out.verdict.empty()) return out;
  const RarityModel model(earlier.learnt, run);
  const Scored scored(model, rows, run);
  const Threshold threshold(Scored(model, earlier.calibrated, run).score, request.false_alarms);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (scored.score[i] <= threshold.score) continue;
    ++out.alerted;
    out.found += y[i] > 0 ? 1U : 0U;
  }
  out.verdict = "sufficient";
  out.until = Date{last};
  out.k = out.labelled;
  out.qualities = {quality_of("rarity", y, scored.score, out.k), quality_of("largest_order", y, rows.largest, out.k)};
  return out;
}

}  // namespace

FraudRequest fraud_request(const boost::json::object& options, const std::optional<Date>& until) {
  FraudRequest request{.until = until, .language = language_option(options)};
  take_number(options, "false_alarms", request.false_alarms);
  take_number(options, "window_days", request.window_days);
  take_number(options, "history_days", request.history_days);
  take_number(options, "label_days", request.label_days);
  take_number(options, "most_alerts", request.most_alerts);
  if (const boost::json::value* tag = options.if_contains("label_tag")) request.label_tag = tag->as_string();
  return request;
}

Rarity::Rarity(std::vector<double> values) : sorted_(std::move(values)) {
  std::sort(sorted_.begin(), sorted_.end());
  if (!sorted_.empty() && sorted_.back() > 0) spread_ = sorted_.back();
}

double Rarity::of(double value) const noexcept {
  const auto as_large = sorted_.end() - std::lower_bound(sorted_.begin(), sorted_.end(), value);
  const auto all = static_cast<double>(sorted_.size() + 1);
  const double rank = log10_of(all / static_cast<double>(as_large + 1));
  if (as_large != 0 || sorted_.empty()) return rank;
  return rank + log10_of(1 + (value - sorted_.back()) / spread_);
}

double Rarity::above(double score) const noexcept {
  if (sorted_.empty()) return 0;
  const auto all = static_cast<double>(sorted_.size() + 1);
  const double allowed = all * elementary::exp(-score * log_of_ten) - 1;  // values that may be as large
  if (allowed < 0) return sorted_.back() + spread_ * (elementary::exp(score * log_of_ten) / all - 1);
  const auto count = std::min(static_cast<std::size_t>(allowed), sorted_.size() - 1);
  return sorted_[sorted_.size() - 1 - count];
}

double Rarity::quantile(double share) const noexcept {
  if (sorted_.empty()) return 0;
  return sorted_[static_cast<std::size_t>(share * static_cast<double>(sorted_.size() - 1))];
}

FraudOutcome find_fraud(const CustomerActivity& activity, const FraudRequest& request, const mine::Run& run) {
  FraudOutcome out;
  const std::int32_t last_day = activity.last_day();
  if (last_day == CustomerActivity::no_day) {
    out.verdict = "insufficient: no orders of known customers";
    return out;
  }
  out.until = request.until.value_or(Date{last_day});
  const std::int32_t last = out.until->days, first = last - request.window_days + 1;
  const FraudWindow window{first - request.history_days, first, last};
  const EarlierRows earlier(activity, window, request);
  out.learnt = earlier.learnt.size();
  out.calibrated = earlier.calibrated.size();
  out.verdict = earlier.lack(request);
  out.judgement = judge(activity, request, last, run);
  if (!out.verdict.empty()) return out;
  const RarityModel model(earlier.learnt, run);
  const Threshold threshold(Scored(model, earlier.calibrated, run).score, request.false_alarms);
  out.rows = fraud_rows(activity, window, first);
  Scored scored(model, out.rows, run);
  out.rarity = std::move(scored.rarity);
  out.forest = std::move(scored.forest);
  out.score = std::move(scored.score);
  out.rules = model.rules;
  out.threshold = threshold.score;
  for (const double score : out.score) out.p_value.push_back(threshold.p_value(score));
  raise(model, request, run, out);
  out.verdict = "sufficient";
  return out;
}

}  // namespace emptor
