// Running derivations inside a write, and keeping count in the file of which ones it depends on.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "emptor/session/derivation.hpp"

namespace emptor {

/// Of each derivation, in the order of the table: what it keeps between writes, and the rows that were touched.
using DerivationMemories = std::vector<DerivationMemory>;
using TouchedRows = std::vector<std::vector<Id>>;
bool any_touched(const TouchedRows& touched);

/// Builds derivations that the store asks for and does not have yet, takes away those it no longer asks for, and brings
/// up to date those that earlier writes left behind unless this one leaves them behind too; returns the rows of the
/// latter that had to change. Throws Code::unsupported if the file depends on one that this program lacks: writing
/// would leave it stale.
TouchedRows prepare_derivations(Writer& writer, bool defer);
/// Which derivations are meant: those that run last see what follows from the others.
enum class Turn { first, last };
/// Brings derived records up to date after changes. What the changes ask for, or no longer, comes or goes.
TouchedRows run_derivations(Writer& writer, Turn turn, std::span<const RecordChange> changes,
                            DerivationMemories& memories);
/// The rows that time alone has made untrue and that must follow before a write of these changes.
TouchedRows due_rows(Writer& writer, Instant at, std::span<const RecordChange> changes, DerivationMemories& memories);
/// What else follows from touched rows.
FollowingRecords following_records(Writer& writer, const TouchedRows& touched, const WriteMoment& moment,
                                   DerivationMemories& memories);

/// Those of the table that the file depends on.
std::vector<const Derivation*> kept_derivations(Reader& reader);
/// The search index is kept by the write path itself; the file depends on it under this name once there is one.
inline constexpr std::string_view search_index_name = "search";
/// From here on the file depends on something that is no derivation of the table.
void depend_on(Writer& writer, std::string_view name);
/// Derived records do not hold what the newest writes changed.
bool derivations_behind(Reader& reader);
void mark_derivations_behind(Writer& writer);
/// Computes all derived records of `from` anew and writes those that differ to `to` (the same store or another);
/// returns which these are, of derivations that something follows from.
TouchedRows rebuild_derivations(Reader& from, Writer& to);
/// A store of the derived records of a snapshot, computed anew.
std::unique_ptr<Store> derived_anew(Reader& from);

}  // namespace emptor
