/// Who acts on a store: the one way in for reads and writes, with rights, journal and derivations.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/executor.hpp"
#include "emptor/core/log.hpp"
#include "emptor/core/progress.hpp"
#include "emptor/core/random.hpp"
#include "emptor/core/time.hpp"
#include "emptor/session/change_set.hpp"
#include "emptor/store/store.hpp"

namespace emptor {

/// On whose behalf a session reads and writes. (One all-seeing role until rights come; every path
/// already asks the visibility below.)
struct Actor {
  Id user;  ///< 0: the system itself
  std::string name = "system";
};

struct SessionOptions {
  Actor actor = {};
  Clock clock = {};      ///< system clock if empty
  Entropy entropy = {};  ///< for subject keys; the system's if empty
  Executor executor = serial_executor();
  bool accept_clock_jump = false;  ///< go on although the clock is behind the store's watermark
  Log log = {};                    ///< of what the session's calls do beside what they answer
  Progress progress = {};          ///< of every long call of the session that is given none of its own
};

struct ApplyOptions {
  std::string op_id = {};   ///< idempotency key: applied once, however often it is sent
  std::string reason = {};  ///< kept in the journal; must not hold personal data
  bool dry_run = false;     ///< check and report, write nothing
  /// Anything below `full`: the commit does not wait for the disk (see Store::write_grouped).
  Durability durability = Durability::full;
};

/// What a change set did. `ids[i]` and `versions[i]` belong to change i of the set.
struct Receipt {
  std::int64_t position = 0;  ///< journal position; 0 where nothing was written
  std::vector<Id> ids;
  std::vector<std::int64_t> versions;
  std::size_t inserted = 0, updated = 0, erased = 0, unchanged = 0;
  bool repeated = false;  ///< the op_id was applied before; this is the receipt of then
};

/// One change as the feed tells it.
struct FeedItem {
  std::int64_t position = 0;
  Instant at;
  Id actor;
  std::string entity;
  Id id;
  ChangeKind kind = ChangeKind::insert;
  std::int64_t version = 0;
};

struct Feed {
  std::vector<FeedItem> items;
  std::int64_t position = 0;  ///< ask for what comes after this next time
};

/// One version of a record: who made it, when and why, and the record as it was then.
struct RecordVersion {
  std::int64_t version = 0;
  Instant at;
  Id actor;
  std::string reason;
  ChangeKind kind = ChangeKind::insert;
  Record record;
};

/// What `verify` found.
struct Verification {
  bool intact = true;
  std::int64_t entries = 0;  ///< read and recomputed
  std::int64_t changes = 0;
  std::int64_t records = 0;         ///< current rows whose state digest was compared (deep only)
  std::int64_t broken_at = 0;       ///< first position that does not fit; 0 if none
  std::vector<std::string> faults;  ///< at most 100, each a sentence
  Hash head{};
};

/// What an actor may see of an entity, as a condition that every read of a session is joined with; an
/// empty function sees all.
using Visibility = std::function<Where(const Entity&)>;

/// A snapshot as an actor sees it.
class View {
 public:
  View(std::unique_ptr<Reader> reader, Visibility visible);
  View(View&&) noexcept;
  View& operator=(View&&) noexcept;
  ~View();

  const StoreInfo& info() const;
  const Schema& schema() const { return *schema_; }
  SchemaPtr schema_pointer() const { return schema_; }
  /// Nothing for an unknown, an invisible and (unless asked for) a deleted record.
  std::optional<Record> get(std::string_view entity, Id id, bool with_deleted = false) const;
  /// The record that another system knows by this id.
  std::optional<Record> find(std::string_view entity, std::string_view system, std::string_view external_id) const;
  /// As Reader::scan, visible records only.
  bool scan(const Query& query, ScanKey& key, Batch& out) const;
  /// All records of a query, its limit being the total.
  std::vector<Record> select(const Query& query) const;
  std::int64_t count(std::string_view entity, const Where& where = {}) const;
  Groups aggregate(const AggregateQuery& query) const;
  std::string setting(std::string_view name) const;
  /// Scans and aggregates that are under way past this moment throw Code::cancelled; nothing ends none.
  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) const { reader_->stop_at(moment); }
  Feed feed(std::int64_t after, std::size_t limit) const;
  /// Newest first, at most `limit`. Walks back by key: no scan of the journal.
  std::vector<RecordVersion> history(std::string_view entity, Id id, std::size_t limit = 1000) const;
  /// The record as it stood at that instant; nothing if it did not exist then.
  std::optional<Record> as_of(std::string_view entity, Id id, Instant at) const;

 private:
  std::unique_ptr<Reader> reader_;
  SchemaPtr schema_;
  Visibility visible_;

  Query visible(Query query) const;
  Reader& reader_of(const Entity& entity) const;
  mutable std::optional<bool> derived_behind_;
  mutable std::shared_ptr<Store> derived_;  ///< derived records computed anew, where the store's are behind
  mutable std::unique_ptr<Reader> derived_reader_;
};

/// A score as it would be had its customer been touched this moment.
struct ScoreNow {
  std::string_view name;  ///< lives as long as the program
  std::optional<double> value;
  std::string label;
};

/// Not thread-safe: one session a thread. Many sessions may share one store.
class Session {
 public:
  /// The store must outlive the session. Throws Code::unsupported where the file records a derivation
  /// that this program lacks and the session then writes.
  explicit Session(Store& store, SessionOptions options = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Validates (reporting every problem), writes, journals, derives and commits `changes` as one.
  /// Throws Error with all problems; nothing is written then.
  Receipt apply(const ChangeSet& changes, const ApplyOptions& options = {});
  /// Adds a custom field; at once usable in puts, queries and exports.
  std::string define_field(const CustomField& field);
  View view() const;
  /// Opens a large load of these entities: until `settle`, writes of this session leave derived records
  /// and non-unique indexes behind. Reads stay right, but slow, in every process. Worth it where the load
  /// is larger than what is there. A load that is cut off is settled by whoever next opens and writes.
  void begin_load(std::span<const std::string_view> entities);
  /// Ends a load: builds the indexes and brings derived records up to date.
  void settle();
  /// Gives up a load that ends in an error: the next write of this session brings derived records up to date
  /// first; indexes come back with the next load that is settled, or when the store is next opened.
  void break_off_load() noexcept;
  /// Recomputes the chain from the first entry; `deep` also compares every current row with the digest
  /// that the journal keeps of it, and derived records with their recomputation.
  Verification verify(bool deep = true, const Progress& progress = {}) const;

  /// The scores of a customer that move with the clock (those of live models), as they are this moment; a score that
  /// the customer has no longer is without a value. Empty where nothing keeps any, and while a load has left derived
  /// records behind. Throws Code::corrupt for a live model that cannot be read.
  std::vector<ScoreNow> scores_now(const View& view, Id customer) const;

  Store& store() const noexcept;
  const SessionOptions& options() const noexcept;
  Instant now() const;

 private:
  Receipt apply_with(Writer& writer, const ChangeSet& changes, const ApplyOptions& options);
  void explain_duplicates(const ChangeSet& changes);
  void forget_what_was_learnt();
  Instant write_time(Writer& writer);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace emptor
