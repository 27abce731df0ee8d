/// Complaints: cases and feedback of that kind, how many come to so many customers and orders, and how long they last.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "insight/satisfaction/opinion_records.hpp"
#include "insight/service/service_records.hpp"
#include "insight/service/waits.hpp"

namespace emptor {

struct Complaint {
  std::int64_t customer = 0, opened = 0;
  std::optional<std::int64_t> resolved = {};
  std::int64_t agent = 0, product = 0;
  std::string channel, topic;
};
/// By moment. Feedback whose complaint became a case is that case.
std::vector<Complaint> complaints_of(const ServiceRecords& service, const OpinionRecords& opinions);

struct ComplaintGroup {
  std::string by, name;  ///< "period" and "2024-Q1"; empty: all
  std::uint64_t complaints = 0;
  std::uint64_t customers = 0, orders = 0;  ///< who bought, and their orders; 0 of what no order has (an agent)
  std::optional<mine::RateInterval> per_customer, per_order;
  WaitFigures days;  ///< until they were resolved
};

struct ComplaintView {
  const std::vector<Complaint>& complaints;
  const Facts& facts;
  const ServiceGroups& groups;
  const Zone& zone;
  Period period;
  std::int64_t end = 0;  ///< moment up to which anything is known
  double level = 0.95;
};
/// All, periods ascending, then channel, agent, topic, category, region and tier by name. Orders of a category are
/// those with a line of it.
std::vector<ComplaintGroup> group_complaints(const ComplaintView& view);

}  // namespace emptor
