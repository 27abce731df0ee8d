/// The baseline of a discrete-time hazard, and the likelihood of the complementary log-log link in closed form.
#pragma once

#include <span>
#include <vector>

#include "emptor/mine/hazard.hpp"
#include "mine/ordered_lifetimes.hpp"

namespace emptor::mine {

/// How a period enters: as 1 and log t, or as the one parameter of its own.
class PeriodTerms {
 public:
  PeriodTerms(HazardBaseline kind, std::uint32_t last);
  std::size_t size() const noexcept { return kind_ == HazardBaseline::log_time ? 2 : logs_.size() - 1; }
  double value(std::span<const double> baseline, std::uint32_t period) const noexcept {
    if (kind_ == HazardBaseline::periods) return baseline[period - 1];
    return baseline[0] + baseline[1] * logs_[period];
  }
  /// Calls work(parameter, its factor) for those that the period has.
  template <class Work>
  void each(std::uint32_t period, Work&& work) const {
    if (kind_ == HazardBaseline::periods) return work(std::size_t{period} - 1, 1.0);
    work(std::size_t{0}, 1.0);
    work(std::size_t{1}, logs_[period]);
  }
  double log_of(std::uint32_t period) const noexcept { return logs_[period]; }

 private:
  HazardBaseline kind_;
  std::vector<double> logs_;  ///< by period
};

struct HazardSums {
  double log_likelihood = 0;
  std::vector<double> gradient, information;  ///< lower triangle; the baseline first
};
/// theta: the baseline, then the features in the units of `rows`.
HazardSums cloglog_sums(const OrderedLifetimes& rows, const PeriodTerms& terms, std::span<const double> theta);

}  // namespace emptor::mine
