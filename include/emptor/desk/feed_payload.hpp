/// The feed for hosts: each change as a payload for a webhook or a queue, and its delivery in order.
///
///     std::int64_t position = kept_position();
///     const Delivered done = deliver(session, position, [&](const FeedEvent& event, std::string_view payload) {
///       return post(url, payload);  // false: not taken, ask again later
///     });
///     keep(done.position);
///
/// What was not kept is told again, with the same event id: a receiver that keeps the ids that it has seen takes each
/// change exactly once (docs/feed.md).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

/// {"event_id":"5f..","event_type":"customer.updated","format":"1","schema_version":"1","entity":"customer",
///  "record_id":"3","at":"2026-01-31T08:30:00Z","actor":"0","position":"12","changed":["city"],"record":{"id":"3",...}}
/// `changed` stands with updates only. Integers, ids and decimals are strings, as in every JSON of the library.
std::string payload_json(const FeedEvent& event);

/// The JSON Schema (draft 2020-12) of the payloads of one entity, whoever is told them. A new field is a new
/// `schema_version`, with another schema. Throws Code::not_found for an unknown entity and Code::invalid for one that
/// is not in the feed.
std::string payload_schema(const Schema& schema, std::string_view entity);

struct FeedOptions {
  std::vector<std::string> entities = {};  ///< only changes of these; empty: of every one
  std::size_t limit = 0;                   ///< ends after an entry with which there are so many changes; 0: no limit
};

struct Delivered {
  std::int64_t position = 0;  ///< to be kept, and given next time
  std::size_t taken = 0;
  bool refused = false;  ///< `take` said no: the position is before the entry of that change
};

/// Tells `take` each change after a position that the actor may see, in order, until there is none left or it returns
/// false. An exception of `take` goes through. No thread is started, and nothing is held while `take` runs but a
/// snapshot.
Delivered deliver(Session& session, std::int64_t after,
                  const std::function<bool(const FeedEvent&, std::string_view payload)>& take,
                  const FeedOptions& options = {});

/// The same as one answer, for whoever polls: {"position":"12","payloads":[{...}]}, about 1,000 changes where no limit
/// is given.
std::string poll_payloads(Session& session, std::int64_t after, const FeedOptions& options = {});

}  // namespace emptor
