/// What customers did with money, one event after another: orders, what was taken back, refunds, coupons and payments,
/// which contacts and accounts several of them share, and who is known to have cheated.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emptor/core/time.hpp"
#include "emptor/insight/facts.hpp"

namespace emptor {

enum class ActivityKind : std::uint8_t { order, returned, credit_note, refund, coupon, payment };

struct ActivityEvent {
  std::int64_t at = 0;      ///< micros since 1970-01-01
  std::int64_t amount = 0;  ///< micros of the base currency, not below 0
  std::int32_t day = 0;
  ActivityKind kind = ActivityKind::order;
  bool night = false;           ///< from midnight to five
  std::uint32_t reference = 0;  ///< of a payment: the account it came from, numbered from 1; 0: not told
};

struct CustomerActivity {
  static constexpr std::int32_t no_day = std::numeric_limits<std::int32_t>::max();

  std::vector<std::int64_t> customer;             ///< ascending
  std::vector<std::size_t> ends;                  ///< of each customer's events
  std::vector<ActivityEvent> events;              ///< by customer, then time
  std::vector<std::int32_t> labelled;             ///< the day from which on a customer is known for fraud, or no_day
  std::vector<std::vector<std::uint32_t>> keys;   ///< of each customer, what is shared with others
  std::vector<std::vector<std::int32_t>> joined;  ///< of each such key, the days its customers came, ascending
  std::int64_t data_version = 0;
  bool has_times = false;  ///< whether events are told by the hour

  std::span<const ActivityEvent> of(std::size_t i) const noexcept {
    const std::size_t first = i == 0 ? 0 : ends[i - 1];
    return {events.data() + first, ends[i] - first};
  }
  /// The last day with an order; no_day without one.
  std::int32_t last_day() const noexcept;
  std::int32_t first_day() const noexcept;
};

/// Takes events in any order. Customers are numbered by their places.
class ActivityBuilder {
 public:
  ActivityBuilder(std::vector<std::int64_t> customers, const Zone& zone);

  /// The place of a customer; nothing for one that is not among them.
  std::optional<std::size_t> place_of(std::int64_t customer) const noexcept;
  void add(std::size_t place, const ActivityEvent& event);
  /// An account that a customer paid from.
  void add_payment(std::size_t place, std::int64_t at, std::int32_t day, std::int64_t amount,
                   std::string_view reference);
  /// Something by which a customer is reached or pays: the same text is the same thing.
  void add_key(std::size_t place, std::string_view kind, std::string_view text);
  void label(std::size_t place, std::int32_t day) noexcept;
  CustomerActivity finish();

 private:
  void mark_nights();
  void join_keys();

  CustomerActivity out_;
  const Zone& zone_;
  std::vector<std::pair<std::uint32_t, ActivityEvent>> events_;
  std::map<std::string, std::uint32_t, std::less<>> references_;
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> keys_;
};

/// Of all customers with purchases. Orders and credit notes are the sums of their lines, at or above 0 and below;
/// refunds are payments of that kind. Labels: blocks for fraud or abuse, tags of this name, payments charged back.
CustomerActivity read_activity(const View& view, const Facts& facts, std::string_view label_tag);

}  // namespace emptor
