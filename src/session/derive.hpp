// Running derivations inside a write, and keeping count in the file of which ones it depends on.
#pragma once

#include <span>

#include "emptor/session/derivation.hpp"

namespace emptor {

/// Builds derivations that the file does not have yet, and those that earlier writes left behind unless
/// this one leaves them behind too. Throws Code::unsupported if the file depends on one that this program
/// lacks: writing would leave it stale.
void prepare_derivations(Writer& writer, bool defer);
void run_derivations(Writer& writer, std::span<const RecordChange> changes);

/// Derived records do not hold what the newest writes changed.
bool derivations_behind(Reader& reader);
void mark_derivations_behind(Writer& writer);
/// Computes all derived records of `from` anew and writes them to `to` (the same store or another).
void rebuild_derivations(Reader& from, Writer& to);

}  // namespace emptor
