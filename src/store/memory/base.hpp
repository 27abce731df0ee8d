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
#include "store/memory/turnstile.hpp"
#include "store/memory/versions.hpp"

namespace emptor::memory {

struct SettingVersion {
  Commit born = 0;
  std::string value;
};
using Settings = std::map<std::string, std::vector<SettingVersion>, std::less<>>;

/// Superseded versions, waiting for the last reader that may see them.
struct Garbage {
  Commit died = 0;
  std::vector<Rows::iterator> rows;
  std::vector<Entries::iterator> entries;
};

/// A commit as a reader or the writer stands on it.
struct Snapshot {
  Commit at = 0;
  StoreInfo info;
  SchemaPtr schema;
};

struct Base {
  explicit Base(const OpenOptions& options);

  /// The newest commit, kept alive until `release`.
  Snapshot acquire();
  void release(Commit at) noexcept;
  /// Frees what no reader can see any more.
  void collect() noexcept;
  /// The oldest commit that somebody may still read. Requires the lock.
  Commit oldest_read() const noexcept { return readers.empty() ? head : readers.begin()->first; }

  mutable std::shared_mutex mutex;
  Rows rows;
  Entries entries;
  std::deque<JournalEntry> journal;                                     // a snapshot sees those up to its position
  boost::unordered_flat_map<std::string_view, std::size_t> operations;  // op_id -> index in the journal
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
};

}  // namespace emptor::memory
