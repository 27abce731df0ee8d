/// Moments as people write them: an instant, or a whole day.
#pragma once

#include <optional>
#include <string_view>

#include "emptor/core/time.hpp"

namespace emptor {

enum class DayEdge { begin, end };

/// "2024-05-31T12:00:00Z" (see parse_instant), or "2024-05-31" for the first or the last microsecond of that day in the
/// zone.
std::optional<Instant> parse_moment(std::string_view text, const Zone& zone, DayEdge edge);

}  // namespace emptor
