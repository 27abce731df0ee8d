#include "desk/taken_over.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"
#include "emptor/model/party.hpp"
#include "session/subject_keys.hpp"

namespace emptor::desk {
namespace {

constexpr std::size_t most_bytes = std::size_t{64} << 20;  // of entries at hand

}  // namespace

// Null where it was forgotten.
const TakenOver::Entry* TakenOver::entry_of(std::int64_t version) {
  if (const auto found = entries_.find(version); found != entries_.end()) return &found->second;
  if (version <= base_.head.position) return nullptr;
  if (bytes_ > most_bytes) {
    entries_.clear();
    bytes_ = 0;
  }
  std::optional<JournalEntry> read = reader_.entry(version);
  if (!read) throw Error(Code::corrupt, "the journal lacks the entry of a record's version", "run verify");
  Entry& entry = entries_[version];
  entry.entry = std::move(*read);
  bytes_ += entry.entry.changes.size();
  each_change(entry.entry, [&](const Change& change) {
    if (change.entity == Customer::entity_number) entry.customers.emplace(change.id, change);
    return true;
  });
  return &entry;
}

// Who owns a customer is nobody's personal data: it stands in the journal as it is, and needs no key.
Instant TakenOver::of(Row customer, Instant floor) {
  const Entity& entity = reader_.schema()->entity(Customer::entity_name);
  const FieldNumber owner = entity.field("owner_id").number;
  const Id id = customer[system_field::id].id();
  std::vector<Value> row(customer.begin(), customer.end());
  Arena text;
  for (std::int64_t version = row[system_field::version].integer();;) {
    const Entry* const entry = entry_of(version);
    if (entry == nullptr) return std::max(floor, base_.at);
    if (entry->entry.at <= floor) return floor;
    const auto found = entry->customers.find(id);
    if (found == entry->customers.end())
      throw Error(Code::corrupt, "the journal entry of a record's version does not hold the record", "run verify");
    const Change change = found->second;
    if (change.kind == ChangeKind::insert) return entry->entry.at;
    const Value now = row[owner];
    apply_sealed(nullptr, entity, id, version, change.difference, row, text);
    if (!(row[owner] == now)) return entry->entry.at;
    version = change.previous;
  }
}

}  // namespace emptor::desk
