/// The base of facts as a file: `<store>-facts`. Layout: docs/facts.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "emptor/core/executor.hpp"
#include "emptor/insight/facts.hpp"

namespace emptor {

/// What a base must belong to, to be of use.
struct FactsIdentity {
  std::string store_id;  ///< 32 hexadecimal digits
  std::uint64_t schema_version = 0;
  std::int64_t position = 0;
  Hash head{};  ///< of the journal entry at the position
};

/// A base as it was found; `identity` is what its header says.
struct StoredFacts {
  FactsIdentity identity;
  Facts facts;
};

/// Nothing for an absent, damaged, foreign or newer file. Checks every byte.
std::optional<StoredFacts> load_facts(const std::string& path, const Executor& executor);
/// Requires all rows in part 0. False where it could not be written; the old file then stays.
bool save_facts(const std::string& path, const FactsIdentity& identity, const Facts& facts, const Executor& executor);

}  // namespace emptor
