/// The figures of a report, gathered once; what is drawn from them is in report_sections.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/core/money.hpp"
#include "emptor/insight/interaction_groups.hpp"
#include "emptor/insight/report.hpp"
#include "emptor/insight/rfm.hpp"
#include "emptor/insight/value_class.hpp"
#include "insight/touch_counts.hpp"

namespace emptor {

/// What a stretch of time brought, in micros.
struct PeriodRevenue {
  int year = 0;
  int month = 0;  ///< 0 where the period is the whole year
  IntegerSum known, anonymous;
};

struct TopCustomer {
  std::string name;  ///< or the id under which another system knows it
  std::string country;
  std::size_t row = 0;  ///< in the RFM table
};

/// What one segment comes to.
struct SegmentFigures {
  std::string name;
  std::size_t customers = 0;
  IntegerSum revenue;
  std::int64_t median_recency = 0;  ///< days
};

struct ReportFigures {
  StoreInfo info;
  std::int64_t customers = 0, orders = 0, credit_notes = 0, lines = 0, products = 0, interactions = 0;
  Decimal revenue;  ///< all lines, returns taken off, sales without a customer included
  std::int64_t anonymous_lines = 0;
  IntegerSum anonymous_revenue;
  std::optional<Date> first_day, last_day;  ///< of orders
  std::vector<PeriodRevenue> periods;       ///< without gaps
  RfmTable rfm;
  ValueClasses classes;
  Touches touches;
  InteractionGroups groups;
  std::vector<SegmentFigures> segments;  ///< largest revenue first, empty ones left out
  std::vector<TopCustomer> top;
};

ReportFigures gather_figures(Session& session, const ReportOptions& options);

}  // namespace emptor
