/// What was known of a customer before each opinion: how long they waited, what went wrong, what they bought and paid.
/// Nothing that came after the opinion enters.
#pragma once

#include <span>
#include <vector>

#include "insight/facts/customer_touches.hpp"
#include "insight/satisfaction/complaints.hpp"
#include "insight/satisfaction/opinion_records.hpp"
#include "insight/service/service_records.hpp"

namespace emptor {

/// All of one store; views.
struct SatisfactionSources {
  const Facts& facts;
  const CustomerTouches& touches;
  const ServiceRecords& service;
  const OpinionRecords& opinions;
  const std::vector<Complaint>& complaints;
  const ServiceGroups& groups;
};

/// Opinions with the groups that they are in (survey, channel, agent, category, region, tier) and the measures of
/// `window` days before each. Category: of the product that the answer is about, else of the last purchase before it.
Opinions opinions_of(const SatisfactionSources& sources, const Zone& zone, std::int32_t window);

/// Columns of measures, in the order of opinions_of; the words for them stand in satisfaction_words.cpp.
enum class SatisfactionMeasure : std::uint8_t {
  answer_hours,     ///< mean of the cases of the window until the first answer; NaN without any
  resolution_days,  ///< mean of the cases that were solved in the window
  cases,
  repeat_cases,  ///< on a topic that the customer had come with within the window before
  reopened,
  broken_promises,  ///< answers and solutions that came after their time, or had not come by the opinion
  complaints,
  repairs,
  contacts,
  late_orders,  ///< of the window's orders, one each; NaN without any, and so returns
  returns,
  discount,     ///< mean share taken off; NaN where none is on record
  price_level,  ///< what was paid over the list price; NaN where that is not known
  orders,
  spend,
  recency,  ///< days since the last purchase; NaN without one, and so tenure
  tenure,
};
inline constexpr std::size_t satisfaction_measure_count = 17;
extern const std::array<std::string_view, satisfaction_measure_count> satisfaction_measure_names;

}  // namespace emptor
