// Rules as those of segments: what has to hold of all segments together.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/store/store.hpp"

namespace emptor {

/// Segments that are not deleted, ascending by id: `take` is given their rows.
void each_segment(Reader& reader, const std::function<void(Id, Row)>& take);
/// Of a row that is not deleted: missing is yes.
bool is_active(const Entity& segment, Row row);

/// A segment that is put or erased.
struct SavedSegment {
  Id id;
  Row after;
  std::int64_t change = 0;  ///< index in its change set
};

/// Appends what is wrong with them: a rule that cannot be read, a name that another segment has, one that the rule
/// names and no segment has, segments that name each other in a ring, and a name taken from those that need it.
/// What the actor may not read has no name for them: a rule that is written now cannot name it, and no problem does.
void check_segment_rules(Reader& reader, std::span<const SavedSegment> changes,
                         const std::function<bool(Row)>& may_read, std::vector<Problem>& problems);

}  // namespace emptor
