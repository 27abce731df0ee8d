/// Alerts of an insight written back: one a customer, raised anew, changed or let go.
#pragma once

#include <span>
#include <string>

#include "emptor/session/session.hpp"
#include "insight/writing/write_back.hpp"

namespace emptor {

struct GivenAlert {
  std::int64_t customer = 0;
  std::string_view kind;  ///< of Alert
  std::int64_t severity = 1;
  std::string reason;
};

/// Writes what differs from what stands there, found by model and customer. Open alerts that are not given again become
/// "expired". One that somebody has seen, acted on or dismissed is not raised again within `quiet_days`. The same run
/// on the same data writes nothing. Requires customers ascending.
void write_alerts(Session& session, const InsightRun& run, Id model, std::span<const GivenAlert> alerts,
                  std::int32_t quiet_days);

}  // namespace emptor
