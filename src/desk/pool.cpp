#include "emptor/desk/pool.hpp"

#include <algorithm>

#include "desk/pool_rules.hpp"
#include "desk/signs_of_life.hpp"
#include "desk/taken_over.hpp"
#include "desk/transfer.hpp"
#include "emptor/model/party.hpp"

namespace emptor {
namespace {

using desk::OwnedCustomer;
using desk::Signs;
using desk::Transfer;

constexpr Instant never{INT64_MIN};

class Recycling {
 public:
  Recycling(Session& session, const Transfer& transfer, Date day)
      : transfer_(transfer),
        zone_(Zone::of(transfer.whole().info().zone)),
        day_(day),
        rules_(pool_rules(transfer.whole())),
        journal_(session.store().read()),
        taken_over_(*journal_) {}

  /// Fills in who goes and who stays; returns those who go.
  std::vector<OwnedCustomer> run(Recycled& out) {
    std::vector<OwnedCustomer> going;
    const std::vector<OwnedCustomer> customers = transfer_.customers(Where::present("owner_id"));
    out.owned = customers.size();
    signs_ = desk::signs_of_life(transfer_.whole(), customers, day_);
    for (const OwnedCustomer& customer : customers) {
      std::optional<PoolReturn> back = due(customer);
      if (!back) continue;
      if (std::optional<PoolStay> stay = protection(customer)) {
        out.stays.push_back(std::move(*stay));
      } else {
        out.returns.push_back(std::move(*back));
        going.push_back(customer);
      }
    }
    return going;
  }

 private:
  const Signs& signs_of(const OwnedCustomer& customer) const {
    static const Signs none;
    const auto found = signs_.find(customer.id);
    return found == signs_.end() ? none : found->second;
  }

  std::optional<PoolReturn> due(const OwnedCustomer& customer) {
    const Signs& signs = signs_of(customer);
    if (const PoolRule* rule = desk::rule_for(rules_, "idle", customer.tier, customer.team)) {
      Instant sign = never;
      if (rule->counts != "contacts" && signs.order) sign = std::max(sign, *signs.order);
      if (rule->counts != "orders" && signs.contact) sign = std::max(sign, *signs.contact);
      if (auto back = overdue(customer, *rule, sign)) return back;
    }
    const PoolRule* rule = desk::rule_for(rules_, "contract_end", customer.tier, customer.team);
    if (rule == nullptr || signs.under_contract || !signs.contract_end) return std::nullopt;
    auto back = overdue(customer, *rule, zone_.instant_of(*signs.contract_end, 0));
    if (back) back->contract_ended = true;
    return back;
  }

  // A new owner has as many days as the last one had: the journal is asked only where all else says that time is up.
  std::optional<PoolReturn> overdue(const OwnedCustomer& customer, const PoolRule& rule, Instant sign) {
    const std::int64_t allowed = rule.days.value_or(0);
    if (sign != never && passed(sign) < allowed) return std::nullopt;
    const std::optional<Record> record = transfer_.whole().get(Customer::entity_name, customer.id);
    if (!record) return std::nullopt;
    const Instant since = taken_over_.of(record->row(), sign);
    if (passed(since) < allowed) return std::nullopt;
    return PoolReturn{customer.id,   customer.owner, false,   zone_.date_of(since),
                      passed(since), allowed,        rule.id, rule.name};
  }

  std::int64_t passed(Instant since) const { return std::int64_t{day_.days} - zone_.date_of(since).days; }

  // Of all that protect, the one that protects longest.
  std::optional<PoolStay> protection(const OwnedCustomer& customer) const {
    std::optional<PoolStay> longest;
    const std::optional<Instant>& order = signs_of(customer).order;
    for (const PoolRule& rule : rules_) {
      if (desk::rule_for(std::span(&rule, 1), "protect", customer.tier, customer.team) == nullptr) continue;
      if (!rule.days) return PoolStay{customer.id, customer.owner, std::nullopt, rule.id, rule.name};
      if (!order || passed(*order) > *rule.days) continue;
      const Date until{zone_.date_of(*order).days + static_cast<std::int32_t>(*rule.days)};
      if (!longest || *longest->until < until)
        longest = PoolStay{customer.id, customer.owner, until, rule.id, rule.name};
    }
    return longest;
  }

  const Transfer& transfer_;
  Zone zone_;
  Date day_;
  std::vector<PoolRule> rules_;
  std::unique_ptr<Reader> journal_;
  desk::TakenOver taken_over_;
  std::unordered_map<Id, Signs> signs_;
};

}  // namespace

Where in_pool() { return Where::missing("owner_id"); }

Recycled recycle(Session& session, const RecycleOptions& options, const TransferOptions& transfer_options) {
  Transfer transfer(session, transfer_options);
  Recycled recycled;
  recycled.day = options.day.value_or(transfer.today());
  if (auto done = transfer.earlier()) {
    recycled.transferred = std::move(*done);
    return recycled;
  }
  for (const OwnedCustomer& customer : Recycling(session, transfer, recycled.day).run(recycled))
    transfer.give(customer, no_id, customer.team);
  if (options.with_open_records) transfer.give_open_records();
  recycled.transferred = transfer.finish();
  return recycled;
}

}  // namespace emptor
