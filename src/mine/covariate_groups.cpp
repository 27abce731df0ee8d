#include "mine/covariate_groups.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/elementary.hpp"
#include "mine/refusal.hpp"
#include "mine/row_blocks.hpp"
#include "mine/symmetric.hpp"

namespace emptor::mine {
namespace {

void check_table(const NumberView& table, std::size_t rows, const char* field) {
  if (table.columns() > 0 && table.rows() != rows) refuse_row("there are not as many covariates as rows", field);
  for (std::size_t column = 0; column < table.columns(); ++column) {
    for (std::size_t row = 0; row < rows; ++row)
      if (!std::isfinite(table(row, column))) refuse_row("a covariate is not finite", field, row);
  }
}

}  // namespace

GroupSlopes::GroupSlopes(LifetimeKind kind, std::size_t rate, std::vector<double> values)
    : kind_(kind), own_(parameters_of(kind)), rate_(rate), values_(std::move(values)) {}

double GroupSlopes::slope(std::size_t k, std::size_t at) const {
  if (at < rate_) return k == 1 ? -values_[at] : 0;
  if (kind_ == LifetimeKind::pareto_nbd) return k == 3 ? -values_[at] : 0;
  return k >= 2 ? values_[at] : 0;
}

double GroupSlopes::grown(std::size_t k, const std::vector<double>& all) const {
  double sum = 0;
  for (std::size_t at = 0; at < values_.size(); ++at) sum += slope(k, at) * all[own_ + at];
  return elementary::exp(sum);
}

std::vector<double> GroupSlopes::parameters(const std::vector<double>& all) const {
  std::vector<double> out(own_);
  for (std::size_t k = 0; k < own_; ++k) out[k] = all[k] * grown(k, all);
  return out;
}

void GroupSlopes::add(const Curvature& group, const std::vector<double>& all, Curvature& into) const {
  const std::size_t n = all.size();
  // Row k: the derivatives of the group's parameter k by all of the model's.
  std::vector<double> jacobian(own_ * n, 0.0), through(own_ * n, 0.0);
  for (std::size_t k = 0; k < own_; ++k) {
    const double factor = grown(k, all);
    jacobian[k * n + k] = factor;
    for (std::size_t at = 0; at + own_ < n; ++at) jacobian[k * n + own_ + at] = all[k] * factor * slope(k, at);
  }
  for (std::size_t k = 0; k < own_; ++k) {
    for (std::size_t l = 0; l < own_; ++l) {
      const double second = group.hessian[triangle_index(std::max(k, l), std::min(k, l))];
      for (std::size_t i = 0; i < n; ++i) through[k * n + i] += second * jacobian[l * n + i];
    }
  }
  into.value += group.value;
  for (std::size_t k = 0; k < own_; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      into.gradient[i] += group.gradient[k] * jacobian[k * n + i];
      for (std::size_t j = 0; j <= i; ++j) {
        // A coefficient multiplies every derivative of its parameter by its slope once more.
        const double again = i >= own_ ? group.gradient[k] * jacobian[k * n + j] * slope(k, i - own_) : 0;
        into.hessian[triangle_index(i, j)] += jacobian[k * n + i] * through[k * n + j] + again;
      }
    }
  }
}

std::vector<double> CovariateGroups::values_of(std::size_t group) const {
  const auto from = values.begin() + static_cast<std::ptrdiff_t>(group * columns);
  return {from, from + static_cast<std::ptrdiff_t>(columns)};
}

CovariateGroups grouped(const CovariateRows& rows) {
  const std::size_t size = rows.purchases.size(), first = rows.rate.columns();
  check_table(rows.rate, size, "rate");
  check_table(rows.leaving, size, "leaving");
  CovariateGroups out;
  out.columns = first + rows.leaving.columns();
  const auto value = [&](std::size_t row, std::size_t column) {
    return (column < first ? rows.rate(row, column) : rows.leaving(row, column - first)) + 0.0;  // -0 is 0
  };
  const auto order = [&](std::size_t a, std::size_t b) {
    for (std::size_t column = 0; column < out.columns; ++column) {
      if (value(a, column) != value(b, column)) return value(a, column) < value(b, column) ? -1 : 1;
    }
    return 0;
  };
  out.rows.resize(size);
  std::iota(out.rows.begin(), out.rows.end(), std::size_t{0});
  std::sort(out.rows.begin(), out.rows.end(), [&](std::size_t a, std::size_t b) {
    const int compared = order(a, b);
    return compared != 0 ? compared < 0 : a < b;
  });
  for (std::size_t at = 0; at < size; ++at) {
    if (at > 0 && order(out.rows[at - 1], out.rows[at]) == 0) continue;
    out.starts.push_back(at);
    for (std::size_t column = 0; column < out.columns; ++column) out.values.push_back(value(out.rows[at], column));
  }
  out.starts.push_back(size);
  return out;
}

GatheredPurchases::GatheredPurchases(const Purchases& all, std::span<const std::size_t> rows) {
  for (const std::size_t row : rows) {
    frequency.push_back(all.frequency[row]);
    recency.push_back(all.recency[row]);
    age.push_back(all.age[row]);
    if (!all.weights.empty()) weights.push_back(all.weights[row]);
  }
}

void each_group(std::size_t groups, const Run& run, const std::function<void(std::size_t, const Run&)>& work) {
  if (groups < 8 * std::max<std::size_t>(run.executor.threads, 1)) {
    for (std::size_t group = 0; group < groups; ++group) work(group, run);
    return;
  }
  in_blocks(groups, 16, run, "covariates", [&](std::size_t first, std::size_t end) {
    for (; first < end; ++first) work(first, Run{});
  });
}

void each_group_of(const CovariateLifetimeModel& model, const CovariateRows& rows, const Run& run,
                   const GroupWork& work) {
  if (rows.rate.columns() != model.rate) refuse_row("there are not as many covariates as coefficients", "rate");
  if (rows.leaving.columns() != model.leaving)
    refuse_row("there are not as many covariates as coefficients", "leaving");
  check_purchases(rows.purchases, run);
  const CovariateGroups groups = grouped(rows);
  each_group(groups.size(), run, [&](std::size_t group, const Run& own) {
    const std::span<const std::size_t> places = groups.rows_of(group);
    const std::vector<double> values = groups.values_of(group);
    const GatheredPurchases part(rows.purchases, places);
    work(lifetime_of(model, std::span(values).first(model.rate), std::span(values).subspan(model.rate)), part.view(),
         places, own);
  });
}

}  // namespace emptor::mine
