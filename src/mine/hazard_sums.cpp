#include "mine/hazard_sums.hpp"

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "mine/symmetric.hpp"

namespace emptor::mine {
namespace {

/// e^m - 1 over m, to full precision near 0.
double growth(double m) {
  if (m > 0.5) return (elementary::exp(m) - 1) / m;
  double term = 1, sum = 1;
  for (int k = 2; k < 18; ++k) {
    term *= m / k;
    sum += term;
  }
  return sum;
}

/// log(1 - exp(-e^eta)) and its derivatives by eta.
struct EndTerm {
  double value, slope, bend;
  explicit EndTerm(double eta) {
    const double m = elementary::exp(eta);
    if (m > 30) {
      value = -elementary::exp(-m);
      slope = m * elementary::exp(-m);
    } else {
      const double ratio = growth(m);
      value = eta + elementary::log(ratio) - m;
      slope = 1 / ratio;
    }
    bend = slope * (1 - m - slope);
  }
};

/// Sums over the rows, by the period that they last to.
struct PeriodSums {
  std::vector<double> survived;                ///< risk that passes this period and no later one
  std::vector<double> end_slope, end_bend;     ///< of those that ended in it
  std::vector<double> survived_z, end_bend_z;  ///< the same times z
  PeriodSums(std::size_t last, std::size_t columns)
      : survived(last + 1),
        end_slope(last + 1),
        end_bend(last + 1),
        survived_z((last + 1) * columns),
        end_bend_z((last + 1) * columns) {}
};

void add_square(HazardSums& sums, std::size_t base, const double* z, std::size_t columns, double weight) {
  for (std::size_t a = 0; a < columns; ++a)
    for (std::size_t b = 0; b <= a; ++b) sums.information[triangle_index(base + a, base + b)] += weight * z[a] * z[b];
}

/// What the baseline's parameters have of all periods.
void add_periods(HazardSums& sums, const PeriodSums& periods, const PeriodTerms& terms,
                 const std::vector<double>& hazard, std::size_t columns) {
  const std::size_t base = terms.size();
  double alive = 0;
  std::vector<double> alive_z(columns, 0.0);
  for (std::size_t t = hazard.size() - 1; t > 0; --t) {
    alive += periods.survived[t];
    for (std::size_t c = 0; c < columns; ++c) alive_z[c] += periods.survived_z[t * columns + c];
    const auto period = static_cast<std::uint32_t>(t);
    const double passed = hazard[t] * alive, bend = passed - periods.end_bend[t];
    terms.each(period, [&](std::size_t a, double factor) {
      sums.gradient[a] += factor * (periods.end_slope[t] - passed);
      terms.each(period, [&](std::size_t b, double other) {
        if (b <= a) sums.information[triangle_index(a, b)] += factor * other * bend;
      });
      for (std::size_t c = 0; c < columns; ++c)
        sums.information[triangle_index(base + c, a)] +=
            factor * (hazard[t] * alive_z[c] - periods.end_bend_z[t * columns + c]);
    });
  }
}

}  // namespace

PeriodTerms::PeriodTerms(HazardBaseline kind, std::uint32_t last) : kind_(kind), logs_(std::size_t{last} + 1) {
  for (std::size_t t = 1; t < logs_.size(); ++t) logs_[t] = elementary::log(static_cast<double>(t));
}

HazardSums cloglog_sums(const OrderedLifetimes& rows, const PeriodTerms& terms, std::span<const double> theta) {
  const std::size_t base = terms.size(), columns = rows.columns;
  HazardSums sums{0, std::vector<double>(theta.size(), 0.0), std::vector<double>(triangle_size(theta.size()), 0.0)};
  std::uint32_t last = 0;
  for (const double time : rows.time) last = std::max(last, static_cast<std::uint32_t>(time));
  std::vector<double> hazard(std::size_t{last} + 1, 0.0), all(hazard.size(), 0.0);
  for (std::uint32_t t = 1; t <= last; ++t) {
    hazard[t] = elementary::exp(terms.value(theta.first(base), t));
    all[t] = all[t - 1] + hazard[t];
  }
  PeriodSums periods(last, columns);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (r % 4'096 == 0) beat("hazard", r, rows.size());
    const double* z = rows.row(r);
    double eta = 0;
    for (std::size_t c = 0; c < columns; ++c) eta += z[c] * theta[base + c];
    const auto time = static_cast<std::uint32_t>(rows.time[r]);
    // The periods that were passed: of one that ended all but the last.
    const std::size_t passed = time - rows.event[r];
    const double risk = rows.weight[r] * elementary::exp(eta), sum = risk * all[passed];
    periods.survived[passed] += risk;
    double slope = -sum, bend = -sum;
    sums.log_likelihood -= sum;
    if (rows.event[r] != 0) {
      const EndTerm end(terms.value(theta.first(base), time) + eta);
      sums.log_likelihood += rows.weight[r] * end.value;
      periods.end_slope[time] += rows.weight[r] * end.slope;
      periods.end_bend[time] += rows.weight[r] * end.bend;
      slope += rows.weight[r] * end.slope;
      bend += rows.weight[r] * end.bend;
      for (std::size_t c = 0; c < columns; ++c)
        periods.end_bend_z[time * columns + c] += rows.weight[r] * end.bend * z[c];
    }
    for (std::size_t c = 0; c < columns; ++c) {
      periods.survived_z[passed * columns + c] += risk * z[c];
      sums.gradient[base + c] += slope * z[c];
    }
    add_square(sums, base, z, columns, -bend);
  }
  add_periods(sums, periods, terms, hazard, columns);
  return sums;
}

}  // namespace emptor::mine
