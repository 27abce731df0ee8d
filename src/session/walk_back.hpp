// From a record as it is, back from version to version by the journal's reverse differences. Each step is one look-up.
#pragma once

#include <functional>

#include "session/subject_keys.hpp"

namespace emptor {

/// A version of a record, met on the way back.
struct PastVersion {
  std::int64_t version = 0;
  const JournalEntry* entry = nullptr;  ///< that made it; null where it was forgotten, and so was all before
  ChangeKind kind = ChangeKind::insert;
  Row row;  ///< as it was then
};

/// Calls `visit` with the newest version first. Stops where `visit` returns false. Text of earlier rows lives in
/// `text`.
void walk_back(Reader& reader, const Entity& entity, Row newest, SubjectKeys& keys, Arena& text,
               const std::function<bool(const PastVersion&)>& visit);

}  // namespace emptor
