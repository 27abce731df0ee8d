#include "session/rights/rights_book.hpp"

#include <algorithm>

#include "emptor/model/party.hpp"
#include "session/changed_customers.hpp"
#include "session/rights/customer_order.hpp"
#include "session/rights/grants.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_users = 4'096;

// The customers that changed between two snapshots; nothing where what decides about rights changed, or too much.
std::optional<ChangedCustomers> changed_customers(Reader& reader, std::int64_t after) {
  auto changed = customers_changed(reader, after, decides_rights);
  if (!changed) return std::nullopt;
  ChangedCustomers all;
  all.position = reader.info().position;
  all.ids = std::move(*changed);
  reader.get(reader.schema()->entity(Customer::entity_name), all.ids, all.now);
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
