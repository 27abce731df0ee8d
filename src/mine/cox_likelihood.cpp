#include "mine/cox_likelihood.hpp"

#include <algorithm>
#include <limits>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "mine/symmetric.hpp"

namespace emptor::mine {
namespace {

double dot(const double* row, std::span<const double> theta) {
  double sum = 0;
  for (std::size_t c = 0; c < theta.size(); ++c) sum += row[c] * theta[c];
  return sum;
}

/// The risk set as it grows: sums of weight x risk x 1, z, z z'.
struct RiskSums {
  double zero = 0;
  std::vector<double> one, two;

  explicit RiskSums(std::size_t columns) : one(columns), two(triangle_size(columns)) {}
  void clear() {
    zero = 0;
    std::fill(one.begin(), one.end(), 0.0);
    std::fill(two.begin(), two.end(), 0.0);
  }
  void add(const double* z, double risk) {
    zero += risk;
    double* square = two.data();
    for (std::size_t a = 0; a < one.size(); ++a) {
      const double product = risk * z[a];
      one[a] += product;
      for (std::size_t b = 0; b <= a; ++b) *square++ += product * z[b];
    }
  }
};

/// exp(risk) of every row, each stratum's largest being 1, and the logarithm of what that divided by.
struct Risks {
  std::vector<double> log_risk, risk;  ///< the weight included in `risk`
  std::vector<double> shift;           ///< by row

  Risks(const OrderedLifetimes& rows, std::span<const double> theta)
      : log_risk(rows.size()), risk(rows.size()), shift(rows.size()) {
    for (std::size_t first = 0; first < rows.size();) {
      std::size_t end = first;
      double most = -std::numeric_limits<double>::infinity();
      for (; end < rows.size() && rows.stratum[end] == rows.stratum[first]; ++end) {
        log_risk[end] = dot(rows.row(end), theta);
        most = std::max(most, log_risk[end]);
      }
      for (; first < end; ++first) {
        shift[first] = most;
        risk[first] = rows.weight[first] * elementary::exp(log_risk[first] - most);
      }
    }
  }
};

/// Of `deaths` rows that ended at one time: which share of them each factor of the likelihood leaves out, and its
/// weight.
template <class Work>
void each_factor(CoxTies ties, std::size_t deaths, double weight, Work&& work) {
  if (ties == CoxTies::breslow) return work(0.0, weight);
  const auto count = static_cast<double>(deaths);
  for (std::size_t k = 0; k < deaths; ++k) work(static_cast<double>(k) / count, weight / count);
}

/// What the ties of one time add, given the whole risk set and the sums over those that ended.
void add_ties(CoxSums& sums, const RiskSums& all, const RiskSums& died, CoxTies ties, std::size_t deaths,
              double weight) {
  // With denominators d = all - f died: the sums of a = w / d, a f, a / d, a f / d, a f^2 / d give every derivative.
  double a = 0, af = 0, b = 0, bf = 0, bff = 0;
  each_factor(ties, deaths, weight, [&](double share, double part) {
    const double denominator = all.zero - share * died.zero;
    const double one = part / denominator, two = one / denominator;
    sums.log_likelihood -= part * elementary::log(denominator);
    a += one;
    af += one * share;
    b += two;
    bf += two * share;
    bff += two * share * share;
  });
  const std::size_t columns = sums.gradient.size();
  for (std::size_t i = 0, at = 0; i < columns; ++i) {
    sums.gradient[i] -= a * all.one[i] - af * died.one[i];
    for (std::size_t j = 0; j <= i; ++j, ++at) {
      sums.information[at] += a * all.two[at] - af * died.two[at] - b * all.one[i] * all.one[j] +
                              bf * (all.one[i] * died.one[j] + died.one[i] * all.one[j]) -
                              bff * died.one[i] * died.one[j];
    }
  }
}

}  // namespace

CoxSums cox_sums(const OrderedLifetimes& rows, CoxTies ties, std::span<const double> theta) {
  CoxSums sums{0, std::vector<double>(rows.columns, 0.0), std::vector<double>(triangle_size(rows.columns), 0.0)};
  const Risks risks(rows, theta);
  RiskSums all(rows.columns), died(rows.columns);
  std::size_t beaten = 0;
  each_time(rows, [&](std::size_t first, std::size_t events, std::size_t end, bool fresh) {
    if (end - beaten > 4'096) beat("Cox", beaten = end, rows.size());
    if (fresh) all.clear();
    for (std::size_t r = first; r < end; ++r) all.add(rows.row(r), risks.risk[r]);
    if (events == first) return;
    died.clear();
    double weight = 0;
    for (std::size_t r = first; r < events; ++r) {
      died.add(rows.row(r), risks.risk[r]);
      weight += rows.weight[r];
      sums.log_likelihood += rows.weight[r] * (risks.log_risk[r] - risks.shift[r]);
      for (std::size_t c = 0; c < rows.columns; ++c) sums.gradient[c] += rows.weight[r] * rows.row(r)[c];
    }
    add_ties(sums, all, died, ties, events - first, weight);
  });
  return sums;
}

std::vector<BaselineHazard> baseline_hazards(const OrderedLifetimes& rows, CoxTies ties,
                                             std::span<const double> theta) {
  const Risks risks(rows, theta);
  std::vector<BaselineHazard> baselines;
  double all = 0;
  each_time(rows, [&](std::size_t first, std::size_t events, std::size_t end, bool fresh) {
    if (fresh) {
      all = 0;
      baselines.push_back({.stratum = rows.stratum[first], .times = {}, .hazard = {}});
    }
    for (std::size_t r = first; r < end; ++r) all += risks.risk[r];
    if (events == first) return;
    double died = 0, weight = 0, step = 0;
    for (std::size_t r = first; r < events; ++r) {
      died += risks.risk[r];
      weight += rows.weight[r];
    }
    each_factor(ties, events - first, weight, [&](double share, double part) { step += part / (all - share * died); });
    baselines.back().times.push_back(rows.time[first]);
    baselines.back().hazard.push_back(step * elementary::exp(-risks.shift[first]));
  });
  for (BaselineHazard& one : baselines) {
    std::reverse(one.times.begin(), one.times.end());
    std::reverse(one.hazard.begin(), one.hazard.end());
    for (std::size_t i = 1; i < one.hazard.size(); ++i) one.hazard[i] += one.hazard[i - 1];
  }
  return baselines;
}

bool rises_for_ever(const OrderedLifetimes& rows, std::span<const double> direction) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  std::vector<double> along(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    along[r] = dot(rows.row(r), direction);
    low = std::min(low, along[r]);
    high = std::max(high, along[r]);
  }
  const double slack = 1e-6 * (high - low);
  double most = -std::numeric_limits<double>::infinity(), least = -most;
  bool against = false, strictly = false;
  each_time(rows, [&](std::size_t first, std::size_t events, std::size_t end, bool fresh) {
    if (fresh) {
      most = -std::numeric_limits<double>::infinity();
      least = -most;
    }
    for (std::size_t r = first; r < end; ++r) {
      most = std::max(most, along[r]);
      least = std::min(least, along[r]);
    }
    for (std::size_t r = first; r < events; ++r) {
      against = against || most - along[r] > slack;
      strictly = strictly || along[r] - least > 1'000 * slack;
    }
  });
  return strictly && !against;
}

}  // namespace emptor::mine
