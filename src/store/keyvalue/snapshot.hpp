// A commit of a store of this family, as a reader or the writer stands on it.
#pragma once

#include <cstdint>
#include <map>

#include "emptor/store/store.hpp"

namespace emptor::keyvalue {

using Commit = std::uint64_t;  ///< number of a commit; 0 is the store as it was opened

struct Snapshot {
  Commit at = 0;
  StoreInfo info;
  SchemaPtr schema;
  std::int64_t forgotten = 0;  ///< the journal begins after this position
};

/// The commits that readers stand on. Its owner locks.
class OpenReaders {
 public:
  void enter(Commit at) { ++readers_[at]; }
  void leave(Commit at) noexcept {
    const auto reader = readers_.find(at);
    if (--reader->second == 0) readers_.erase(reader);
  }
  bool empty() const noexcept { return readers_.empty(); }
  /// The oldest of them; `head` where there is none.
  Commit oldest(Commit head) const noexcept { return readers_.empty() ? head : readers_.begin()->first; }

 private:
  std::map<Commit, std::size_t> readers_;
};

}  // namespace emptor::keyvalue
