/// What live models say of customers, as the records that a write is followed by: scores, tags and alerts that differ
/// from what stands there.
#pragma once

#include <span>

#include "emptor/session/derivation.hpp"
#include "insight/live/live_memory.hpp"

namespace emptor {

/// Requires the histories of these customers (ascending) in the memory. Scores of who is not scored any more lose their
/// value, as write_back has it.
void follow_live(Reader& reader, std::span<const Id> customers, const WriteMoment& moment, LiveMemory& memory,
                 FollowingRecords& following);

}  // namespace emptor
