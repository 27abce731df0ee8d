/// The figures of a report, gathered once; what is drawn from them is in report_sections.cpp.
#pragma once

#include <array>
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/core/money.hpp"
#include "emptor/insight/interaction_groups.hpp"
#include "emptor/insight/report.hpp"
#include "emptor/insight/rfm.hpp"
#include "emptor/insight/value_class.hpp"
#include "insight/contacts/touch_counts.hpp"
#include "insight/lifetime/lifetime_checks.hpp"
#include "insight/report/report_composition.hpp"
#include "insight/report/report_value.hpp"
#include "insight/report/report_words.hpp"

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

/// An alert that is open.
struct OpenAlert {
  std::string name, kind, reason;
  std::int64_t severity = 0;
};

/// How often alerts are false, as the insight that raised them found on the window before.
struct FalseAlarms {
  bool of_stayers = false;
  double asked = 0, realised = 0, lower = 0, upper = 0;
};
/// A campaign as the insight campaigns left it in its model.
struct ReportCampaign {
  std::string name, verdict;
  std::int64_t treated = 0, held_out = 0;
  double effect = 0, lower = 0, upper = 0;  ///< share of responses beyond the hold-out
  double added_revenue = 0, profit = 0, profit_lower = 0, profit_upper = 0;
  Decimal cost;
};
/// The latest first; empty without the insight.
std::vector<ReportCampaign> campaigns_on_record(const View& view, std::size_t count);

/// What the insight outcome left in its model, and who is next.
struct ReportOutcome {
  std::string title, positive, verdict;
  bool opportunities = false;
  double rate = 0, auc = 0, brier = 0, brier_of_rate = 0;
  std::int64_t answered = 0, events = 0;
  std::vector<std::string> drivers;
  std::vector<std::string> left_out;  ///< fields that know too much
  std::vector<ScoredCustomer> next;   ///< the likeliest first
};
/// Nothing without the insight, and where it could not learn.
std::optional<ReportOutcome> outcome_on_record(const View& view, std::size_t count);

/// How an insight judged itself, in English, as its model keeps it.
struct ReportVerdict {
  words::Text shown;  ///< the insight
  std::string verdict;
};
/// Of the insights that have run.
std::vector<ReportVerdict> verdicts_on_record(const View& view);
/// What changed and how figures go, as the insights causes and trends left it in their models.
struct ReportChange {
  struct Words {
    std::string english, chinese;
  };
  struct Part {
    std::string category;
    Decimal change, volume, price, mix;
  };
  std::vector<Words> causes;  ///< a comparison each
  std::vector<Part> parts;    ///< of the first comparison
  std::vector<Words> trends;
};
/// Empty without the insights.
ReportChange gather_changes(const View& view);

/// How the customers of one class by value pay, by the ratings that the insight credit left.
struct ClassRisk {
  std::array<std::size_t, 5> rated{};  ///< A ... E
  IntegerSum overdue;                  ///< micros
};

/// Customers who are unusual, as the insight fraud raised them.
struct ReportFraud {
  double expected = 0;  ///< alerts that honest customers give, at most
  std::int64_t open = 0;
  std::vector<OpenAlert> alerts;
};
/// Nothing where the insight has not run, or could raise none.
std::optional<ReportFraud> fraud_on_record(const View& view, std::size_t count);

struct ReportMarketSegment {
  std::string name;
  std::int64_t customers = 0;
  double revenue = 0;
  std::vector<std::array<std::string, 2>> findings;
};
/// As the insight market left it in its model.
struct ReportMarket {
  using Sentence = std::array<std::string, 2>;  ///< in English and Chinese

  std::vector<ReportMarketSegment> segments;
  std::vector<Sentence> competitors;
};
/// Nothing where the insight has not run, or found nothing to tell.
std::optional<ReportMarket> market_on_record(const View& view);

struct ReportFigures {
  std::optional<ReportFraud> fraud;
  std::optional<ReportMarket> market;
  std::optional<ReportComposition> composition;
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
  std::vector<OpenAlert> alerts;        ///< of the insight churn, the most severe first
  std::int64_t open_alerts = 0;         ///< all of them
  std::optional<FalseAlarms> false_alarms;
  std::vector<ScoredCustomer> worth;  ///< those of most value to come; empty without the insight lifetime
  double worth_of_all = 0;
  std::vector<ReportCampaign> campaigns;
  std::optional<ReportOutcome> outcome;
  std::vector<ReportVerdict> verdicts;
  ReportChange change;
  std::optional<ValueFigures> value;                              ///< nothing without the insight value
  std::optional<boost::json::object> habits, preferences, usage;  ///< what those insights left with their models
  std::optional<std::array<ClassRisk, value_class_count>> risk;   ///< nothing without the insight credit
  std::optional<LifetimeTrack> track;                             ///< that the insight lifetime left with its model
};

/// Open alerts of a model, the most severe first.
std::vector<OpenAlert> open_alerts(const View& view, Id model, std::size_t count);

/// The name of a customer, or what stands for it.
std::string shown_name(const View& view, Id id, const std::optional<Record>& customer);

ReportFigures gather_figures(Session& session, const ReportOptions& options);

}  // namespace emptor
