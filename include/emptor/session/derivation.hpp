/// What must stay true inside every write but lives above the write path: a derivation.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "emptor/store/store.hpp"

namespace emptor {

/// One record's change as derivations see it: full rows before (empty for an insert) and after.
struct RecordChange {
  const Entity* entity = nullptr;
  Row before;
  Row after;
};

/// What it reads, what it writes, and the function that does it. It runs inside the write, after the
/// rows and before the commit, and sees them through the writer.
struct Derivation {
  std::string name;                ///< recorded in the file; a process that lacks it opens read-only
  std::vector<std::string> reads;  ///< entities whose changes it wants
  std::string writes;              ///< the derived entity it keeps
  std::function<void(Writer&, std::span<const RecordChange>)> update;
  /// Builds all of it anew (a new derivation on an old file, or a check): calls `emit` with full rows.
  std::function<void(Reader&, const std::function<void(Row)>& emit)> recompute;
};

/// The derivations of this program. The first: `customer_summary`.
std::span<const Derivation> derivations();

}  // namespace emptor
