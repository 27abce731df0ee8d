// From a record as it is, back from version to version by the journal's reverse differences. Each step is one look-up.
#pragma once

#include <functional>

#include "session/subject_keys.hpp"

namespace emptor {

/// A change copied out of its entry.
struct Step {
  ChangeKind kind = ChangeKind::insert;
  std::int64_t previous = 0;
  std::string difference;
};

/// Calls `visit` with the newest version first: the entry that made it, its change, and the row as it was then. Stops
/// where `visit` returns false. Text of earlier rows lives in `text`.
void walk_back(Reader& reader, const Entity& entity, Row newest, SubjectKeys& keys, Arena& text,
               const std::function<bool(const JournalEntry&, const Step&, Row)>& visit);

}  // namespace emptor
