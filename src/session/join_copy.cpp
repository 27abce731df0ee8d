#include "emptor/session/join_copy.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/insight.hpp"
#include "emptor/model/json.hpp"
#include "emptor/model/party.hpp"
#include "session/journal_base.hpp"
#include "session/rights/guard.hpp"
#include "session/walk_back.hpp"

namespace emptor {
namespace {

constexpr std::size_t entries_at_once = 256;
constexpr int most_attempts = 5;  // others may write between the reading and the writing

using Place = std::pair<EntityNumber, Id>;

std::optional<Hash> hash_at(Reader& reader, std::int64_t position) {
  if (position == 0) return Hash{};
  if (const JournalBase base = journal_base(reader); base.head.position == position) return base.head.hash;
  const std::optional<JournalEntry> entry = reader.entry(position);
  return entry ? std::optional(entry->hash) : std::nullopt;
}

// The newest position that two copies share: from there on back all is the same, by the chain.
std::int64_t parting(Reader& ours, Reader& theirs) {
  const auto shared = [&](std::int64_t position) {
    const std::optional<Hash> here = hash_at(ours, position), there = hash_at(theirs, position);
    return here && there && *here == *there;
  };
  std::int64_t low = std::max(journal_base(ours).head.position, journal_base(theirs).head.position);
  std::int64_t high = std::min(ours.info().position, theirs.info().position);
  if (low > high || !shared(low))
    throw Error(Problem{Code::unsupported,
                        "the journal of when the two copies parted was forgotten",
                        "journal",
                        "",
                        {},
                        "join copies before their journals are trimmed past that"});
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    shared(middle) ? low = middle : high = middle - 1;
  }
  return low;
}

// What a join is remembered by: the copy's entry up to which it went.
std::string operation_of(const Hash& hash) { return "join " + hexadecimal(hash); }

bool is_carried(const Entity& entity) {
  return entity.keeping == Keeping::journalled && entity.number != Identity::entity_number &&
         entity.number != SegmentChange::entity_number;  // noted here by the rules of here
}

bool is_carried(const Field& field) { return field.number >= system_field::count && !field.has(field_flag::system); }

std::optional<Record> row_of(Reader& reader, const Entity& entity, Id id) {
  Batch batch;
  reader.get(entity, std::span(&id, 1), batch);
  if (!batch.ids[0]) return std::nullopt;
  std::vector<Value> values;
  batch.copy_row(0, values);
  return Record(reader.schema(), entity.number, values);
}

/// A record of the copy, and whom it is here.
struct Met {
  const Entity* entity = nullptr;  ///< as the copy describes it
  Record now;
  std::optional<Record> base;  ///< as it was when it was last the same on both sides
  bool shared = false;         ///< was there when they parted: its number is the same
  std::optional<Record> here;
  Id target;  ///< its number here; provisional for a new one
  bool is_new() const noexcept { return target.value < 0; }
};

class Joining {
 public:
  Joining(Session& session, Store& copy, const JoinOptions& options)
      : session_(session), options_(options), ours_(session.store().read()), theirs_(copy.read()) {}

  JoinReport run() {
    if (ours_->info().store_id != theirs_->info().store_id)
      throw Error(Code::invalid, "the two stores were never one", "import the other one's records instead");
    report_.parted_at = parting(*ours_, *theirs_);
    report_.joined_up_to = joined_up_to();
    if (report_.joined_up_to == theirs_->info().position) return std::move(report_);
    branch_ = "copy " + hexadecimal(*hash_at(*theirs_, report_.parted_at + 1)).substr(0, 16);
    gather();
    for (const Place& place : changed_) met(place);
    for (const Place& place : changed_) merge(met_.at(place));
    for (const auto& identity : identities_) carry(identity);
    write();
    return std::move(report_);
  }

 private:
  std::int64_t joined_up_to() {
    for (std::int64_t at = theirs_->info().position; at > report_.parted_at; --at)
      if (ours_->operation(operation_of(*hash_at(*theirs_, at)))) return at;
    return report_.parted_at;
  }

  // The records that the copy's entries since then are about, in the order of their first change.
  void gather() {
    std::set<Place> seen;
    for (std::int64_t at = report_.joined_up_to; at < theirs_->info().position; beat("join"))
      for (const JournalEntry& entry : theirs_->journal(at, entries_at_once)) {
        at = entry.position;
        each_change(entry, [&](const Change& change) {
          const Place place{change.entity, change.id};
          if (change.kind == ChangeKind::unchanged || !seen.insert(place).second) return true;
          if (change.entity == Identity::entity_number) identities_.push_back(change.id);
          if (is_carried(theirs_->schema()->entity(change.entity))) changed_.push_back(place);
          return true;
        });
      }
    std::erase_if(changed_, [&](const Place& place) {
      return !row_of(*theirs_, theirs_->schema()->entity(place.first), place.second);
    });
    carried_.insert(changed_.begin(), changed_.end());
  }

  // Who a record of the copy is; found out once.
  Met& met(const Place& place) {
    const auto [at, is_new] = met_.try_emplace(place);
    Met& met = at->second;
    if (!is_new) return met;
    met.entity = &theirs_->schema()->entity(place.first);
    met.now = *row_of(*theirs_, *met.entity, place.second);
    walk_to_base(met);
    met.target = met.shared ? place.second : find_here(met);
    if (met.target) met.here = row_of(*ours_, here(met), met.target);
    if (!met.here) met.target = becomes_new(place, met) ? set_.put(met.entity->name).id() : no_id;
    return met;
  }

  void walk_to_base(Met& met) {
    Arena text;
    walk_back(*theirs_, *met.entity, met.now.row(), keys_, text, [&](const PastVersion& past) {
      if (past.version <= report_.joined_up_to && !met.base)
        met.base.emplace(theirs_->schema(), met.entity->number, past.row);
      met.shared = past.version <= report_.parted_at;
      return !met.shared;
    });
  }

  const Entity& here(const Met& met) const { return ours_->schema()->entity(met.entity->number); }

  // What was deleted there is not made here, nor what belongs to a record that is no longer here.
  bool becomes_new(const Place& place, const Met& met) {
    return carried_.contains(place) && !met.now.deleted() && !met.shared &&
           std::ranges::all_of(met.entity->fields, [&](const Field& field) {
             return !field.has(field_flag::required) || !is_carried(field) || reaches(field, met.now[field.number]);
           });
  }

  // Of a record that was made in the copy: by what an earlier join noted, by external ids, by unique keys.
  Id find_here(const Met& met) {
    if (const Id noted = identified(met.entity->name, branch_, std::to_string(met.now.id().value))) return noted;
    for (const auto& [system, external_id] : identities_of(met))
      if (const Id known = identified(met.entity->name, system, external_id)) return matched(known);
    for (const Index& index : met.entity->indexes)
      if (index.unique && index.fields != std::vector{system_field::id})
        if (const Id holder = holder_of(met, index)) return matched(holder);
    return no_id;
  }
  Id matched(Id id) {
    ++report_.matched;
    return id;
  }

  Id identified(std::string_view entity, std::string_view system, std::string_view external_id) {
    const Where where = Where::all(
        {Where::equal("entity", entity), Where::equal("system", system), Where::equal("external_id", external_id)});
    return first_of(*ours_, {.entity = std::string(Identity::entity_name), .where = where}, "record_id");
  }

  static Id first_of(Reader& reader, Query query, const std::string& field) {
    query.fields = {field};
    query.limit = 1;
    ScanKey key;
    Batch batch;
    reader.scan(query, key, batch);
    return batch.rows() == 0 ? no_id : batch.columns[0].value(0).id();
  }

  std::vector<std::pair<std::string, std::string>> identities_of(const Met& met) {
    std::vector<std::pair<std::string, std::string>> found;
    const Query query{
        .entity = std::string(Identity::entity_name),
        .where = Where::all({Where::equal("record_id", met.now.id()), Where::equal("entity", met.entity->name)}),
        .fields = {"system", "external_id"}};
    ScanKey key;
    Batch batch;
    for (bool more = true; more;) {
      more = theirs_->scan(query, key, batch);
      for (std::size_t i = 0; i < batch.rows(); ++i)
        found.emplace_back(batch.columns[0].value(i).text(), batch.columns[1].value(i).text());
    }
    return found;
  }

  // The record here that holds what must be unique; none where a value is missing.
  Id holder_of(const Met& met, const Index& index) {
    std::vector<Where> parts;
    for (const FieldNumber number : index.fields) {
      const Field& field = met.entity->fields[number];
      const Value value = mapped(field, met.now[number]);
      if (!value.present() || (value.type() == Type::id && value.id().value < 0)) return no_id;
      parts.push_back(Where::equal(field.name, value));
    }
    return first_of(*ours_, {.entity = met.entity->name, .where = Where::all(std::move(parts))}, "id");
  }

  // The record of the copy that a value refers to; null for what is no reference to a carried record.
  Met* referred(const Field& field, const Value& value) {
    if (field.type != Type::id || !value.present() || field.reference.empty()) return nullptr;
    const Entity& entity = theirs_->schema()->entity(field.reference);
    if (!is_carried(entity) || !row_of(*theirs_, entity, value.id())) return nullptr;
    return &met({entity.number, value.id()});
  }

  // A value of the copy as it is said here: references stand for the same records.
  Value mapped(const Field& field, const Value& value) {
    const Met* const record = referred(field, value);
    if (record == nullptr) return value;
    return record->target ? Value(record->target) : Value();
  }

  // The same as it is to be set: what was deleted there is referred to no more.
  Value wanted(const Field& field, const Value& value) {
    const Met* const record = referred(field, value);
    return record != nullptr && record->now.deleted() ? Value() : mapped(field, value);
  }

  // Whether what a value refers to will be here.
  bool reaches(const Field& field, const Value& value) {
    const Met* const record = referred(field, value);
    if (record == nullptr || record->now.deleted()) return record == nullptr || !field.has(field_flag::required);
    return record->is_new() || (record->here && !record->here->deleted());
  }

  void merge(Met& met) {
    if (met.now.deleted()) return erase(met);
    if (met.is_new()) return insert(met);
    if (!met.here) return clash(met, "");
    if (met.here->deleted()) return clash(met, "");
    change(met);
  }

  void insert(const Met& met) {
    std::vector<const Field*> fields = fields_of(met);
    std::erase_if(fields, [&](const Field* field) {
      if (reaches(*field, met.now[field->number])) return false;
      clash(met, field->name);
      return true;
    });
    set(met, fields);
    note(met);
    ++report_.inserted;
  }

  void change(const Met& met) {
    std::vector<const Field*> taken = fields_of(met);
    std::erase_if(taken, [&](const Field* field) { return !takes(met, *field); });
    if (!taken.empty()) {
      set(met, taken).expect(met.here->version());
      ++report_.updated;
    }
    if (!met.shared) note(met);
  }

  // Those that hosts set and that are there on both sides.
  std::vector<const Field*> fields_of(const Met& met) const {
    std::vector<const Field*> fields;
    for (const Field& field : met.entity->fields)
      if (is_carried(field) && here(met).find(field.name) != nullptr) fields.push_back(&field);
    return fields;
  }

  ChangeSet::Put set(const Met& met, std::span<const Field* const> fields) {
    ChangeSet::Put put = set_.put(met.entity->name, met.target);
    for (const Field* field : fields) put.set(field->name, wanted(*field, met.now[field->number]));
    return put;
  }

  // Whether the copy's value replaces the one here.
  bool takes(const Met& met, const Field& field) {
    const Value now = met.now[field.number], base = met.base ? (*met.base)[field.number] : Value();
    const Value here = met.here->get(field.name);
    if (now == base || wanted(field, now) == here) return false;
    const bool possible = reaches(field, now) && !is_held(met, field);
    const bool undisputed = possible && here == mapped(field, base);
    if (!undisputed) clash(met, field.name);
    return undisputed || (possible && options_.theirs);
  }

  bool is_held(const Met& met, const Field& field) {
    return std::ranges::any_of(met.entity->indexes, [&](const Index& index) {
      if (!index.unique || std::ranges::find(index.fields, field.number) == index.fields.end()) return false;
      const Id holder = holder_of(met, index);
      return holder && holder != met.target;
    });
  }

  void erase(const Met& met) {
    if (!met.here || met.here->deleted() || (met.base && met.base->deleted())) return;
    const bool untouched =
        met.base && std::ranges::all_of(met.entity->fields, [&](const Field& field) {
          return !is_carried(field) || mapped(field, (*met.base)[field.number]) == met.here->get(field.name);
        });
    if (!untouched) clash(met, "");
    if (untouched || options_.theirs) set_.erase(met.entity->name, met.target, met.here->version());
  }

  // What stays is named by the set too, so that the join is remembered and does not tell of it again.
  void clash(const Met& met, std::string field) {
    if (met.here && !met.here->deleted()) set_.put(met.entity->name, met.target);
    report_.conflicts.push_back({met.entity->name, met.target, met.now.id(), std::move(field), met.here, met.now});
  }

  // So that a later join knows the record again.
  void note(const Met& met) {
    const std::string there = std::to_string(met.now.id().value);
    if (!identified(met.entity->name, branch_, there)) put_identity(met.entity->name, met.target, branch_, there);
  }

  void put_identity(std::string_view entity, Id record, std::string_view system, std::string_view external_id) {
    set_.put(Identity::entity_name)
        .set("entity", entity)
        .set("record_id", record)
        .set("system", system)
        .set("external_id", external_id);
  }

  void carry(Id identity) {
    const std::optional<Record> found = row_of(*theirs_, theirs_->schema()->entity(Identity::entity_number), identity);
    if (!found || found->deleted()) return;
    const Entity& entity = theirs_->schema()->entity(found->get("entity").text());
    const Id record = found->get("record_id").id();
    if (!is_carried(entity) || !row_of(*theirs_, entity, record)) return;
    const Met& of = met({entity.number, record});
    const Id holder = identified(entity.name, found->get("system").text(), found->get("external_id").text());
    if (holder && holder != of.target) clash(of, "external_id");
    if (!holder && of.target)
      put_identity(entity.name, of.target, found->get("system").text(), found->get("external_id").text());
  }

  void write() {
    const ApplyOptions apply{
        .op_id = operation_of(theirs_->info().head), .reason = "joined with a copy", .dry_run = options_.dry_run};
    if (!set_.empty()) session_.apply(set_, apply);
  }

  Session& session_;
  const JoinOptions& options_;
  std::unique_ptr<Reader> ours_, theirs_;
  SubjectKeys keys_{{}};
  std::string branch_;          // the system by which identities name records of this copy
  std::vector<Place> changed_;  // in the order of their first change
  std::set<Place> carried_;     // the same
  std::vector<Id> identities_;  // changed ones
  std::map<Place, Met> met_;
  ChangeSet set_;
  JoinReport report_;
};

// Fields that the copy has been given since.
void define_fields(Session& session, Store& copy) {
  const SchemaPtr here = session.view().schema_pointer(), there = copy.read()->schema();
  for (const Entity& entity : there->entities())
    for (const Field& field : entity.fields) {
      if (!field.has(field_flag::custom)) continue;
      const Field* same = here->entity(entity.number).find(field.name);
      if (same != nullptr && same->type != field.type)
        throw Error(Problem{Code::unsupported,
                            "the two copies have custom fields of one name and other types",
                            entity.name,
                            field.name,
                            {},
                            "rename one of them"});
      if (same == nullptr)
        session.define_field({entity.name, field.name, field.type,
                              field.flags & (field_flag::indexed | field_flag::personal), field.doc});
    }
}

}  // namespace

std::string to_json(const JoinReport& report) {
  const auto number = [](std::string_view name, std::int64_t value) {
    return "\"" + std::string(name) + "\":\"" + std::to_string(value) + "\"";
  };
  const auto record = [](std::string_view name, const std::optional<Record>& told) {
    return "\"" + std::string(name) + "\":" + (told ? to_json(*told) : "null");
  };
  std::string json = "{" + number("parted_at", report.parted_at) + "," + number("joined_up_to", report.joined_up_to);
  json += "," + number("inserted", static_cast<std::int64_t>(report.inserted));
  json += "," + number("updated", static_cast<std::int64_t>(report.updated));
  json += "," + number("erased", static_cast<std::int64_t>(report.erased));
  json += "," + number("matched", static_cast<std::int64_t>(report.matched)) + ",\"conflicts\":[";
  for (const JoinConflict& conflict : report.conflicts) {
    if (json.back() != '[') json += ',';
    json += "{\"entity\":\"" + conflict.entity + "\",\"field\":\"" + conflict.field + "\"," +
            number("here", conflict.here.value) + "," + number("there", conflict.there.value);
    json += "," + record("ours", conflict.ours) + "," + record("theirs", conflict.other) + "}";
  }
  return json + "]}";
}

JoinReport join_copy(Session& session, Store& copy, const JoinOptions& options) {
  require_whole(session, "join the store with a copy");
  const LongCall call(session.options().progress);
  if (session.store().read()->info().store_id == copy.read()->info().store_id && !options.dry_run)
    define_fields(session, copy);
  for (int attempt = 1;; ++attempt) try {
      return Joining(session, copy, options).run();
    } catch (const Error& error) {
      if (error.code() != Code::conflict || attempt == most_attempts) throw;
    }
}

}  // namespace emptor
