#include "emptor/session/audit.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/party.hpp"
#include "session/batch_row.hpp"
#include "session/journal_base.hpp"
#include "session/walk_back.hpp"

namespace emptor {
namespace {

constexpr std::size_t entries_at_once = 16;  // of a large import they are some megabytes each
constexpr std::size_t most_rows = 4'096;     // of earlier versions at hand

using RecordKey = std::pair<EntityNumber, Id>;

// What the library sets itself is told by the kind of the change, or follows from what is told.
bool is_told(const Field& field) {
  return field.number == system_field::deleted_at ||
         (field.number >= system_field::count && !field.has(field_flag::system));
}

}  // namespace

/// One telling: which records it is about, and the rows of their versions as far as they are at hand.
class JournalTelling {
 public:
  JournalTelling(const View& view, const JournalQuery& query, const std::function<bool(const ToldEntry&)>& visit)
      : view_(view),
        reader_(*view.reader_),
        query_(query),
        visit_(visit),
        after_(view.rights_ && query.after != 0 ? view.rights_->version_of(query.after) : query.after) {
    if (view.partial_)
      throw Error(Code::unsupported, "the past has no journal of its own", "ask for the journal in the present");
    view.require_journal();
    if (query.record && query.entity.empty())
      throw Error(Problem{Code::invalid, "a record is named by its entity and its id", "journal", "entity", {}, {}});
    if (!query.entity.empty()) entity_ = &view.schema().entity(query.entity);
  }

  void run() {
    if (query_.record || query_.customer) {
      find_records();
      tell_versions();
    } else {
      tell_all();
    }
  }

 private:
  // ---- which entries

  void find_records() {
    if (query_.record && !query_.customer) records_.emplace(entity_->number, query_.record);
    if (!query_.customer) return;
    for (const Entity& entity : view_.schema().entities()) {
      if (entity.keeping != Keeping::journalled || (entity_ != nullptr && entity_ != &entity)) continue;
      if (entity.number == Customer::entity_number) add_record(entity, query_.customer);
      if (entity.number == Identity::entity_number)
        add_records(entity, Where::all({Where::equal("entity", std::string_view(Customer::entity_name)),
                                        Where::equal("record_id", query_.customer)}));
      if (entity.customer_field)
        add_records(entity, Where::equal(entity.fields[*entity.customer_field].name, query_.customer));
    }
  }

  void add_record(const Entity& entity, Id id) {
    if (!query_.record || query_.record == id) records_.emplace(entity.number, id);
  }

  void add_records(const Entity& entity, Where whose) {
    const Query query{entity.name, std::move(whose), {}, {"id"}, 1'000, true};
    ScanKey key;
    Batch batch;
    for (bool more = true; more;) {
      beat("records");
      more = reader_.scan(query, key, batch);
      for (const Id id : batch.ids) add_record(entity, id);
    }
  }

  // The versions of the chosen records are found by key, and told in the order of the journal.
  void tell_versions() {
    std::set<std::int64_t> versions;
    for (const auto& [number, id] : records_) {
      const std::optional<Record> today = view_.seen(view_.schema().entity(number), id);
      Arena text;
      if (!today) continue;
      walk_back(reader_, today->entity(), today->row(), keys_, text, [&](const PastVersion& past) {
        beat("versions");
        if (past.entry == nullptr || (query_.since && past.entry->at < *query_.since)) return false;
        versions.insert(past.version);
        return true;
      });
    }
    for (const std::int64_t version : versions) {
      beat("journal");
      const std::optional<JournalEntry> entry = reader_.entry(version);
      if (!entry || (query_.until && entry->at > *query_.until)) return;
      if (entry->position > after_ && !tell(*entry)) return;
    }
  }

  void tell_all() {
    std::int64_t position = after_;
    if (position == 0) position = journal_base(reader_).head.position;
    if (query_.since) position = std::max(position, position_at(reader_, Instant{query_.since->micros - 1}));
    while (true) {
      beat("journal", static_cast<std::uint64_t>(position), static_cast<std::uint64_t>(reader_.info().position));
      const std::vector<JournalEntry> entries = entries_after(reader_, position, entries_at_once);
      if (entries.empty()) return;
      for (const JournalEntry& entry : entries)
        if ((query_.until && entry.at > *query_.until) || !tell(entry)) return;
      position = entries.back().position;
    }
  }

  // ---- an entry

  bool tell(const JournalEntry& entry) {
    const JournalHead last = std::exchange(last_, {entry.position, entry.hash});
    if (query_.actor && *query_.actor != entry.actor) return true;
    ToldEntry told;
    told.position = token_of(entry.position);
    told.version = token_of(entry.version);
    told.at = entry.at;
    told.actor = entry.actor;
    told.reason = entry.reason;
    text_.clear();
    each_change(entry, [&](const Change& change) {
      beat("journal");
      if (is_chosen(change)) tell(entry, change, told);
      return true;
    });
    const bool all = !view_.rights_ && entity_ == nullptr && !query_.customer;
    if (told.changes.empty() && !all) return true;
    if (!view_.rights_) {
      told.hash = entry.hash;
      told.previous_hash = previous_hash(entry, last);
      told.count = entry.count;
    }
    if (!view_.rights_ || view_.rights_->user() == entry.actor) told.op_id = entry.op_id;
    return visit_(told);
  }

  std::int64_t token_of(std::int64_t number) const { return view_.rights_ ? view_.rights_->token_of(number) : number; }

  Hash previous_hash(const JournalEntry& entry, const JournalHead& last) {
    if (last.position == entry.position - 1) return last.hash;
    if (const JournalBase base = journal_base(reader_); base.head.position == entry.position - 1) return base.head.hash;
    const std::vector<JournalEntry> before = reader_.journal(entry.position - 2, 1);
    return before.empty() ? Hash{} : before.front().hash;
  }

  bool is_chosen(const Change& change) const {
    if (change.kind == ChangeKind::unchanged) return false;
    if (query_.record || query_.customer) return records_.contains({change.entity, change.id});
    return entity_ == nullptr || entity_->number == change.entity;
  }

  // ---- a change

  void tell(const JournalEntry& entry, const Change& change, ToldEntry& out) {
    const Entity* entity = view_.schema().find(change.entity);
    if (entity == nullptr) return;
    const std::optional<Record> today = view_.seen(*entity, change.id);
    if (!today) return;
    if (view_.log_) view_.note(*today);
    std::vector<Value> after = row_at(*today, entry.version), before(entity->fields.size());
    if (change.kind != ChangeKind::insert) {
      before = after;
      const Secret* secret = keys_.opening(reader_, customer_of(*entity, after), entry.version);
      apply_sealed(secret, *entity, change.id, entry.version, change.difference, before, text_);
    }
    ToldChange& told = out.changes.emplace_back(ToldChange{entity, change.id, change.kind, {}});
    const Record was = shown(*today, before), is = shown(*today, after);
    for (const Field& field : entity->fields)
      if (is_told(field) && !(was[field.number] == is[field.number]))
        told.fields.push_back({&field, text_.keep(was[field.number]), text_.keep(is[field.number])});
  }

  Record shown(const Record& today, Row row) const {
    return view_.masked(today, Record(view_.schema_pointer(), today.entity().number, row));
  }

  // The row as it was written with a version, walked back to from today's; rows on the way are kept for the entries
  // that follow.
  std::vector<Value> row_at(const Record& today, std::int64_t version) {
    if (today.version() == version) return keep(today.row(), text_);
    const RecordKey key{today.entity().number, today.id()};
    if (const auto known = rows_.find({key, version}); known != rows_.end()) return keep(known->second, text_);
    std::vector<Value> found;
    Arena text;
    walk_back(reader_, today.entity(), today.row(), keys_, text, [&](const PastVersion& past) {
      if (past.version == version) found = keep(past.row, text_);
      if (past.version > version) keep_row(key, past);
      return past.version > version;
    });
    if (found.empty())
      throw Error(Code::corrupt, "the journal holds a version that its record does not know", "run verify");
    return found;
  }

  // Of many the last ones stay, which are asked for first.
  void keep_row(const RecordKey& key, const PastVersion& past) {
    if (rows_.size() >= most_rows) {
      rows_.clear();
      kept_text_.clear();
    }
    rows_[{key, past.version}] = keep(past.row, kept_text_);
  }

  static std::vector<Value> keep(Row row, Arena& text) {
    std::vector<Value> kept;
    for (const Value& value : row) kept.push_back(text.keep(value));
    return kept;
  }

  const View& view_;
  Reader& reader_;
  const JournalQuery& query_;
  const std::function<bool(const ToldEntry&)>& visit_;
  const std::int64_t after_;
  const Entity* entity_ = nullptr;
  std::set<RecordKey> records_;
  SubjectKeys keys_{{}};
  JournalHead last_;
  Arena text_;  // of the entry at hand
  std::map<std::pair<RecordKey, std::int64_t>, std::vector<Value>> rows_;
  Arena kept_text_;  // of those rows
};

void tell_journal(const View& view, const JournalQuery& query, const std::function<bool(const ToldEntry&)>& visit) {
  const LongCall call(query.progress);
  JournalTelling(view, query, visit).run();
}

}  // namespace emptor
