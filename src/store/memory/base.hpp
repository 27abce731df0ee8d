// The contents of a memory store, shared by its readers and its writer.
//
// One lock guards all of it, and is held for short steps only: a reader takes the lock for a chunk of
// rows, a writer for one put. What keeps a snapshot whole is not the lock but the versions: whatever a
// living reader may still see is not freed, so views into it need no lock at all.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <map>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "emptor/store/store.hpp"
#include "store/memory/versions.hpp"
#include "store/turnstile.hpp"

namespace emptor::memory {

struct SettingVersion {
  Commit born = 0;
  std::string value;
};
using Settings = std::map<std::string, std::vector<SettingVersion>, std::less<>>;

/// Superseded versions, and forgotten entries, waiting for the last reader that may see them.
struct Garbage {
  Commit died = 0;
  std::int64_t forgotten = 0;  ///< entries up to this position
  std::vector<Rows::iterator> rows;
  std::vector<Entries::iterator> entries;
};

/// A commit as a reader or the writer stands on it.
struct Snapshot {
  Commit at = 0;
  StoreInfo info;
  SchemaPtr schema;
  std::int64_t forgotten = 0;  ///< the journal begins after this position
};

/// Positions of entries by their operation ids, found without making a string.
using Operations = boost::unordered_flat_map<std::string, std::int64_t, NameHash, std::equal_to<>>;

struct Base {
  explicit Base(const OpenOptions& options);

  /// The newest commit, kept alive until `release`.
  Snapshot acquire();
  void release(Commit at) noexcept;
  /// Frees what no reader can see any more.
  void collect() noexcept;
  /// The oldest commit that somebody may still read. Requires the lock.
  Commit oldest_read() const noexcept { return readers.empty() ? head : readers.begin()->first; }

  /// Requires the lock, and that the entry is there.
  const JournalEntry& entry(std::int64_t position) const {
    return journal[static_cast<std::size_t>(position - dropped - 1)];
  }

  mutable std::shared_mutex mutex;
  Rows rows;
  Entries entries;
  std::deque<JournalEntry> journal;  // a snapshot sees those up to its position that it has not forgotten
  std::int64_t dropped = 0;          // position of the entry before the first of them
  std::int64_t forgotten = 0;        // as of the head
  Operations operations;             // the newest entry of each
  Settings settings;
  std::unordered_map<EntityNumber, std::int64_t> last_ids;
  std::unordered_map<EntityNumber, std::size_t> sizes;  // versions, about the number of rows
  StoreInfo info;
  SchemaPtr schema;
  Commit head = 0;
  std::map<Commit, std::size_t> readers;
  std::deque<Garbage> garbage;

  Turnstile turnstile;
  std::chrono::milliseconds wait;

 private:
  bool collect_some() noexcept;
  bool drop_entries(std::int64_t up_to) noexcept;
};

}  // namespace emptor::memory
