// Taking a customer out of the pool.
#include <algorithm>
#include <iterator>
#include <ranges>

#include "desk/pool_rules.hpp"
#include "desk/transfer.hpp"
#include "emptor/core/error.hpp"
#include "emptor/desk/pool.hpp"
#include "emptor/model/access.hpp"
#include "emptor/model/party.hpp"

namespace emptor {
namespace {

using desk::OwnedCustomer;
using desk::Transfer;

Record seen_record(const Transfer& transfer, std::string_view entity, Id id) {
  std::optional<Record> found = transfer.seen().get(entity, id);
  if (!found) throw Error(Problem{Code::not_found, "there is no such record", std::string(entity), "id", {}, {}});
  return std::move(*found);
}

// Checks one claim; the rules are asked of the store as it is, whoever claims.
class ClaimCheck {
 public:
  ClaimCheck(const Transfer& transfer, const OwnedCustomer& customer, const Record& user)
      : transfer_(transfer), customer_(customer), user_(user), rules_(pool_rules(transfer.whole())) {}

  Claim run() {
    if (customer_.owner) return {.state = ClaimState::owned};
    if (!desk::acts(user_, transfer_.today())) return {.state = ClaimState::inactive};
    for (const std::string& tier : {customer_.tier, std::string()})
      if (const auto refused = over_capacity(tier)) return *refused;
    if (const auto refused = resting()) return *refused;
    return {};
  }

 private:
  // A tier may have a capacity of its own beside that of all customers.
  std::optional<Claim> over_capacity(const std::string& tier) const {
    std::vector<PoolRule> of_tier;
    std::ranges::copy_if(rules_, std::back_inserter(of_tier), [&](const PoolRule& rule) { return rule.tier == tier; });
    const PoolRule* rule = desk::rule_for(of_tier, "capacity", tier, user_.get("team_id").id());
    if (rule == nullptr) return std::nullopt;
    Where held = Where::equal("owner_id", user_.id());
    if (!tier.empty()) held = Where::all({std::move(held), Where::equal("tier", tier)});
    const std::int64_t count = transfer_.whole().count(Customer::entity_name, held);
    if (count < *rule->most) return std::nullopt;
    return Claim{
        .state = ClaimState::full, .rule = rule->id, .rule_name = rule->name, .held = count, .most = *rule->most};
  }

  std::optional<Claim> resting() const {
    const PoolRule* rule = desk::rule_for(rules_, "rest", customer_.tier, customer_.team);
    if (rule == nullptr) return std::nullopt;
    if (owners_are_forgotten()) return std::nullopt;
    const std::vector<OwnerSpell> spells = owners(transfer_.whole(), customer_.id);
    for (const OwnerSpell& spell : std::views::reverse(spells)) {
      if (!spell.owner) continue;
      if (spell.owner != user_.id() || !spell.to) return std::nullopt;
      const Date lost = Zone::of(transfer_.whole().info().zone).date_of(*spell.to);
      const Date until{lost.days + static_cast<std::int32_t>(*rule->days)};
      if (transfer_.today() >= until) return std::nullopt;
      return Claim{.state = ClaimState::resting, .rule = rule->id, .rule_name = rule->name, .until = until};
    }
    return std::nullopt;
  }

  // Nothing has happened to the customer since where the journal begins: who had them last cannot be told.
  bool owners_are_forgotten() const {
    const std::optional<Record> record = transfer_.whole().get(Customer::entity_name, customer_.id);
    return record && record->version() <= transfer_.whole().journal_base().head.position;
  }

  const Transfer& transfer_;
  const OwnedCustomer& customer_;
  const Record& user_;
  std::vector<PoolRule> rules_;
};

}  // namespace

Claim claim_customer(Session& session, Id customer, Id user, const TransferOptions& options) {
  Transfer transfer(session, options);
  if (auto done = transfer.earlier()) return {.transferred = std::move(*done)};
  seen_record(transfer, Customer::entity_name, customer);
  const Record taker = seen_record(transfer, User::entity_name, user);
  const std::vector<OwnedCustomer> found = transfer.customers(Where::equal("id", customer));
  if (found.empty())
    throw Error(Problem{Code::denied, "the actor may not assign this record", "customer", "id", {}, {}});
  Claim claim = ClaimCheck(transfer, found.front(), taker).run();
  if (!claim.claimed()) return claim;
  transfer.give(found.front(), user, taker.get("team_id").id());
  transfer.give_open_records();
  claim.transferred = transfer.finish();
  return claim;
}

}  // namespace emptor
