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
#include "insight/lifetime_checks.hpp"
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

/// A customer by the scores that other insights left in the store.
struct ScoredCustomer {
  std::string name;
  std::size_t row = 0;  ///< in the RFM table
  double chance = 0;    ///< of falling silent
  std::string reason;
  double alive = 0, purchases = 0, value = 0;  ///< of the lifetime model
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
  std::vector<ScoredCustomer> leaving;  ///< those whose spend times chance is most; empty without the insight churn
  std::vector<ScoredCustomer> worth;    ///< those of most value to come; empty without the insight lifetime
  double worth_of_all = 0;
  std::optional<LifetimeTrack> track;  ///< that the insight lifetime left with its model
};

ReportFigures gather_figures(Session& session, const ReportOptions& options);

}  // namespace emptor
