/// Logging what was said: one interaction, once, however often the telephone system reports the same call.
///
///     Interaction call;
///     call.customer_id = card.customer;
///     call.channel = "phone", call.direction = "in", call.outcome = "sold";
///     log_interaction(session, call, {.call_id = "pbx-1:20240229-0815-17", .durability = Durability::normal});
#pragma once

#include <string>

#include "emptor/model/touch.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

struct InteractionLogOptions {
  /// What the telephone system calls this call, unique among all calls; a second report with it changes nothing.
  /// Empty: every report is a call of its own.
  std::string call_id = {};
  std::string reason = {};  ///< kept in the journal; must not hold personal data
  /// `normal`: the commit does not wait for the disk. It survives the end of the process, and loss of power once
  /// a later full commit or Store::sync() is done. `off` means the same.
  Durability durability = Durability::full;
};

struct LoggedInteraction {
  Id id;
  std::int64_t position = 0;  ///< in the journal
  bool repeated = false;      ///< the call was logged before; nothing was written now
};

/// Requires `what.id` to be 0 (Code::misuse). A missing `at` is now; a missing `user_id` the session's user.
LoggedInteraction log_interaction(Session& session, Interaction what, const InteractionLogOptions& options = {});

}  // namespace emptor
