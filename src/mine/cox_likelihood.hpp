/// The partial likelihood of Cox's model and its derivatives, in one pass over rows in falling time.
#pragma once

#include <span>
#include <vector>

#include "emptor/mine/cox.hpp"

namespace emptor::mine {

/// Rows with a weight, in an order that what they hold decides: by stratum, then by falling time.
struct OrderedLifetimes {
  std::size_t columns = 0;
  std::vector<double> z;  ///< rows x columns, centred, in units of `unit`
  std::vector<double> centre, unit;
  std::vector<double> time, weight;
  std::vector<std::uint8_t> event;
  std::vector<std::uint32_t> stratum;

  std::size_t size() const noexcept { return time.size(); }
  const double* row(std::size_t r) const noexcept { return z.data() + r * columns; }
};

/// Throws Code::invalid for what cannot be learnt from.
OrderedLifetimes ordered_lifetimes(const CoxRows& rows);

/// Calls work(first, events, end) for each time of a stratum, from the last: all its rows are first ... end - 1, those
/// that ended first ... events - 1. `fresh` where a stratum begins.
template <class Work>
void each_time(const OrderedLifetimes& rows, Work&& work) {
  for (std::size_t first = 0; first < rows.size();) {
    std::size_t end = first, events = first;
    for (; end < rows.size() && rows.time[end] == rows.time[first] && rows.stratum[end] == rows.stratum[first]; ++end)
      events += rows.event[end];
    work(first, events, end, first == 0 || rows.stratum[first] != rows.stratum[first - 1]);
    first = end;
  }
}

struct CoxSums {
  double log_likelihood = 0;
  std::vector<double> gradient, information;  ///< lower triangle
};
CoxSums cox_sums(const OrderedLifetimes& rows, CoxTies ties, std::span<const double> theta);

/// Cumulative hazards of a row at the centre.
std::vector<BaselineHazard> baseline_hazards(const OrderedLifetimes& rows, CoxTies ties, std::span<const double> theta);

/// Whether no event goes against a direction of risk (to 1e-6 of what it spans) while some row is below one: then the
/// likelihood rises along it for ever.
bool rises_for_ever(const OrderedLifetimes& rows, std::span<const double> direction);

}  // namespace emptor::mine
