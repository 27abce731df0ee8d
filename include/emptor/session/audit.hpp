/// The audit: who changed what when and why, by the journal, as far as the actor may see it.
///
///     tell_journal(session.view(), {.customer = ada}, [](const ToldEntry& entry) {
///       for (const ToldChange& change : entry.changes) print(entry.at, entry.actor, change.entity->name, change.id);
///       return true;
///     });
///
/// A user is told of changes of records that they may read today; fields are kept back as in the history
/// (View::history), values that a legal erasure has sealed for good are missing, and tokens stand for positions and
/// versions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/progress.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

/// Which entries are told, and which of their changes. Everything that is given must hold.
struct JournalQuery {
  std::int64_t after = 0;                         ///< a position as it was told: only later entries; 0: from the first
  std::optional<Instant> since = {}, until = {};  ///< only entries from ... to
  std::string entity = {};                        ///< only changes of its records
  Id record = {};                                 ///< of this one; requires the entity
  Id customer = {};                               ///< of this customer and of what is theirs today
  std::optional<Id> actor = {};                   ///< only what this user did; 0 is the system
  Progress progress = {};
};

/// A field whose value was another before. Texts live as long as the call.
struct FieldChange {
  const Field* field = nullptr;
  Value before, after;
};

struct ToldChange {
  const Entity* entity = nullptr;
  Id id;
  ChangeKind kind = ChangeKind::insert;
  std::vector<FieldChange> fields;  ///< but for those that the library sets itself
};

struct ToldEntry {
  std::int64_t position = 0, version = 0;
  Instant at;
  Id actor;
  std::string op_id;  ///< for the system and for whoever sent it
  std::string reason;
  std::optional<Hash> hash, previous_hash;  ///< for the system
  std::uint32_t count = 0;                  ///< of all its changes, for the system
  std::vector<ToldChange> changes;
};

/// Oldest first; stops where `visit` returns false. A user is not told of entries of which they see no change; the
/// system, unless changes are chosen, of all. What is chosen by record or customer is found by key, else the journal is
/// read from `since` on. Memory is that of an entry and of some thousand earlier versions. Throws Code::unsupported in
/// the past, and where entries after `after` were forgotten; Code::not_found for an unknown entity.
void tell_journal(const View& view, const JournalQuery& query, const std::function<bool(const ToldEntry&)>& visit);

/// {"position":"12","version":"12","at":"2024-05-31T12:00:00Z","actor":"3","op_id":"web:7","reason":"moved",
///  "previous_hash":"9f..","hash":"3c..","count":"1","changes":[{"entity":"customer","id":"7","kind":"update",
///  "fields":{"city":{"before":"Porto","after":"Faro"}}}]}
std::string to_json(const ToldEntry& entry);

/// Each entry as such a line. Returns how many.
std::uint64_t export_journal(const View& view, const JournalQuery& query,
                             const std::function<void(std::string_view)>& sink);

}  // namespace emptor
