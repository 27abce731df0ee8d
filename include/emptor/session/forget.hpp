/// Legal erasure: a customer is forgotten at once and for good, and a receipt says so (docs/forgetting.md).
///
///     const Forgotten gone = session.forget_customer(ada, {.ground = "request"});
///     if (!gone.clean) session.finish_forgetting(std::chrono::minutes(1));
///
/// Records that law keeps (orders, payments, contracts ...) stay with their amounts, on a customer of the same number
/// of whom nothing personal is left; what is personal as a whole (ways to reach them, consents, tags, scores ...) is
/// emptied and deleted. Their subject key is destroyed, so that nothing the journal holds of them opens any more.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/model/system.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

/// An erasure is an entry of the journal whose reason is this and the ground.
inline constexpr std::string_view erasure_reason = "customer forgotten: ";

struct ForgetOptions {
  std::string ground = "request";          ///< a choice of erasure_receipt.ground
  bool dry_run = false;                    ///< count what would go, write nothing
  std::chrono::milliseconds wait{10'000};  ///< for those who read what was, before the files can be clean
  bool clean = true;  ///< false: `finish_forgetting` makes the files clean, once for all who were forgotten before it
  Progress progress = {};
};

/// What became of a customer.
struct Forgotten {
  /// Of the customer, then of those who had been merged into them. Empty after a dry run.
  std::vector<ErasureReceipt> receipts;
  std::map<std::string, std::int64_t> emptied;  ///< by entity: records that are personal as a whole
  std::map<std::string, std::int64_t> kept;     ///< by entity: records that stay, without what is personal in them
  bool clean = false;  ///< nothing of it is left in the files of the store; false: `finish_forgetting` is to be called
  std::chrono::microseconds records_time{}, index_time{}, purge_time{};  ///< the search index apart
};

/// What an erasure cannot reach, in words: it stands in every receipt that is told.
std::span<const std::string_view> beyond_erasure() noexcept;

/// Of this store, the oldest first. Throws Code::denied for who may not forget customers.
std::vector<ErasureReceipt> erasure_receipts(const Session& session);
/// {"store_id":"9f..","receipts":[{"id":"1","subject_id":"1042", ...}],"not_reached":["..."]}: what `forget_again`
/// takes.
std::string receipts_json(const Session& session);
/// {"receipts":[..],"emptied":{"consent":"2"},"kept":{"order":"31"},"clean":true,"milliseconds":{"records":"12", ..},
/// "not_reached":[..]}
std::string to_json(const Forgotten& forgotten);

/// What became of a list of receipts.
struct ForgottenAgain {
  std::vector<Id> forgotten;  ///< now
  std::vector<Id> before;     ///< erased here already
  std::vector<Id> unknown;    ///< there is no customer of the number, or it is not known to be the same one
  bool clean = true;
};
/// Forgets again, in a store restored from an older backup, whom these receipts say were forgotten. Throws
/// Code::invalid for a text that is no such list and for receipts of another store.
ForgottenAgain forget_again(Session& session, std::string_view receipts, const ForgetOptions& options = {});
std::string to_json(const ForgottenAgain& again);

/// A customer whom a segment that forgets (`segment.forgets`) has.
struct DueToForget {
  Id customer, segment;
  std::optional<Instant> since;  ///< when they entered, where the segment is watched
};
/// Whom segments that forget have in this moment, ascending, at most so many; not those of whom nothing is left to
/// forget. Throws Code::denied for who may not forget customers.
std::vector<DueToForget> due_to_forget(Session& session, std::size_t limit = 1'000);
std::string to_json(const std::vector<DueToForget>& due);
/// Forgets them, one after another; the ground is `expired` where the options leave it as it is. Nothing is ever
/// forgotten without this call.
std::vector<Forgotten> forget_due(Session& session, std::size_t limit = 1'000, ForgetOptions options = {});

}  // namespace emptor
