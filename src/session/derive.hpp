// Running derivations inside a write, and keeping count in the file of which ones it depends on.
#pragma once

#include <span>

#include "emptor/session/derivation.hpp"

namespace emptor {

/// Builds derivations that the file does not have yet. Throws Code::unsupported if the file depends on
/// one that this program lacks: writing would leave it stale.
void prepare_derivations(Writer& writer);
void run_derivations(Writer& writer, std::span<const RecordChange> changes);

}  // namespace emptor
