/// Service: how long customers wait and whether that was enough, by who they are and who served them; where it is out
/// of line with what they are worth; and whom to serve first.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/rates.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/service/service_fates.hpp"
#include "insight/service/staffing.hpp"
#include "insight/service/waits.hpp"

namespace emptor {

struct ServiceRequest {
  std::optional<Date> until;
  std::string tiers = "spend";
  std::vector<std::string> valuable = {"vip", "care"};  ///< tiers whose late cases raise alerts
  std::int32_t repeat_days = 30;                        ///< in which another case on the topic is a repeat
  std::int32_t staffing_days = 91;                      ///< up to the day, by which hours are counted
  double level = 0.95, false_findings = 0.05;
  double margin = 1;  ///< share of what a customer spends that is earned
  std::size_t most_alerts = 1'000;
  std::int32_t quiet_days = 7;  ///< in which an alert that was dealt with is not raised again
  Language language = Language::english;
};
/// Requires options that the schema has checked.
ServiceRequest service_request(const boost::json::object& options, const std::optional<Date>& until);

struct CountedShare {
  std::size_t having = 0, all = 0;
  void add(const std::optional<bool>& fate) {
    all += fate.has_value() ? 1U : 0U;
    having += fate.value_or(false) ? 1U : 0U;
  }
};

struct ServiceGroup {
  std::string by, name;  ///< empty: all
  std::size_t cases = 0, open = 0, late = 0;
  WaitFigures answer_hours, solution_days;
  CountedShare first_contact, reopened, repeated, answer_broken, solution_broken;
};

/// Of customers of a tier, a mean wait each, against all others.
struct TierGap {
  std::string tier, measure;  ///< "answer_hours", "solution_days"
  mine::NumberContrast contrast;
  double adjusted = 1;
  double log_rank = 1;  ///< p-value of all cases, those open counted as far as they go
};

/// Whether a topic brings customers back more often than the others.
struct TopicRepeats {
  std::string topic;
  mine::ShareContrast contrast;
  double adjusted = 1;
};

/// An open case that is late, of somebody who is worth much.
struct LateCase {
  std::size_t place = 0;          ///< among the cases
  double days = 0;                ///< since it came
  std::optional<double> overdue;  ///< days past the promise; nothing where none was made
  std::optional<double> at_stake;
};

/// What other insights expect to lose of a customer, a model's view: churn.expected_loss, else churn.chance times
/// lifetime.value; times the margin.
using AtStake = std::unordered_map<std::int64_t, double>;
AtStake read_at_stake(const View& view, double margin);

/// The open cases in two orders: as they came, and those first of whom most would be lost (Smith, Naval Research
/// Logistics Quarterly 3 (1956), 59: the order that makes the weighted sum of waits least).
struct QueueOrder {
  std::size_t open = 0, with_stake = 0;
  double solved_a_day = 0;                                 ///< of the last 28 days
  double at_stake = 0;                                     ///< of the customers with an open case
  std::optional<double> days_as_they_came, days_by_stake;  ///< mean wait until its turn, weighted by what is at stake
};

struct ServiceOutcome {
  std::optional<Date> until;
  std::string verdict;
  std::uint64_t without_promise = 0;
  ServiceFates fates;
  std::vector<ServiceGroup> groups;
  std::vector<TierGap> gaps;
  std::vector<TopicRepeats> topics;
  Staffing staffing;
  std::vector<LateCase> late;  ///< of valuable customers, the most at stake first, then the oldest
  std::size_t late_cases = 0;  ///< of anybody
  QueueOrder queue;
};
/// Records as they stood on the evening of `until`.
ServiceOutcome judge_service(const ServiceRecords& records, const ServiceGroups& groups, const AtStake& at_stake,
                             const ServiceRequest& request, Date until, const Zone& zone);

/// docs/service.md has the form.
boost::json::object service_json(const ServiceRecords& records, const ServiceGroups& groups,
                                 const ServiceRequest& request, const ServiceOutcome& outcome);

}  // namespace emptor
