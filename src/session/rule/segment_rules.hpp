// Rules as those of segments: what has to hold of all segments together.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/store/store.hpp"

namespace emptor {

/// A segment that is put or erased.
struct SegmentChange {
  Id id;
  Row after;
  std::int64_t change = 0;  ///< index in its change set
};

/// Appends what is wrong with them: a rule that cannot be read, a name that another segment has, one that the rule
/// names and no segment has, segments that name each other in a ring, and a name taken from those that need it.
void check_segment_rules(Reader& reader, std::span<const SegmentChange> changes, std::vector<Problem>& problems);

}  // namespace emptor
