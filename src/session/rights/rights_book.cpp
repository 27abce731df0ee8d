#include "session/rights/rights_book.hpp"

#include <algorithm>

#include "emptor/model/party.hpp"
#include "session/rights/customer_order.hpp"
#include "session/rights/grants.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_users = 4'096;
constexpr std::size_t most_changes = 20'000;  // beyond, reading everything anew is as quick
constexpr std::size_t entries_at_once = 256;

// The customers that changed between two snapshots; nothing where what decides about rights changed, or too much.
std::optional<ChangedCustomers> changed_customers(Reader& reader, std::int64_t after) {
  ChangedCustomers all;
  all.position = reader.info().position;
  std::vector<Id>& changed = all.ids;
  std::size_t seen = 0;
  bool told = true;
  const auto take = [&](const Change& change) {
    const Entity* entity = reader.schema()->find(change.entity);
    told = ++seen <= most_changes && entity != nullptr && !decides_rights(*entity);
    if (told && change.kind != ChangeKind::unchanged && entity->number == Customer::entity_number)
      changed.push_back(change.id);
    return told;
  };
  while (told && after < reader.info().position) {
    const std::vector<JournalEntry> entries = reader.journal(after, entries_at_once);
    told = !entries.empty() && entries.front().position == after + 1;  // else some were forgotten
    if (!told) break;
    for (const JournalEntry& entry : entries)
      if (told) each_change(entry, take);
    after = entries.back().position;
  }
  if (!told) return std::nullopt;
  std::ranges::sort(changed);
  changed.erase(std::ranges::unique(changed).begin(), changed.end());
  reader.get(reader.schema()->entity(Customer::entity_name), changed, all.now);
  return all;
}

}  // namespace

bool RightsBook::in_force(Reader& reader) {
  const std::int64_t position = reader.info().position;
  if (position >= in_force_from_.load(std::memory_order_relaxed)) return true;
  if (reader.setting(rights_setting) != "on") return false;
  in_force_from_.store(position, std::memory_order_relaxed);
  return true;
}

RightsPtr RightsBook::of(Reader& reader, Id user, Id customer, Date today) {
  const Id actor = customer ? Id{-customer.value} : user;
  const std::int64_t position = reader.info().position;
  Known known;
  {
    const std::lock_guard lock(turn_);
    if (const auto found = known_.find(actor); found != known_.end()) known = found->second;
  }
  const bool usable =
      known.rights && known.schema == reader.schema() && known.position <= position && today <= known.rights->until();
  if (usable && known.position == position) return known.rights;
  if (usable) {
    const auto changed = changed_customers(reader, known.position);
    // Whether a customer is still one decides about their own page.
    if (changed && !std::ranges::binary_search(changed->ids, customer)) {
      if (!known.rights->hold_after(*changed)) known.rights = std::make_shared<const Rights>(*known.rights, *changed);
      known.position = position;
      keep(actor, known);
      return known.rights;
    }
  }
  const auto rights = customer ? std::make_shared<const Rights>(reader, SelfService{customer}, today)
                               : std::make_shared<const Rights>(reader, user, today);
  keep(actor, {rights, position, reader.schema()});
  return rights;
}

// An older snapshot's rights never take the place of a newer one's.
void RightsBook::keep(Id actor, Known known) {
  const std::lock_guard lock(turn_);
  const auto found = known_.find(actor);
  if (found != known_.end() && found->second.position > known.position) return;
  if (found == known_.end() && known_.size() >= most_users) known_.erase(known_.begin());
  known_[actor] = std::move(known);
}

}  // namespace emptor
