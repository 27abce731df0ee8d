/// What a store knows of the use of products and services besides purchases: subscriptions and their issues, the
/// installed base, enrolments, cases, repairs, returns, and signs that a customer uses what is paid.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

/// Something that a customer has from a day to a day: a subscription, an asset, a place in a programme.
enum class HoldingKind : std::uint8_t { subscription, asset, enrolment };
struct ServiceHolding {
  static constexpr std::int32_t open = std::numeric_limits<std::int32_t>::max();

  std::int64_t customer = 0;
  std::int64_t product = 0;  ///< 0: none is named
  HoldingKind kind = HoldingKind::subscription;
  std::int32_t from = 0, to = open;  ///< last day; open: it goes on
  std::int64_t record = 0;
  bool paid = false;  ///< a subscription that is no trial
  bool holds(std::int32_t day) const noexcept { return from <= day && day <= to; }
};

/// What happened to a product on a day.
enum class ServiceEventKind : std::uint8_t { delivered, claimed, attended, problem, repair, goods_back };
struct ServiceEvent {
  std::int64_t customer = 0, product = 0;
  ServiceEventKind kind = ServiceEventKind::delivered;
  std::int32_t day = 0;
};

struct UsageRecords {
  std::vector<ServiceHolding> holdings;  ///< by customer, product, kind, from, record
  std::vector<ServiceEvent> events;      ///< by customer, product, kind, day
  /// Days on which a customer gave a sign: began a contact, opened a message, or attended. By customer, day.
  std::vector<std::pair<std::int64_t, std::int32_t>> signs;
  std::int64_t data_version = 0;
};

/// What the view shows, as kept; deleted records do not count. Linear in the records.
UsageRecords read_usage(const View& view);

}  // namespace emptor
