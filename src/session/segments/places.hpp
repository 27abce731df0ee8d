// Where the memberships of segments are kept: a bit for each, given when it is saved.
#pragma once

#include "emptor/session/derivation.hpp"
#include "session/segments/book.hpp"

namespace emptor::segments {

/// After records of segments changed: gives bits and takes them back, and says since when bits hold. Bits of customers
/// are behind from then on.
void place_segments(Writer& writer, std::span<const RecordChange> changes);
/// The bits of every customer may differ from here on, of the segments that are chosen: all of them where none are.
void doubt_segments(Writer& writer, std::span<const Id> segments = {});
/// Tells anew from which numbers on customers are among the greatest; true where some number is another.
bool refresh_thresholds(Writer& writer);

}  // namespace emptor::segments
