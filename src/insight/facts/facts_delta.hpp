/// What changed in the purchases since facts were read, and those facts with the changes in them.
#pragma once

#include <optional>

#include "emptor/insight/facts.hpp"

namespace emptor {

/// The facts at the view's position, merged from `old` and the journal since; nothing where so much
/// changed that reading everything anew is faster. Requires old.position <= view's position.
std::optional<Facts> merge_changes(const View& view, const Facts& old);

/// Whether so many rows stand in part 1 that a new base pays.
bool wants_compaction(const Facts& facts) noexcept;

}  // namespace emptor
