#include "emptor/desk/handover.hpp"

#include <algorithm>

#include "desk/division.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/access.hpp"
#include "emptor/model/party.hpp"

namespace emptor {
namespace {

using desk::Divider;
using desk::Duty;
using desk::OpenRecord;
using desk::OwnedCustomer;
using desk::Recipient;
using desk::Transfer;

[[noreturn]] void refuse(std::string message, std::string hint) {
  throw Error(Problem{Code::invalid, std::move(message), "user", "id", {}, std::move(hint)});
}

void check(const Handover& handover) {
  if (handover.successors.empty() && !handover.to_pool)
    refuse("a hand-over names successors, or the pool", "name whom the records go to");
  std::vector<Id> names = handover.successors;
  std::ranges::sort(names);
  if (std::ranges::adjacent_find(names) != names.end()) refuse("a successor is named twice", "name each once");
  if (std::ranges::binary_search(names, handover.leaver))
    refuse("the leaver is among the successors", "name somebody else");
}

class Leaving {
 public:
  Leaving(Transfer& transfer, const Handover& handover)
      : transfer_(transfer), handover_(handover), divider_(transfer.whole(), handover.division, successors()) {}

  void run() {
    if (!transfer_.seen().get(User::entity_name, handover_.leaver))
      throw Error(Problem{Code::not_found, "there is no such record", "user", "id", {}, {}});
    hand_over_customers();
    for (const Duty& duty : desk::duties()) hand_over(duty);
    tell_what_they_lead();
    if (handover_.leaves) end_user();
  }

 private:
  std::vector<Recipient> successors() const {
    std::vector<Recipient> found;
    for (const Id user : handover_.successors)
      found.push_back(desk::recipient(transfer_.seen(), user, transfer_.today()));
    return found;
  }

  void hand_over_customers() {
    const Where theirs = Where::equal("owner_id", handover_.leaver);
    const std::vector<OwnedCustomer> customers = transfer_.customers(theirs);
    for (const OwnedCustomer& customer : customers) {
      if (handover_.to_pool) {
        transfer_.give(customer, no_id, customer.team);
      } else if (const Recipient* to = divider_.for_customer(customer)) {
        transfer_.give(customer, to->id, to->team);
      } else {
        transfer_.keep(Customer::entity_name, KeptReason::no_successor, 1);
      }
    }
    const std::int64_t seen = transfer_.seen().count(Customer::entity_name, theirs);
    transfer_.keep(Customer::entity_name, KeptReason::denied, seen - static_cast<std::int64_t>(customers.size()));
    transfer_.keep(Customer::entity_name, KeptReason::unseen,
                   transfer_.whole().count(Customer::entity_name, theirs) - seen);
  }

  void hand_over(const Duty& duty) {
    const Entity& entity = transfer_.seen().schema().entity(duty.entity);
    const Where theirs = Where::equal(entity.fields[*entity.responsible_field].name, handover_.leaver);
    transfer_.each_open(duty, theirs, [&](const OpenRecord& record, bool assignable) {
      if (assignable) give(duty, record);
      return true;
    });
    const Where open = Where::all({theirs, duty.open});
    const std::int64_t seen = transfer_.seen().count(duty.entity, open);
    transfer_.keep(duty.entity, duty.others, transfer_.seen().count(duty.entity, theirs) - seen);
    transfer_.keep(duty.entity, KeptReason::unseen, transfer_.whole().count(duty.entity, open) - seen);
  }

  // With its customer; else to whoever has the fewest of its kind.
  void give(const Duty& duty, const OpenRecord& record) {
    const std::optional<Id> with = duty.along && record.customer ? transfer_.new_owner(record.customer) : std::nullopt;
    if (with) return transfer_.give(duty, record, *with);
    if (const Recipient* to = divider_.for_record(duty.entity)) return transfer_.give(duty, record, to->id);
    transfer_.keep(duty.entity, KeptReason::no_successor, 1);
  }

  void tell_what_they_lead() {
    for (const std::string_view entity : {User::entity_name, Team::entity_name, Territory::entity_name})
      transfer_.keep(entity, KeptReason::leads,
                     transfer_.seen().count(entity, Where::equal("manager_id", handover_.leaver)));
  }

  // Until a day that is to come the user still acts: that day ends it by itself.
  void end_user() {
    const Date day = handover_.left_on.value_or(transfer_.today());
    ChangeSet::Put put = transfer_.changes().put(User::entity_name, handover_.leaver);
    put.set("left_on", day);
    if (day <= transfer_.today()) put.set("active", Value(false));
  }

  Transfer& transfer_;
  const Handover& handover_;
  Divider divider_;
};

}  // namespace

Transferred hand_over(Session& session, const Handover& handover, const TransferOptions& options) {
  check(handover);
  Transfer transfer(session, options);
  if (const auto done = transfer.earlier()) return *done;
  Leaving(transfer, handover).run();
  return transfer.finish();
}

}  // namespace emptor
