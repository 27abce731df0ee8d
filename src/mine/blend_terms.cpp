#include "mine/blend_terms.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "mine/fixed_point.hpp"

namespace emptor::mine {
namespace {

constexpr double reach = 4;                // deviations from the mean after which a number counts as no farther
constexpr std::size_t least_rows = 5;      // of a name, and of what is missing, for a column of its own
constexpr std::size_t most_names = 64;     // of one column, the most frequent
constexpr std::size_t most_columns = 240;  // a regression on more costs more than the trees

double scaled(const BlendTerm& term, double x) noexcept {
  return std::clamp((x - term.centre) / term.spread, -reach, reach);
}

/// The least border of bins with this share of the rows up to it.
double quantile_of(const FeatureBins& bins, const std::vector<std::size_t>& counts, double share) {
  const std::size_t all =
      std::accumulate(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(bins.size()), std::size_t{0});
  const double wanted = share * static_cast<double>(all);
  std::size_t code = 0, below = counts[0];
  while (code < bins.cuts.size() && static_cast<double>(below) < wanted) below += counts[++code];
  return code < bins.cuts.size() ? bins.cuts[code] : bins.highest;
}

/// The mean of what `of` makes of the values, at most `most` in size, the same in any order.
template <class Of>
double mean_of(const std::vector<double>& values, double most, Of&& of) {
  const FixedScale scale = FixedScale::of(most, values.size(), 62);
  std::int64_t sum = 0;
  for (const double value : values) sum += scale.round(of(value));
  return scale.value(sum) / static_cast<double>(values.size());
}

}  // namespace

double BlendTerm::of(double x) const noexcept {
  if (x != x) return missing;
  if (categorical) {
    const auto at = std::lower_bound(categories.begin(), categories.end(), x);
    return at != categories.end() && *at == x ? levels[static_cast<std::size_t>(at - categories.begin())] : 0;
  }
  const double z = scaled(*this, x);
  double sum = slopes[0] * z;
  for (std::size_t i = 0; i < knots.size(); ++i)
    if (z > knots[i]) sum += slopes[i + 1] * (z - knots[i]);
  return sum;
}

std::size_t BlendDesign::Plan::width() const noexcept {
  const std::size_t own = !used ? 0 : term.categorical ? term.categories.size() : term.knots.size() + 1;
  return own + (tells_missing ? 1 : 0);
}

double greatest_of(const BlendTerm& term) noexcept {
  double most = std::abs(term.missing);
  for (const double level : term.levels) most = std::max(most, std::abs(level));
  double bent = 0;
  for (std::size_t i = 0; i < term.slopes.size(); ++i) bent += std::abs(term.slopes[i]) * (i == 0 ? reach : 2 * reach);
  return std::max(most, bent);
}

BlendDesign::BlendDesign(const NumberView& x, const TreeRows& rows, const BinnedRows& bins,
                         const BlendedBoostingOptions& options)
    : options_(options) {
  // Fewer bends and fewer names until the columns are few enough.
  std::size_t knots = options.knots, names = most_names;
  plan_all(x, rows, bins, knots, names);
  while (width_ > most_columns && (knots > 0 || names > 8)) {
    if (knots > 0) {
      --knots;
    } else {
      names /= 2;
    }
    plan_all(x, rows, bins, knots, names);
  }
  if (width_ > most_columns) width_ = 0;
}

void BlendDesign::plan_all(const NumberView& x, const TreeRows& rows, const BinnedRows& bins, std::size_t knots,
                           std::size_t names) {
  plans_.assign(x.columns(), {});
  width_ = 0;
  for (std::size_t c = 0; c < plans_.size(); ++c) {
    Plan& plan = plans_[c];
    plan.term.categorical = bins.features[c].categorical;
    std::vector<std::size_t> counts(256);
    const std::uint8_t* codes = bins.column(c);
    for_active(rows, [&](std::size_t row) { ++counts[codes[row]]; });
    const std::size_t missing = counts[bins.features[c].missing()];
    const std::size_t there = (rows.active.empty() ? rows.rows : rows.active.size()) - missing;
    if (there == 0) continue;
    plan.tells_missing = missing >= least_rows;
    if (plan.term.categorical) {
      plan_names(plan, counts, bins.features[c], names);
    } else {
      std::vector<double> values;
      values.reserve(there);
      for_active(rows, [&](std::size_t row) {
        if (const double value = x(row, c); value == value) values.push_back(value);
      });
      plan_number(plan, values);
      if (plan.used) place_knots(plan, bins.features[c], counts, knots);
    }
    width_ += plan.width();
  }
}

void BlendDesign::plan_number(Plan& plan, const std::vector<double>& values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  BlendTerm& term = plan.term;
  const double reach_of_all = *most - *least;
  plan.used = reach_of_all > 0 && std::isfinite(reach_of_all * reach_of_all);
  if (!plan.used) return;
  term.centre = mean_of(values, std::max(std::abs(*least), std::abs(*most)), [](double value) { return value; });
  term.spread = std::sqrt(mean_of(values, reach_of_all * reach_of_all,
                                  [&](double value) { return (value - term.centre) * (value - term.centre); }));
  plan.used = term.spread > 0;
  if (!plan.used) term.spread = 1;
}

/// Where the bins have counted equal shares of the rows: sorting the values for it would cost more than the regression.
void BlendDesign::place_knots(Plan& plan, const FeatureBins& bins, const std::vector<std::size_t>& counts,
                              std::size_t knots) {
  BlendTerm& term = plan.term;
  const double high = scaled(term, bins.highest);
  for (std::size_t i = 0; i < knots; ++i) {
    // At the middles of equal shares, drawn a little outwards: .2, .5, .8 of three.
    const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(knots) * 0.9 + 0.05;
    const double knot = scaled(term, quantile_of(bins, counts, share));
    if (knot < high && (term.knots.empty() || knot > term.knots.back())) term.knots.push_back(knot);
  }
}

void BlendDesign::plan_names(Plan& plan, const std::vector<std::size_t>& counts, const FeatureBins& bins,
                             std::size_t most) const {
  std::vector<std::pair<std::size_t, double>> found;
  for (std::size_t code = 0; code < bins.size(); ++code)
    if (counts[code] >= least_rows) found.emplace_back(counts[code], bins.categories[code]);
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  if (found.size() > most) found.resize(most);
  for (const auto& [rows, name] : found) plan.term.categories.push_back(name);
  std::sort(plan.term.categories.begin(), plan.term.categories.end());
  plan.used = plan.term.categories.size() > 1;
  if (!plan.used) plan.term.categories.clear();
}

/// What a number says, or that there is none.
void BlendDesign::fill(const Plan& plan, double x, double* out) const {
  if (plan.tells_missing && x != x) out[plan.width() - 1] = 1;
  const BlendTerm& term = plan.term;
  if (!plan.used || term.categorical || x != x) return;
  out[0] = scaled(term, x);
  for (std::size_t i = 0; i < term.knots.size(); ++i) out[i + 1] = std::max(out[0] - term.knots[i], 0.0);
}

/// A name's column by its code; codes do not tell what is missing from what was met too seldom for one.
void BlendDesign::fill_names(const Plan& plan, const FeatureBins& bins, const std::uint8_t* codes,
                             std::span<const std::uint32_t> order, double* out) const {
  std::array<std::size_t, 256> column;
  column.fill(width_);
  for (std::size_t code = 0; code < bins.size(); ++code) {
    const std::vector<double>& names = plan.term.categories;
    const auto at = std::lower_bound(names.begin(), names.end(), bins.categories[code]);
    if (at != names.end() && *at == bins.categories[code]) column[code] = static_cast<std::size_t>(at - names.begin());
  }
  for (std::size_t i = 0; i < order.size(); ++i)
    if (const std::size_t own = column[codes[order[i]]]; own < width_) out[i * width_ + own] = 1;
}

std::vector<double> BlendDesign::matrix(const NumberView& x, const BinnedRows& bins,
                                        std::span<const std::uint32_t> order) const {
  std::vector<double> out(order.size() * width_);
  std::size_t first = 0;
  for (std::size_t c = 0; c < plans_.size(); ++c) {
    const Plan& plan = plans_[c];
    double* const own = out.data() + first;
    if (plan.used && plan.term.categorical) fill_names(plan, bins.features[c], bins.column(c), order, own);
    for (std::size_t i = 0; i < order.size(); ++i)
      if (!plan.term.categorical || bins.column(c)[order[i]] == bins.features[c].missing())
        fill(plan, x(order[i], c), own + i * width_);
    first += plan.width();
  }
  return out;
}

std::vector<BlendTerm> BlendDesign::terms(std::span<const double> coefficients) const {
  std::vector<BlendTerm> terms;
  std::size_t at = 0;
  const auto next = [&] { return coefficients.empty() ? 0.0 : coefficients[at++]; };
  for (const Plan& plan : plans_) {
    BlendTerm& term = terms.emplace_back(plan.term);
    if (plan.used && !term.categorical)
      for (std::size_t i = 0; i <= term.knots.size(); ++i) term.slopes.push_back(next());
    if (plan.used && term.categorical)
      for (std::size_t i = 0; i < term.categories.size(); ++i) term.levels.push_back(next());
    if (plan.tells_missing) term.missing = next();
    if (!term.categorical && term.slopes.empty()) term.slopes.push_back(0);
  }
  return terms;
}

}  // namespace emptor::mine
