/// Whole stores: one hash for all that one holds, and copies from any engine to any other.
#pragma once

#include "emptor/core/progress.hpp"
#include "emptor/store/store.hpp"

namespace emptor {

/// BLAKE2b-256 over all that a snapshot holds: what the store is, its fields, settings and numbers to come, the head of
/// its journal (which stands for every entry), and every row in the order of entities and ids (docs/copy.md). Two
/// stores with one hash answer alike, whatever keeps them.
Hash state_hash(Reader& reader, const Progress& progress = {});

/// What a store that is to become a copy of this one is made with: `OpenOptions` with the base currency, the zone and
/// the origin set, everything else as given.
OpenOptions options_of_copy(Reader& reader, OpenOptions options = {});

/// Copies a snapshot of `from` into `to`, which was made with `options_of_copy` and holds nothing yet (else
/// Code::invalid), in one commit. Ids, versions, the journal with its hashes and all settings are as they were. Returns
/// the state hash of the copy, read back; throws Code::corrupt, with nothing committed, where it is not that of `from`.
Hash copy_store(Store& from, Store& to, const Progress& progress = {});
/// The same for a snapshot that is open.
Hash copy_store(Reader& from, Store& to, const Progress& progress = {});

/// The same into a new store of this name (see `open_store`). A file gets its name when it is whole; a server's store
/// may be there already if it holds nothing.
Hash copy_store_to(Store& from, const std::string& where, const OpenOptions& options = {},
                   const Progress& progress = {});

}  // namespace emptor
