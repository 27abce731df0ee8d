/// Lifetimes in an order that what they hold decides, so that sums over them are the same however they came.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "emptor/mine/survival.hpp"

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
OrderedLifetimes ordered_lifetimes(const LifetimeRows& rows);

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

}  // namespace emptor::mine
