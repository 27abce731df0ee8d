/// The business as series: a number a month, quarter or week.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "insight/facts/business_lines.hpp"
#include "insight/facts/calendar_periods.hpp"

namespace emptor {

/// One series over periods without a gap.
struct PeriodSeries {
  std::string measure;           ///< "revenue", "orders" ...
  std::string dimension, value;  ///< of a part of the business: "region", "Berlin"; empty for all of it
  std::int32_t first = 0;        ///< period of the first number
  std::vector<double> numbers;
};

/// Something that is counted or averaged by its day besides lines: cases opened, what customers answered.
struct DatedNumber {
  std::int32_t day = 0;
  double number = 0;
};

struct SeriesOptions {
  PeriodKind period = PeriodKind::month;
  std::int32_t lapse = 3;  ///< periods without a purchase after which a customer is lost
  std::size_t groups = 5;  ///< of each dimension, the largest by revenue
};

/// Of all whole periods: revenue, orders, active_customers, basket, returns; where there are data margin (of lines with
/// a cost, per unit of amount; 90 % of the amount must have one) and price_level (chained Tornqvist index of unit
/// prices of products, 100 at first); from `lapse` periods on new_customers, returned_customers (bought again after so
/// long) and lost_customers (the period in which so many are over). Then revenue by group.
std::vector<PeriodSeries> business_series(const BusinessLines& business, const WholePeriods& whole,
                                          const SeriesOptions& options);
/// How many a period, or their mean (0 dates: nothing, as a period without any is).
std::optional<PeriodSeries> counted(std::string_view measure, const std::vector<DatedNumber>& all,
                                    const WholePeriods& whole, PeriodKind period);
std::optional<PeriodSeries> averaged(std::string_view measure, const std::vector<DatedNumber>& all,
                                     const WholePeriods& whole, PeriodKind period);

}  // namespace emptor
