#include "emptor/mine/scorecard.hpp"

#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "core/sort_stably.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/judgement.hpp"
#include "emptor/mine/logistic.hpp"
#include "mine/fixed_point.hpp"
#include "mine/row_chunks.hpp"
#include "mine/symmetric.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr double log_two = 0.69314718055994530942;

/// From log-odds of others to points.
struct PointScale {
  double factor, offset;

  explicit PointScale(const ScorecardOptions& options)
      : factor(options.points_to_double / log_two),
        offset(options.base_points - factor * elementary::log(options.base_odds)) {}
};

void check_options(const ScorecardOptions& options) {
  if (!std::isfinite(options.base_points)) refuse_input("base points are not finite", "base_points");
  if (!(options.base_odds > 0 && std::isfinite(options.base_odds)))
    refuse_input("base odds must be above 0", "base_odds");
  if (!(options.points_to_double > 0 && std::isfinite(options.points_to_double)))
    refuse_input("points that double the odds must be above 0", "points_to_double");
  if (!(options.least_information >= 0)) refuse_input("the least information is negative", "least_information");
}

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

void check_protected(const ScorecardOptions& options) {
  if (options.protected_columns.empty() || options.allow_protected) return;
  if (options.binning.features.empty())
    refuse_input("protected columns cannot be told without names", "features", "name the columns");
  std::vector<Problem> problems;
  for (const std::string& feature : options.binning.features) {
    const bool denied = std::any_of(options.protected_columns.begin(), options.protected_columns.end(),
                                    [&](const std::string& name) { return lower_case(name) == lower_case(feature); });
    if (!denied) continue;
    problems.push_back({.code = Code::denied,
                        .message = "a protected column would decide",
                        .entity = {},
                        .field = feature,
                        .row = {},
                        .hint = "leave it out, or allow protected columns where the law does"});
  }
  if (!problems.empty()) throw Error(problems);
}

std::vector<std::size_t> used_of(const Scorecard& card) {
  std::vector<std::size_t> used;
  for (std::size_t c = 0; c < card.columns.size(); ++c)
    if (card.columns[c].use == ColumnUse::used) used.push_back(c);
  return used;
}

/// The regression on the weights of evidence of the columns that are used.
LogisticModel regress(const Scorecard& card, const std::vector<double>& weights, const TrainingRows& rows,
                      const std::vector<std::size_t>& used, const Run& run) {
  const std::size_t columns = card.columns.size(), count = rows.x.rows();
  std::vector<double> x(count * used.size());
  LogisticOptions options{.ridge = card.options.ridge};
  for (std::size_t i = 0; i < used.size(); ++i) {
    const auto& names = card.options.binning.features;
    options.features.push_back(names.empty() ? "column " + std::to_string(used[i]) : names[used[i]]);
    for (std::size_t r = 0; r < count; ++r) x[r * used.size() + i] = weights[r * columns + used[i]];
  }
  return fit_logistic({NumberView(x.data(), count, used.size(), used.size(), 1), rows.y, rows.weights, rows.ids},
                      options, run);
}

/// Takes the coefficients over, and leaves out what must be; true where nothing had to be.
bool take_over(Scorecard& card, const LogisticModel& model, const std::vector<std::size_t>& used) {
  bool settled = true;
  std::size_t worst = used.size();
  for (std::size_t i = 0; i < used.size(); ++i) {
    ScorecardColumn& column = card.columns[used[i]];
    // The regression is of events, the card's log-odds are of others.
    column.coefficient = -model.coefficients[i];
    column.standard_error = std::sqrt(std::max(model.covariance[triangle_index(i, i)], 0.0));
    if (model.aliased[i] != 0) {
      column.use = ColumnUse::explained;
      settled = false;
    } else if (column.coefficient < 0 &&
               (worst == used.size() || column.coefficient < card.columns[used[worst]].coefficient)) {
      worst = i;
    }
  }
  card.intercept = -model.intercepts[0];
  card.log_likelihood = model.log_likelihood;
  if (!settled || worst == used.size() || !card.options.drop_contrary) return settled;
  card.columns[used[worst]].use = ColumnUse::contrary;
  return false;
}

void fit_columns(Scorecard& card, const TrainingRows& rows, const Run& run) {
  const std::vector<double> weights = woe(card.binning, rows.x, run);
  for (std::size_t c = 0; c < card.columns.size(); ++c)
    if (card.binning.columns[c].information_value < card.options.least_information)
      card.columns[c].use = ColumnUse::uninformative;
  for (;;) {
    const std::vector<std::size_t> used = used_of(card);
    if (used.empty())
      refuse_input("no column is left that tells anything", "x", "lower least_information, or give other columns");
    if (take_over(card, regress(card, weights, rows, used, run), used)) break;
  }
  for (ScorecardColumn& column : card.columns)
    if (column.use != ColumnUse::used) column.coefficient = column.standard_error = 0;
}

void set_points(Scorecard& card) {
  const PointScale scale(card.options);
  const auto used = static_cast<double>(used_of(card).size());
  const double each = (scale.offset + scale.factor * card.intercept) / used;
  for (std::size_t c = 0; c < card.columns.size(); ++c) {
    ScorecardColumn& column = card.columns[c];
    const std::vector<WoeBin>& bins = card.binning.columns[c].bins;
    column.points.assign(bins.size(), 0.0);
    if (column.use != ColumnUse::used) continue;
    double weight = 0, sum = 0;
    bool first = true;
    for (std::size_t b = 0; b < bins.size(); ++b) {
      const double points = scale.factor * column.coefficient * bins[b].woe + each;
      column.points[b] = card.options.whole_points ? std::nearbyint(points) : points;
      const double here = bins[b].events + bins[b].others;
      if (!(here > 0)) continue;
      column.best = first ? column.points[b] : std::max(column.best, column.points[b]);
      first = false;
      weight += here;
      sum += here * column.points[b];
    }
    column.mean = sum / weight;
  }
}

std::vector<double> shares_between(const std::vector<double>& cuts, const std::vector<double>& scores,
                                   const std::vector<double>& units) {
  std::vector<double> sums(cuts.size() + 1, 0.0);
  for (std::size_t r = 0; r < scores.size(); ++r)
    sums[static_cast<std::size_t>(std::upper_bound(cuts.begin(), cuts.end(), scores[r]) - cuts.begin())] +=
        units.empty() ? 1 : units[r];
  double all = 0;
  for (const double sum : sums) all += sum;
  for (double& sum : sums) sum /= all;
  return sums;
}

/// Cuts at the tenths of the scores; weights as whole units, so that their order does not matter.
void keep_scores(Scorecard& card, const TrainingRows& rows, const Run& run) {
  const std::vector<double> scores = score(card, rows.x, run);
  std::vector<double> units(scores.size(), 1.0);
  if (!rows.weights.empty()) {
    const double most = *std::max_element(rows.weights.begin(), rows.weights.end());
    const FixedScale scale = FixedScale::of(most, scores.size(), 53);
    for (std::size_t r = 0; r < units.size(); ++r) units[r] = static_cast<double>(scale.round(rows.weights[r]));
  }
  std::vector<std::pair<double, double>> sorted;
  double all = 0;
  for (std::size_t r = 0; r < scores.size(); ++r) {
    sorted.emplace_back(scores[r], units[r]);
    all += units[r];
  }
  std::sort(sorted.begin(), sorted.end());
  double below = 0;
  std::size_t tenth = 1;
  for (const auto& [points, unit] : sorted) {
    below += unit;
    if (!(unit > 0) || 10 * below < all * static_cast<double>(tenth)) continue;
    while (tenth < 10 && 10 * below >= all * static_cast<double>(tenth)) ++tenth;
    if (points > sorted.front().first && (card.score_cuts.empty() || points > card.score_cuts.back()))
      card.score_cuts.push_back(points);
    if (tenth == 10) break;
  }
  card.score_shares = shares_between(card.score_cuts, scores, units);
}

}  // namespace

std::string_view name_of(ColumnUse use) noexcept {
  constexpr std::string_view names[] = {"used", "uninformative", "contrary", "explained"};
  return names[static_cast<std::size_t>(use)];
}

Scorecard fit_scorecard(const TrainingRows& rows, const ScorecardOptions& options, const Run& run) {
  const LongCall call(run.progress);
  check_options(options);
  check_protected(options);
  Scorecard card;
  card.options = options;
  card.binning = fit_binning(rows, options.binning, run);
  card.columns.resize(rows.x.columns());
  fit_columns(card, rows, run);
  set_points(card);
  keep_scores(card, rows, run);
  return card;
}

double score_row(const Scorecard& card, std::span<const double> row) noexcept {
  double sum = 0;
  for (std::size_t c = 0; c < row.size(); ++c) {
    const ScorecardColumn& column = card.columns[c];
    if (column.use == ColumnUse::used) sum += column.points[card.binning.columns[c].bin_of(row[c])];
  }
  return sum;
}

std::vector<double> score(const Scorecard& card, const NumberView& x, const Run& run) {
  check_columns(x, card.columns.size());
  const LongCall call(run.progress);
  std::vector<double> scores(x.rows(), 0.0);
  for_chunks(run, "scorecard", x.rows(), 4'096, [&](std::size_t, std::size_t first, std::size_t count) {
    for (std::size_t c = 0; c < card.columns.size(); ++c) {
      const ScorecardColumn& column = card.columns[c];
      if (column.use != ColumnUse::used) continue;
      x.visit(c, [&](const auto& values) {
        for (std::size_t r = first; r < first + count; ++r)
          scores[r] += column.points[card.binning.columns[c].bin_of(static_cast<double>(values[r]))];
      });
    }
  });
  return scores;
}

double chance_of(const Scorecard& card, double points) noexcept {
  const PointScale scale(card.options);
  return 1 / (1 + elementary::exp((points - scale.offset) / scale.factor));
}

std::vector<ReasonCode> reasons_of(const Scorecard& card, std::span<const double> row, std::size_t count,
                                   Against against) {
  check_columns(NumberView(row.data(), 1, row.size(), row.size(), 1), card.columns.size());
  std::vector<ReasonCode> reasons;
  for (std::size_t c = 0; c < row.size(); ++c) {
    const ScorecardColumn& column = card.columns[c];
    if (column.use != ColumnUse::used) continue;
    const std::size_t bin = card.binning.columns[c].bin_of(row[c]);
    const double points = column.points[bin];
    const double lost = (against == Against::best ? column.best : column.mean) - points;
    if (lost > 0) reasons.push_back({c, bin, points, lost});
  }
  sort_stably(reasons, [](const ReasonCode& a, const ReasonCode& b) { return a.lost > b.lost; });
  if (reasons.size() > count) reasons.resize(count);
  return reasons;
}

ScorecardQuality judge(const Scorecard& card, const TrainingRows& rows, const Run& run) {
  std::vector<double> risk = score(card, rows.x, run);
  for (double& points : risk) points = -points;
  const double area = auc(rows.y, risk, rows.weights);
  return {area, 2 * area - 1, ks(rows.y, risk, rows.weights)};
}

double population_stability(std::span<const double> expected, std::span<const double> actual) {
  double sum = 0;
  for (const WoeBin& bin : weigh_bins(actual, expected)) sum += bin.value;
  return sum;
}

ScorecardStability stability_of(const Scorecard& card, const NumberView& x, const Run& run) {
  check_columns(x, card.columns.size());
  if (x.rows() == 0) refuse_input("there are no rows to compare", "x");
  ScorecardStability stability;
  const std::vector<std::uint32_t> bins = bins_of(card.binning, x, run);
  for (std::size_t c = 0; c < x.columns(); ++c) {
    std::vector<double> expected;
    for (const WoeBin& bin : card.binning.columns[c].bins) expected.push_back(bin.events + bin.others);
    std::vector<double> actual(expected.size(), 0.0);
    for (std::size_t r = 0; r < x.rows(); ++r) ++actual[bins[r * x.columns() + c]];
    stability.columns.push_back(population_stability(expected, actual));
  }
  std::vector<double> actual = shares_between(card.score_cuts, score(card, x, run), {});
  std::vector<double> expected = card.score_shares;
  for (std::vector<double>* shares : {&expected, &actual})
    for (double& share : *shares) share *= static_cast<double>(x.rows());
  stability.score = population_stability(expected, actual);
  return stability;
}

}  // namespace emptor::mine
