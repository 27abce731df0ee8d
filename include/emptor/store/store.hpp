/// The one interface to what keeps records: memory, a SQLite file, a server, the host's own store.
///
/// A `Reader` is a snapshot; a `Writer` is a Reader that can write and commit, and there is one at a
/// time. Rows are generic (views of values by field number), so entities add no calls.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <typeindex>
#include <unordered_map>
#include <vector>

#include "emptor/core/money.hpp"
#include "emptor/core/progress.hpp"
#include "emptor/core/random.hpp"
#include "emptor/store/batch.hpp"
#include "emptor/store/journal.hpp"
#include "emptor/store/query.hpp"

namespace emptor {

/// What is true of a store in one snapshot. Every cache is keyed by (position, schema_version).
struct StoreInfo {
  std::int64_t position = 0;  ///< of the newest journal entry; 0 before the first
  std::uint64_t schema_version = 0;
  Hash head{};           ///< its hash; zero before the first
  std::string store_id;  ///< 32 hexadecimal digits, random, given at creation
  Currency currency;     ///< base currency, fixed at creation
  std::string zone;      ///< IANA name of the store's zone
};

class Reader {
 public:
  virtual ~Reader() = default;

  virtual const StoreInfo& info() = 0;
  virtual SchemaPtr schema() = 0;
  /// Appends a row for each id to `out` (reset to all fields), in the order asked; an unknown id gives
  /// a row whose `ids` entry is 0 and whose values are missing. Deleted records are found too.
  virtual void get(const Entity& entity, std::span<const Id> ids, Batch& out) = 0;
  /// The next rows after `key`; false when there are none left (out may still hold the last ones).
  virtual bool scan(const Query& query, ScanKey& key, Batch& out) = 0;
  virtual Groups aggregate(const AggregateQuery& query) = 0;
  /// Entries after a feed position, at most `limit`.
  virtual std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit) = 0;
  /// The entry that gave records this version; nothing if unknown.
  virtual std::optional<JournalEntry> entry(std::int64_t version) = 0;
  /// The entry with this operation id; nothing if unknown.
  virtual std::optional<JournalEntry> operation(std::string_view op_id) = 0;
  /// A named value of the store's own (settings, marks of derivations); empty if unset.
  virtual std::string setting(std::string_view name) = 0;
  /// The names of all that are set, in the order of their bytes.
  virtual std::vector<std::string> setting_names() = 0;
  /// The number that `allocate` would give next.
  virtual Id next_id(const Entity& entity) = 0;
  /// Scans and aggregates that are under way past this moment throw Code::cancelled; nothing ends none.
  virtual void stop_at(std::optional<std::chrono::steady_clock::time_point>) {}
};

class Writer : public Reader {
 public:
  /// Numbers never given before, ascending; the first of `count`.
  virtual Id allocate(const Entity& entity, std::size_t count) = 0;
  /// The version that the rows written with the next entry must carry.
  virtual std::int64_t next_version() = 0;
  /// Writes full rows by their id. `insert`: the ids are new (a promise that saves a look-up); else rows
  /// are replaced. Throws Code::duplicate, naming entity and field, where a unique key is taken.
  virtual void put(const Entity& entity, std::span<const Row> rows, bool insert) = 0;
  /// Writes full rows over those that stand there: `before`, one for one (a promise, which lets a store leave alone
  /// what stays). Throws as put.
  virtual void replace(const Entity& entity, std::span<const Row> before, std::span<const Row> after) {
    static_cast<void>(before);
    put(entity, after, false);
  }
  /// Removes rows for good (derived and system entities; legal erasure).
  virtual void erase(const Entity& entity, std::span<const Id> ids) = 0;
  /// Appends an entry: sets its position and version, seals it and makes it the head.
  virtual void append(JournalEntry& entry) = 0;
  /// Forgets the entries up to a position for good, with their operation ids; later ones keep their places. Requires an
  /// entry after them, which keeps count (Code::misuse). Snapshots that are open see them on.
  virtual void forget_entries(std::int64_t up_to) = 0;
  /// For a copy of a store whose journal was trimmed: the first entry will follow this one, which is not kept. Requires
  /// a store without entries (Code::misuse).
  virtual void begin_journal(const JournalHead& after) = 0;
  virtual void set_setting(std::string_view name, std::string_view value) = 0;
  /// Adds a field; `schema()` is the new schema from here on.
  virtual void add_field(const CatalogField& field) = 0;
  /// Gives fields that are there other flags (`sealed`); `schema()` is the new schema from here on.
  virtual void mark_fields(std::span<const CatalogField> fields) = 0;
  /// Before a large load: gives up the non-unique indexes of an entity. Reads stay right, but slow, until
  /// `restore_index` or until the store is next opened for writing. Stores that gain nothing do nothing.
  virtual void drop_indexes(const Entity&) {}
  /// Builds one index that was given up; false where none is missing.
  virtual bool restore_index() { return false; }
  /// Makes all of it durable and visible, at once. A Writer that is destroyed before has done nothing.
  /// No call but the destructor is allowed after it.
  virtual void commit() = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  /// A snapshot of the newest commit. Many at a time, each used by one thread.
  virtual std::unique_ptr<Reader> read() = 0;
  /// Waits for its turn (fairly, between threads and processes); throws Code::busy after `wait`.
  virtual std::unique_ptr<Writer> write() = 0;
  /// A writer whose commit need not wait for the disk: it survives the end of the process, and loss of power
  /// once a later ordinary commit or `sync` is done.
  virtual std::unique_ptr<Writer> write_grouped() { return write(); }
  /// Makes every commit so far safe against loss of power.
  virtual void sync() {}
  /// A consistent copy into a new file (a store that reopens), while others read and write. Throws
  /// Code::invalid if the file exists.
  virtual void backup(const std::string& path, const Progress& progress) = 0;
  /// The same store with everything as it is kept, sealed values too: what copies are made of.
  virtual Store& as_kept() noexcept { return *this; }
  /// What was erased or overwritten leaves the files of the store, logs included, not only its records. False where
  /// somebody still reads what was, after waiting for them for so long: to be called again.
  virtual bool purge(std::chrono::milliseconds wait) {
    static_cast<void>(wait);
    return true;
  }
  /// The path of the file, empty where there is none. Caches that belong to it are named after it.
  virtual std::string path() const = 0;

  /// What a layer above keeps beside the store for all of its sessions in this process: one of each type, made when
  /// it is first asked for. Safe from several threads; what is kept must be so itself.
  template <class Kept>
  std::shared_ptr<Kept> kept() {
    const std::lock_guard lock(kept_turn_);
    std::shared_ptr<void>& found = kept_[typeid(Kept)];
    if (!found) found = std::make_shared<Kept>();
    return std::static_pointer_cast<Kept>(found);
  }
  /// Lets go of all of that: who has some of it at hand keeps it as long as they need it.
  void drop_kept() {
    const std::lock_guard lock(kept_turn_);
    kept_.clear();
  }

 private:
  std::mutex kept_turn_;
  std::unordered_map<std::type_index, std::shared_ptr<void>> kept_;
};

/// A secret of the host's, which the store never holds: it wraps the keys of customers (docs/sealing.md).
using HostKey = std::array<std::byte, 32>;

/// What a store that is made has from the one that it is to be a copy of.
struct StoreOrigin {
  std::string store_id;
  std::vector<CatalogField> catalog;  ///< fields keep their numbers
};

enum class Durability {
  full,    ///< a commit survives loss of power
  normal,  ///< a commit survives the end of the process; loss of power may undo the last ones
  off,     ///< for tests and for bases that can be built again
};

struct OpenOptions {
  bool create = false;  ///< make the store if there is none (else Code::not_found)
  bool read_only = false;
  Durability durability = Durability::full;
  std::chrono::milliseconds wait{30'000};  ///< for one's turn to write
  Currency currency;                       ///< base currency of a store that is made
  std::string zone = "UTC";                ///< zone of a store that is made
  Entropy entropy = {};                    ///< for the id of a store that is made; the system's if empty
  std::vector<HostKey> host_keys = {};     ///< of a store with sealed fields; the first seals, the others open too
  std::optional<StoreOrigin> origin = {};  ///< of a store that is made; nothing for one of its own
  std::string vfs = {};                    ///< SQLite VFS to use (tests); the default if empty
};

}  // namespace emptor
