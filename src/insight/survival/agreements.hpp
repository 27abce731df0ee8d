/// Agreements as lifetimes: how long contracts and subscriptions ran, which of them ended, and what was known of each
/// at its beginning.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

/// One that goes on where another of the same customer and kind follows soon is one with it.
struct Agreement {
  std::int64_t customer = 0;
  std::string kind;     ///< "service" of a contract, "subscription month" of a subscription
  std::string channel;  ///< how it was sold; empty where that is not known
  bool renews = false;  ///< goes on unless somebody gives notice
  Date start, end;      ///< the last day, or the last that was seen
  bool ended = false;
  std::int64_t product = 0;
};

struct Agreements {
  std::vector<Agreement> all;     ///< by customer, kind, product, start
  std::optional<Date> last_day;   ///< that anything is known of, where no day was asked for
  std::int64_t data_version = 0;  ///< newest version of the records
  std::size_t skipped = 0;        ///< without a customer or a beginning, drafts, and what ended on an unknown day
};

/// As seen on a day (the newest known day without one). An agreement has ended where its last day is not after that and
/// it does not renew by itself, or somebody ended or cancelled it; one that follows within `gap_days` continues it.
Agreements read_agreements(const View& view, std::optional<Date> as_of, std::int32_t gap_days);

}  // namespace emptor
