// Verification: the chain from the first entry to the head, then (deep) every current row against the
// digest that the journal keeps of it, and derived records against their recomputation.
#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/session/derivation.hpp"
#include "emptor/session/forget.hpp"
#include "emptor/session/session.hpp"
#include "session/derive.hpp"
#include "session/forget/receipts.hpp"
#include "session/journal_base.hpp"
#include "session/rights/guard.hpp"
#include "session/session_state.hpp"

namespace emptor {
namespace {

constexpr std::size_t entries_at_once = 16;  // of a large import they are some megabytes each
constexpr std::size_t most_faults = 100;
constexpr std::int64_t rows_a_beat = 256;
constexpr std::uint64_t records_a_pass = 4'000'000;  // bounds memory: about 200 MB

class Verifier {
 public:
  Verifier(Reader& reader, SubjectKeys& keys, const Executor& executor, std::optional<JournalHead> noted)
      : reader_(reader), keys_(keys), executor_(executor), noted_(noted) {}

  Verification run(bool deep) {
    result_.base = journal_base(reader_);
    check_chain();
    check_base();
    check_erasures();
    if (deep) {
      const std::uint64_t passes = static_cast<std::uint64_t>(result_.changes) / records_a_pass + 1;
      for (std::uint64_t pass = 0; pass < passes; ++pass) check_records(pass, passes);
      if (!derivations_behind(reader_))
        for (const Derivation* derivation : kept_derivations(reader_)) check_derivation(*derivation);
    }
    return std::move(result_);
  }

 private:
  using Expected = boost::unordered_flat_map<std::uint64_t, std::pair<std::int64_t, StateDigest>>;  // version, state

  static std::uint64_t key_of(EntityNumber entity, Id id) {
    return (static_cast<std::uint64_t>(entity) << 48) ^ static_cast<std::uint64_t>(id.value);
  }

  void fault(std::string text, std::int64_t position = 0) {
    result_.intact = false;
    if (position != 0 && result_.broken_at == 0) result_.broken_at = position;
    if (result_.faults.size() < most_faults) result_.faults.push_back(std::move(text));
  }

  void fault_at(std::string_view what, std::int64_t position) {
    fault(std::string(what) + " at position " + std::to_string(position), position);
  }

  void tell(std::string_view stage, std::uint64_t done) {
    beat(stage, done, static_cast<std::uint64_t>(reader_.info().position));
  }

  using Entries = std::vector<JournalEntry>;

  void each_group(std::string_view stage, const std::function<void(const Entries&)>& visit) {
    std::int64_t after = 0;
    while (true) {
      tell(stage, static_cast<std::uint64_t>(after));
      const Entries entries = reader_.journal(after, entries_at_once);
      visit(entries);
      if (entries.size() < entries_at_once) return;
      after = entries.back().position;
    }
  }

  void check_chain() {
    Hash previous = result_.base.head.hash;
    std::int64_t position = result_.base.head.position;
    each_group("chain", [&](const Entries& entries) {
      const std::vector<Root> roots = roots_of(entries);
      for (std::size_t i = 0; i < entries.size(); ++i) {
        const JournalEntry& entry = entries[i];
        ++position;
        if (entry.position != position)
          fault("an entry is missing before position " + std::to_string(entry.position), position);
        position = entry.position;
        check_entry(entry, roots[i], previous);
        previous = entry.hash;
        ++result_.entries;
        result_.changes += entry.count;
      }
    });
    result_.head = previous;
    if (noted_ && position < noted_->position) fault("the journal ends before the entry that was noted", position + 1);
    if (position != reader_.info().position || previous != reader_.info().head)
      fault("the newest entries are missing or the head is not theirs", position + 1);
  }

  // That the journal begins where it does must be told by an entry of its own.
  void check_base() {
    const JournalHead& base = result_.base.head;
    if (to_string(result_.base) != trimmed_up_to_)
      fault("the journal begins elsewhere than its newest trimming says", base.position + 1);
    if (noted_ && noted_->position < base.position)
      fault("the entry that was noted is forgotten: nothing can be said of it", base.position + 1);
    if (noted_ && noted_->position == base.position && noted_->hash != base.hash)
      fault_at("the entry is not the one that was noted", base.position);
  }

  // A receipt that nobody forgot anybody for is made up.
  void check_erasures() {
    for (const ErasureReceipt& receipt : all_receipts(reader_)) {
      ++result_.erasures;
      result_.erased += receipt.records.value_or(0);
      const std::int64_t version = receipt.position.value_or(0);
      const std::optional<JournalEntry> entry = reader_.entry(version);
      if (!entry && version <= result_.base.head.position && version > 0) continue;
      if (!entry || !entry->reason.starts_with(erasure_reason))
        fault("the receipt of erasure " + std::to_string(receipt.id.value) + " is not in the journal");
    }
  }

  enum class Root { good, other, unreadable };

  static Root root_of(const JournalEntry& entry) {
    try {
      return merkle_root(entry) == entry.root ? Root::good : Root::other;
    } catch (const Error& error) {
      if (error.code() != Code::corrupt) throw;
      return Root::unreadable;
    }
  }

  /// The costly part, which no entry needs another for: side by side where the host has threads for it.
  std::vector<Root> roots_of(const Entries& entries) {
    std::vector<Root> roots(entries.size());
    const std::size_t group = std::max<std::size_t>(executor_.threads, 1);
    for (std::size_t first = 0; first < entries.size(); first += group) {
      tell("chain", static_cast<std::uint64_t>(entries[first].position));
      executor_.run(std::min(group, entries.size() - first),
                    [&](std::size_t i) { roots[first + i] = root_of(entries[first + i]); });
    }
    return roots;
  }

  void check_entry(const JournalEntry& entry, Root root, const Hash& previous) {
    if (root == Root::other) fault_at("the changes differ from their root", entry.position);
    if (root == Root::unreadable) fault_at("the changes cannot be read", entry.position);
    if (chain_hash(entry, previous) != entry.hash)
      fault_at("the hash does not follow from the entry before", entry.position);
    if (entry.count == 0 && entry.reason.starts_with(trimming_reason))
      trimmed_up_to_ = entry.reason.substr(trimming_reason.size());
    if (noted_ && noted_->position == entry.position && noted_->hash != entry.hash)
      fault_at("the entry is not the one that was noted", entry.position);
  }

  // What the journal says the newest version of each record of this pass is.
  Expected expected_states(std::uint64_t pass, std::uint64_t passes) {
    Expected expected;
    each_group("journal", [&](const Entries& entries) {
      for (const JournalEntry& entry : entries) expect_changes(entry, pass, passes, expected);
    });
    return expected;
  }

  void expect_changes(const JournalEntry& entry, std::uint64_t pass, std::uint64_t passes, Expected& expected) {
    tell("journal", static_cast<std::uint64_t>(entry.position));
    each_change(entry, [&](const Change& change) {
      const std::uint64_t key = key_of(change.entity, change.id);
      if (change.kind == ChangeKind::unchanged || key % passes != pass) return true;
      StateDigest state;
      std::copy_n(reinterpret_cast<const std::byte*>(change.state.data()), state.size(), state.begin());
      expected.insert_or_assign(key, std::pair(entry.version, state));
      return true;
    });
  }

  void check_records(std::uint64_t pass, std::uint64_t passes) {
    if (!result_.intact) return;  // a broken journal says nothing about rows
    Expected expected = expected_states(pass, passes);
    for (const Entity& entity : reader_.schema()->entities())
      if (entity.keeping == Keeping::journalled) check_entity(entity, pass, passes, expected);
    if (!expected.empty())
      fault(std::to_string(expected.size()) + " records of the journal are missing from their tables");
  }

  void check_entity(const Entity& entity, std::uint64_t pass, std::uint64_t passes, Expected& expected) {
    Query query;
    query.entity = entity.name;
    query.with_deleted = true;
    query.limit = 4096;
    ScanKey key;
    Batch batch;
    for (bool more = true; more;) {
      more = reader_.scan(query, key, batch);
      load_keys(entity, batch);
      for (std::size_t i = 0; i < batch.rows(); ++i)
        if (key_of(entity.number, batch.ids[i]) % passes == pass) check_row(entity, batch, i, expected);
      tell(entity.name, static_cast<std::uint64_t>(result_.records));
    }
  }

  void load_keys(const Entity& entity, const Batch& batch) {
    std::vector<Id> customers;
    const FieldNumber field = entity.customer_field.value_or(system_field::id);
    if (!entity.customer_field && entity.name != "customer") return;
    for (std::size_t i = 0; i < batch.rows(); ++i) customers.push_back(batch.columns[field].value(i).id());
    keys_.load(reader_, customers);
  }

  void check_row(const Entity& entity, const Batch& batch, std::size_t at, Expected& expected) {
    if (++result_.records % rows_a_beat == 0) tell(entity.name, static_cast<std::uint64_t>(result_.records));
    row_.clear();
    for (const Column& column : batch.columns) row_.push_back(column.value(at));
    const std::string which = entity.name + " " + std::to_string(batch.ids[at].value);
    const auto found = expected.find(key_of(entity.number, batch.ids[at]));
    if (found == expected.end()) {
      const bool forgotten = row_[system_field::version].integer() <= result_.base.head.position;
      return forgotten ? void(++result_.not_compared) : fault(which + " is not in the journal");
    }
    const auto [version, state] = found->second;
    expected.erase(found);
    if (row_[system_field::version].integer() != version)
      return fault(which + " has another version than the journal says");
    const Secret* secret = keys_.of(reader_, customer_of(entity, row_));
    if (secret == nullptr) secret = keys_.of(reader_, no_id);
    if (secret == nullptr || state_digest(*secret, entity, row_, scratch_) != state)
      fault(which + " was changed without the journal");
  }

  // Missing rows count as empty ones: both say that there is nothing to add up.
  void check_derivation(const Derivation& derivation) {
    if (derivation.check) return derivation.check(reader_, [&](std::string text) { fault(std::move(text)); });
    const Entity& entity = reader_.schema()->entity(derivation.writes);
    boost::unordered_flat_map<std::int64_t, std::string> kept;
    Query query;
    query.entity = entity.name;
    ScanKey key;
    Batch batch;
    for (bool more = true; more;) {
      more = reader_.scan(query, key, batch);
      for (std::size_t i = 0; i < batch.rows(); ++i) {
        row_.clear();
        for (const Column& column : batch.columns) row_.push_back(column.value(i));
        kept.emplace(batch.ids[i].value, content(row_));
      }
    }
    derivation.recompute(reader_, [&](Row row) {
      const auto found = kept.find(row[system_field::id].bits());
      if (found == kept.end() ? !content(row).empty() : found->second != content(row))
        fault(entity.name + " " + std::to_string(row[system_field::id].bits()) + " differs from its recomputation");
      if (found != kept.end()) kept.erase(found);
    });
    for (const auto& [id, text] : kept)
      if (!text.empty()) fault(entity.name + " " + std::to_string(id) + " stands for records that do not exist");
  }

  // The values of a derived row that are neither missing nor zero.
  static std::string content(Row row) {
    std::string text;
    for (std::size_t i = system_field::count; i < row.size(); ++i) {
      if (!row[i].present() || (!row[i].is_text() && row[i].bits() == 0)) continue;
      text += std::to_string(i) + '=' +
              (row[i].is_text() ? std::string(row[i].text()) : std::to_string(row[i].bits())) + ';';
    }
    return text;
  }

  Reader& reader_;
  SubjectKeys& keys_;
  const Executor& executor_;
  std::optional<JournalHead> noted_;
  Verification result_;
  std::string trimmed_up_to_;  // by the newest entry that says so
  std::vector<Value> row_;
  std::string scratch_;
};

}  // namespace

Verification Session::verify(bool deep, const Progress& progress, const std::optional<JournalHead>& noted) const {
  state_->refuse_self_service();
  const LongCall call(progress ? progress : state_->options.progress);
  const std::unique_ptr<Reader> reader = state_->store.read();
  require_whole(rights(*reader).get(), *reader->schema(), "verify the store");
  SubjectKeys keys({});
  return Verifier(*reader, keys, state_->options.executor, noted).run(deep);
}

}  // namespace emptor
