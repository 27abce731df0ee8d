/// The read log: who was told of a customer, counted by user, day and purpose while the store logs reads
/// (Session::log_reads). Nothing of what was read is kept, only that it was.
///
///     system.log_reads();
///     ann.view().get("customer", customer);
///     for (const CustomerRead& read : who_saw(system, customer)) print(read.user_id, read.day, read.times);
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emptor/model/system.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

/// Whether the store counts reads. What a store that is opened read-only tells is counted nowhere.
bool reads_are_logged(Reader& reader);

/// Of one customer, the newest day first; `since` and `until` are the first and the last day. What sessions that are
/// open hold in memory is not there yet. Throws Code::denied unless the actor is the system or may `configure`
/// customer_read records of some customer; of others nothing is told.
std::vector<CustomerRead> who_saw(const Session& session, Id customer, std::optional<Date> since = {},
                                  std::optional<Date> until = {});

/// [{"user_id":"3","user":"Ann","day":"2026-11-30","purpose":"read","first_at":"...","last_at":"...","times":"4"}],
/// with the names that the actor may read.
std::string who_saw_json(const Session& session, Id customer, std::optional<Date> since = {},
                         std::optional<Date> until = {});

}  // namespace emptor
