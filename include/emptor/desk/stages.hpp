/// The place of each customer in the life of the relation, from prospect to lost: told by what they bought and when.
///
///     const Staged staged = stage_customers(session);
///     for (const StageChange& each : staged.changes) show(each.customer, each.from, each.to);
///
/// It is written into `customer.stage`, so that lists, rules and rights go by it and the history tells when it was
/// what.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

enum class Stage : std::uint8_t {
  prospect,  ///< has not bought yet
  fresh,     ///< the first order is young, and there are few
  active,    ///< buys, neither new nor regular
  regular,   ///< has bought many times
  dormant,   ///< has not bought for some time
  lost,      ///< for long
};
inline constexpr std::size_t stage_count = 6;
/// "prospect", "new", "active", "regular", "dormant", "lost": what `customer.stage` holds.
std::string_view name_of(Stage stage) noexcept;

/// Days are counted in the store's zone; orders are sales, not credit notes.
struct StageRules {
  std::int64_t new_days = 90;       ///< 1 to 36,500: since the first order, for a new customer
  std::int64_t regular_orders = 4;  ///< 2 to 1,000,000: from so many orders on a customer is regular, however young
  std::int64_t dormant_days = 180;  ///< 1 to 36,500: without an order
  std::int64_t lost_days = 365;     ///< more than dormant_days, to 36,500
};

/// What is known of a customer's orders.
struct OrderTimes {
  std::int64_t orders = 0;
  std::optional<Date> first, last;
};
/// Orders after the day do not count.
Stage stage_of(const OrderTimes& times, Date day, const StageRules& rules) noexcept;

struct StageChange {
  Id customer;
  std::string from;  ///< empty where no stage was set
  Stage to = Stage::prospect;
};

struct Staged {
  Date day;
  std::vector<std::size_t> customers;  ///< how many are in each stage now, by number of the stage
  std::vector<StageChange> changes;    ///< by ascending id
};

struct StageOptions {
  StageRules rules = {};
  std::optional<Date> day = {};  ///< as of which days are counted; missing is today
  std::string reason = {};       ///< kept in the journal; must not hold personal data
  bool dry_run = false;          ///< tell, write nothing
};

/// Places every customer whom the actor may update and whose summary (orders, lines, contacts) they may read; others
/// are left as they are and are not counted. Writes those that changed, some thousand a journal entry; what is written
/// when it is broken off stays right. Throws Code::invalid, naming the rule, and what `apply` throws.
Staged stage_customers(Session& session, const StageOptions& options = {});

/// {"day":"2026-01-31","customers":{"prospect":"1", ...},"changed":"2","changes":[{"customer_id":"7","from":"new",
/// "to":"active"}, ...]}; the first thousand changes.
std::string to_json(const Staged& staged);

}  // namespace emptor
