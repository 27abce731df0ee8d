/// What else is on record of customers besides what they bought: cases, answers to surveys, opinions, contacts, late
/// orders, discounts. Each stands on the day on which it was known, so that whoever looks back to a day sees no later.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "emptor/session/session.hpp"
#include "insight/facts/facts_scan.hpp"

namespace emptor {

enum class TouchKind : std::uint8_t {
  complaint,     ///< a case or an opinion of that kind
  request,       ///< any other case
  opinion,       ///< any other opinion: a suggestion, praise
  notice,        ///< given to a subscription
  contact,       ///< an interaction
  goods_back,    ///< a return
  late_order,    ///< shipped after it was due; known on the day it was shipped
  answer,        ///< to a survey
  dissatisfied,  ///< beside an answer of 0 to 6 of 10 (NPS), 1 or 2 of 5 (CSAT)
  discount,      ///< of a line that was bought
};

struct Touch {
  static constexpr std::uint32_t no_topic = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::int32_t still_open = std::numeric_limits<std::int32_t>::max();

  std::int32_t day = 0;
  std::int32_t closed = 0;  ///< of a case: the day; still_open where it is
  TouchKind kind = TouchKind::contact;
  std::uint32_t topic = no_topic;  ///< place among the topics: category, outcome, reason
  double score = 0;                ///< of an answer 0 (worst) to 1 (best); of a discount its share
};

/// Customers ascending, the touches of each by day.
struct CustomerTouches {
  std::vector<std::int64_t> customer;
  std::vector<std::size_t> starts{0};  ///< customers + 1
  std::vector<Touch> touches;
  std::vector<std::string> topics;  ///< ascending by bytes
  std::int64_t data_version = 0;    ///< newest version of the records they were made of

  /// Empty for who has none.
  std::span<const Touch> of(std::int64_t customer) const noexcept;
  /// Those up to a day; requires the touches of one customer.
  static std::span<const Touch> until(std::span<const Touch> touches, std::int32_t day) noexcept;
};

/// What the view shows; what is deleted is not among it. Linear in cases, interactions, responses, feedback, returns,
/// subscriptions, orders and lines with a discount.
CustomerTouches read_touches(const View& view);
/// The same of one customer, whose topics are places among theirs alone. Linear in what they have.
std::vector<Touch> read_touches_of(const View& view, Id customer, DayFinder& days);

}  // namespace emptor
