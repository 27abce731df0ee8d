/// One customer's purchases, in the order of time, on their way into a row of a lifetime model.
#pragma once

#include "emptor/core/wide.hpp"
#include "insight/facts/customer_lines.hpp"
#include "insight/lifetime/lifetime_rows.hpp"

namespace emptor {

class LifetimeHistory {
 public:
  LifetimeHistory(const LifetimeRowOptions& options, Date until, std::size_t customers);

  /// Lines come by time; those after the end are not seen.
  void add(const TimedLine& line);
  /// Ends a customer; one without a purchase gets no row.
  void finish(std::int64_t customer);
  LifetimeRows take() noexcept { return std::move(out_); }

 private:
  LifetimeRows out_;
  std::int64_t least_;
  bool net_, by_day_;
  double ticks_;                                    ///< of one unit of time
  std::int64_t end_;                                ///< of what is seen
  std::int64_t events_ = 0, first_ = 0, last_ = 0;  ///< of this customer; the times of the first and the last
  Wide first_sum_ = 0, later_sum_ = 0;

  void count_repeat(std::int32_t day);
};

}  // namespace emptor
