/// Who acts on a store: the one way in for reads and writes, with rights, journal and derivations.
#pragma once

#include <chrono>
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
#include "emptor/session/rights.hpp"
#include "emptor/store/store.hpp"

namespace emptor {

/// On whose behalf a session reads and writes. Once a store's rights are in force (`enforce_rights`), a user sees and
/// does what their roles allow (session/rights.hpp); the system, which is the host itself, everything. A customer sees
/// their own page, always, and the journal tells them by their number with a minus.
struct Actor {
  Id user;  ///< 0: the system itself, or a customer
  std::string name = "system";
  Id customer = {};  ///< self-service of this customer
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

/// A change with the record that it is of, as the actor sees that now.
struct FeedEvent {
  FeedItem item;
  std::string id;  ///< 32 hexadecimal digits that tell nothing: the same whenever and to whomever the change is told
  Record record;   ///< deleted ones too
  std::vector<FieldNumber> changed = {};  ///< of an update: fields that it gave another value, but for those kept back
};

class Session;
class SubjectKeys;
struct ErasureReceipt;
struct ForgetOptions;
struct Forgotten;

/// While it lives, what the session reads and writes is part of a larger act, for which the actor needs a permission of
/// its own: `analyse`, `merge`, `import_records`, `export_records`. Views tell only records within the scope of both
/// that and `read`; what is written is judged by it in place of create, update and delete. Throws Code::denied where
/// the actor may not do it to any record of the entity. Purposes nest; the innermost counts. Insights, imports and
/// exports of the library open theirs themselves.
class Purpose {
 public:
  Purpose(Session& session, Action action, std::string_view entity = "customer");
  ~Purpose();
  Purpose(const Purpose&) = delete;
  Purpose& operator=(const Purpose&) = delete;

 private:
  Session& session_;
  Action before_;
};

class ReadLog;

/// One version of a record: who made it, when and why, and the record as it was then.
struct RecordVersion {
  std::int64_t version = 0;
  Instant at;
  Id actor;
  std::string reason;
  ChangeKind kind = ChangeKind::insert;
  Record record;
  bool earlier_forgotten = false;  ///< versions before it were there, and are no longer (Session::trim_journal)
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
  JournalBase base;               ///< where the journal begins, if it was trimmed
  std::int64_t not_compared = 0;  ///< rows whose last change was forgotten with its digest (deep only)
  std::int64_t erasures = 0;      ///< receipts of legal erasures; each has an entry of the journal that tells of it
  std::int64_t erased = 0;        ///< records that those emptied: of what they were nothing can be compared
};

/// While it lives, the session reads the store as it was at an instant, and cannot write. Records, lists, sums,
/// profiles and cards are those of then; rights are today's, and so are settings and the schema; derived records are
/// missing. Views throw Code::unsupported where the journal of then was trimmed.
class AsOf {
 public:
  AsOf(Session& session, Instant at);
  ~AsOf();
  AsOf(const AsOf&) = delete;
  AsOf& operator=(const AsOf&) = delete;

 private:
  Session& session_;
  std::optional<Instant> before_;
};

/// A snapshot as an actor sees it.
class View {
 public:
  /// Without rights it sees all. `purpose` is what is read for: records must be within that scope as well.
  explicit View(std::unique_ptr<Reader> reader, RightsPtr rights = {}, Action purpose = Action::read);
  /// Of a reader that keeps back by itself what those rights do not tell: what is computed from it is no more
  /// everybody's. It has neither feed nor history (Code::unsupported).
  static View partial(std::unique_ptr<Reader> reader, RightsPtr rights, Action purpose);
  View(View&&) noexcept;
  View& operator=(View&&) noexcept;
  ~View();

  const StoreInfo& info() const;
  /// Whether some records or fields may be kept from whoever reads: what is computed from it is theirs alone.
  bool restricted() const noexcept { return partial_ || rights_ != nullptr; }
  const Schema& schema() const { return *schema_; }
  SchemaPtr schema_pointer() const { return schema_; }
  /// Nothing for an unknown, an invisible and (unless asked for) a deleted record.
  std::optional<Record> get(std::string_view entity, Id id, bool with_deleted = false) const;
  /// The record that another system knows by this id. To whom no identity may be told, none is known by any.
  std::optional<Record> find(std::string_view entity, std::string_view system, std::string_view external_id) const;
  /// As Reader::scan, visible records only.
  bool scan(const Query& query, ScanKey& key, Batch& out) const;
  /// All records of a query, its limit being the total. They are whole, whatever fields it names: `scan` reads some.
  std::vector<Record> select(const Query& query) const;
  std::int64_t count(std::string_view entity, const Where& where = {}) const;
  Groups aggregate(const AggregateQuery& query) const;
  std::string setting(std::string_view name) const;
  /// Scans and aggregates that are under way past this moment throw Code::cancelled; nothing ends none.
  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) const { reader_->stop_at(moment); }
  /// Throws Code::unsupported where entries after that position were forgotten: what they changed cannot be told.
  Feed feed(std::int64_t after, std::size_t limit) const;
  /// The same changes one by one, until `take` returns false. Returns the position to go on from: after the last entry
  /// of which everything was taken.
  std::int64_t each_event(std::int64_t after, std::size_t limit,
                          const std::function<bool(const FeedEvent&)>& take) const;
  /// Where the journal begins, if it was trimmed.
  JournalBase journal_base() const;
  /// Newest first, at most `limit`. Walks back by key: no scan of the journal. Throws Code::unsupported where every
  /// version was forgotten.
  std::vector<RecordVersion> history(std::string_view entity, Id id, std::size_t limit = 1000) const;
  /// The record as it stood at that instant; nothing if it did not exist then. Throws Code::unsupported for an instant
  /// of which the journal was forgotten.
  std::optional<Record> as_of(std::string_view entity, Id id, Instant at) const;

 private:
  friend class ViewPurpose;
  friend class Session;
  friend class JournalTelling;
  friend class SearchView;
  std::unique_ptr<Reader> reader_;
  SchemaPtr schema_;
  StoreInfo info_;
  RightsPtr rights_;
  mutable Action purpose_;
  bool partial_ = false;
  RightsPtr of_reader_;           ///< rights that a partial view's reader keeps to
  std::shared_ptr<ReadLog> log_;  ///< null where nobody counts who reads

  bool self_service() const noexcept;
  void require_journal() const;
  bool scan_restricted(Reader& reader, const Entity& entity, const Query& query, ScanKey& key, Batch& out) const;
  std::shared_ptr<const CustomerOrder> order_of_few(const Query& query) const;
  bool page_of(const CustomerOrder& order, const Entity& entity, const Query& query, ScanKey& key, Batch& out) const;
  Where visible(const Entity& entity, Where asked) const;
  Where identities_told(std::string_view entity, Where asked) const;
  Query visible(const Query& query) const;
  /// False ends the walk, before the end of the entry.
  using TakeChange = std::function<bool(const JournalEntry&, const Change&, const Entity&)>;
  std::int64_t walk_feed(std::int64_t after, std::size_t limit, const TakeChange& take) const;
  bool is_told(const Change& change) const;
  FeedItem item_of(const JournalEntry& entry, const Change& change, const Entity& entity) const;
  std::vector<FieldNumber> changed_fields(const JournalEntry& entry, const Change& change, const Record& today,
                                          SubjectKeys& keys) const;
  std::optional<std::int64_t> counted_customers(const AggregateQuery& query) const;
  std::optional<Record> seen(const Entity& entity, Id id) const;
  Record masked(const Record& today, Record version) const;
  void check_not_before(Instant at) const;
  void note(const Record& told) const;
  void note(const Entity& entity, const Batch& told) const;
  void mask(const Entity& entity, Batch& batch) const;
  void mask(const Entity& entity, const FieldRule& rule, Batch& batch, Column& column) const;
  Reader& reader_of(const Entity& entity) const;
  mutable std::optional<bool> derived_behind_;
  mutable std::shared_ptr<Store> derived_;  ///< derived records computed anew, where the store's are behind
  mutable std::unique_ptr<Reader> derived_reader_;
};

/// A Purpose of a view that is there already: while it lives, only records within its scope are told. Throws
/// Code::denied where the actor may not do it to any record of the entity, and Code::misuse for a view of the past that
/// was not made for it: open the Purpose before such a view.
class ViewPurpose {
 public:
  ViewPurpose(const View& view, Action action, std::string_view entity);
  ~ViewPurpose();
  ViewPurpose(const ViewPurpose&) = delete;
  ViewPurpose& operator=(const ViewPurpose&) = delete;

 private:
  const View& view_;
  Action before_;
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
  /// Code::misuse where the actor is both a user and a customer.
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
  /// What the actor may do in the snapshot of a reader; null for the system and where rights are not in force.
  RightsPtr rights(Reader& reader) const;
  /// From here on rights hold in this store, in every process, from its next call. Only the system may do it.
  void enforce_rights();
  /// From here on what sessions of users read of customers is counted, or no longer (session/read_log.hpp). Only the
  /// system may say so; the journal tells when it did.
  void log_reads(bool on = true);
  /// Forgets, for good, the journal's entries from before an instant, with their operation ids, and what was counted of
  /// reads before that day. The chain goes on from the newest of them; the trimming is an entry itself. Returns where
  /// the journal begins now. Only the system may do it.
  JournalBase trim_journal(Instant before, const Progress& progress = {});
  /// Forgets a customer by law (session/forget.hpp): at once, for good, and with a receipt.
  Forgotten forget_customer(Id customer, const ForgetOptions& options);
  /// Completes erasures whose receipts say that the files of the store still hold what was erased, waiting so long for
  /// who reads it; returns of how many customers that is still so.
  std::size_t finish_forgetting(std::chrono::milliseconds wait);
  /// Opens a large load of these entities: until `settle`, writes of this session leave derived records
  /// and non-unique indexes behind. Reads stay right, but slow, in every process. Worth it where the load
  /// is larger than what is there. A load that is cut off is settled by whoever next opens and writes.
  void begin_load(std::span<const std::string_view> entities);
  /// Ends a load, and brings up to date whatever was left behind: indexes, derived records, memberships in segments
  /// that imports, days that passed and new rules left to be told. Others may read and write between its parts.
  void settle();
  /// Gives up a load that ends in an error: the next write of this session brings derived records up to date
  /// first; indexes come back with the next load that is settled, or when the store is next opened.
  void break_off_load() noexcept;
  /// Recomputes the chain from the first entry; `deep` also compares every current row with the digest
  /// that the journal keeps of it, and derived records with their recomputation. With a head that was noted before,
  /// the entry of then must still be the same: nobody who writes the file can help that it differs. A trimmed journal
  /// is held to the entry that says so; a head from before its base is a fault, for nothing can be said of it. It
  /// counts what everybody wrote: Code::denied for who may not have the whole store told (docs/rights.md).
  Verification verify(bool deep = true, const Progress& progress = {},
                      const std::optional<JournalHead>& noted = {}) const;

  /// The scores of a customer that move with the clock (those of live models), as they are this moment; a score that
  /// the customer has no longer is without a value. Empty where nothing keeps any, and while a load has left derived
  /// records behind. Throws Code::corrupt for a live model that cannot be read.
  std::vector<ScoreNow> scores_now(const View& view, Id customer) const;
  /// The customers whom a segment has in the snapshot of a view, on the day of this moment (or of the instant of an
  /// AsOf), as a condition on a field that holds a customer's id. A user is told of those customers of whom they may
  /// read whole all that the rule asks. Throws Code::not_found for an unknown and an inactive segment, Code::denied
  /// where the rule asks of records beyond the customer's own that the user may not read all, and Code::unsupported
  /// for a past in which the answer is not kept (`top`, summaries).
  Where in_segment(const View& view, Id segment, std::string field = "id") const;

  Store& store() const noexcept;
  const SessionOptions& options() const noexcept;
  Instant now() const;

 private:
  friend class Purpose;
  friend class AsOf;
  Receipt apply_with(Writer& writer, const ChangeSet& changes, const ApplyOptions& options);
  void explain_duplicates(const ChangeSet& changes);
  void forget_what_was_learnt();
  void settle_load();
  void prepare(Writer& writer);
  void drop_what_was_read();
  bool clean_files(std::chrono::milliseconds wait, std::vector<ErasureReceipt>& receipts);
  void require_system(std::string_view refusal) const;
  Instant write_time(Writer& writer);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace emptor
