// The feed with the records that its changes are of.
#include <algorithm>

#include "core/digest.hpp"
#include "emptor/model/plain.hpp"
#include "emptor/session/session.hpp"
#include "session/subject_keys.hpp"
#include "session/walk_back.hpp"

namespace emptor {
namespace {

constexpr std::string_view purpose = "emptor feed event";

// Of what no other change has: a record changes once an entry. Only who knows the store's salt can tell from an id
// which change it is, or that one comes after another.
std::string event_id(const Secret& salt, const JournalEntry& entry, const Change& change) {
  std::string told(purpose);
  for (const std::int64_t number : {entry.version, std::int64_t{change.entity}, change.id.value})
    told += " " + std::to_string(number);
  const KeyedDigest digest = keyed_digest(salt, told);
  return to_plain(Value::bytes(view_of(digest)));
}

// Whose key sealed what a change replaced: the record may have become another customer's since.
Id customer_then(Reader& reader, const JournalEntry& entry, const Record& today, SubjectKeys& keys) {
  const Entity& entity = today.entity();
  Id customer = customer_of(entity, today.row());
  if (!entity.customer_field || today.version() == entry.version) return customer;
  Arena text;
  walk_back(reader, entity, today.row(), keys, text, [&](const PastVersion& past) {
    customer = customer_of(entity, past.row);
    return past.version != entry.version;
  });
  return customer;
}

}  // namespace

std::int64_t View::each_event(std::int64_t after, std::size_t limit,
                              const std::function<bool(const FeedEvent&)>& take) const {
  SubjectKeys keys({});
  return walk_feed(after, limit, [&](const JournalEntry& entry, const Change& change, const Entity& entity) {
    const std::optional<Record> today = seen(entity, change.id);
    const Secret* salt = keys.of(*reader_, no_id);
    if (!today || salt == nullptr) return true;
    if (log_) note(*today);
    return take({item_of(entry, change, entity), event_id(*salt, entry, change), masked(*today, *today),
                 changed_fields(entry, change, *today, keys)});
  });
}

std::vector<FieldNumber> View::changed_fields(const JournalEntry& entry, const Change& change, const Record& today,
                                              SubjectKeys& keys) const {
  if (change.kind != ChangeKind::update) return {};
  const Entity& entity = today.entity();
  const Secret* secret = keys.opening(*reader_, customer_then(*reader_, entry, today, keys), entry.version);
  std::vector<FieldNumber> fields = fields_of_sealed(secret, entity, change.id, entry.version, change.difference);
  if (!rights_) return fields;
  const auto rules = rights_->field_rules(entity);
  std::erase_if(fields, [&](FieldNumber field) {
    const auto rule = std::ranges::find(rules, field, &FieldRule::field);
    return rule != rules.end() && !rights_->holds(entity, *rule, Rights::Part::open, today.row());
  });
  return fields;
}

}  // namespace emptor
