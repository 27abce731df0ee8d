#include "emptor/desk/ownership.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "desk/transfer.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/access.hpp"
#include "emptor/model/party.hpp"

namespace emptor {
namespace {

using desk::OwnedCustomer;
using desk::Transfer;

// Users by their id, also those who are gone: who left is still who it was.
class UserNames {
 public:
  explicit UserNames(const View& view) : view_(view) {}
  const std::string& of(Id user) {
    const auto [at, is_new] = names_.try_emplace(user);
    if (is_new && user)
      if (const auto found = view_.get(User::entity_name, user, true)) at->second = found->get("name").text();
    return at->second;
  }

 private:
  const View& view_;
  std::map<Id, std::string> names_;
};

Where chosen(const Assignment& assignment) {
  if (assignment.where.has_value() == !assignment.customers.empty())
    throw Error(Problem{Code::invalid,
                        "customers are assigned by their ids or by a condition",
                        "customer",
                        "id",
                        {},
                        "give one of both"});
  return assignment.where ? *assignment.where : desk::of_ids("id", assignment.customers);
}

// By their ids every one is meant; by a condition those that the actor may assign.
void check_all_there(const Transfer& transfer, const Assignment& assignment, const std::vector<OwnedCustomer>& found) {
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < assignment.customers.size(); ++i) {
    const Id id = assignment.customers[i];
    if (std::ranges::binary_search(found, id, {}, &OwnedCustomer::id)) continue;
    const bool seen = transfer.seen().get(Customer::entity_name, id).has_value();
    problems.push_back({seen ? Code::denied : Code::not_found,
                        seen ? "the actor may not assign this record" : "there is no record with this id", "customer",
                        "id", static_cast<std::int64_t>(i), ""});
  }
  if (!problems.empty()) throw Error(std::move(problems));
}

}  // namespace

std::vector<OwnerSpell> owners(const View& view, Id customer) {
  std::vector<OwnerSpell> spells;
  UserNames names(view);
  std::vector<RecordVersion> versions =
      view.history(Customer::entity_name, customer, std::numeric_limits<std::size_t>::max());
  std::ranges::reverse(versions);
  for (const RecordVersion& version : versions) {
    const Id owner = version.record.get("owner_id").id(), team = version.record.get("team_id").id();
    if (!spells.empty() && spells.back().owner == owner && spells.back().team == team) continue;
    if (!spells.empty()) spells.back().to = version.at;
    spells.push_back({owner, names.of(owner), team, version.at, std::nullopt, version.actor, names.of(version.actor),
                      version.reason});
  }
  return spells;
}

std::size_t Transferred::given_of(std::string_view entity) const {
  std::size_t count = 0;
  for (const GivenRecords& each : given)
    if (each.entity == entity) count += each.count;
  return count;
}

std::size_t Transferred::kept_of(std::string_view entity) const {
  std::size_t count = 0;
  for (const KeptRecords& each : kept)
    if (each.entity == entity) count += each.count;
  return count;
}

Transferred assign(Session& session, const Assignment& assignment, const TransferOptions& options) {
  const Where which = chosen(assignment);
  Transfer transfer(session, options);
  if (const auto done = transfer.earlier()) return *done;
  desk::Recipient to;
  if (assignment.owner) to = desk::recipient(transfer.seen(), assignment.owner, transfer.today());
  const std::vector<OwnedCustomer> customers = transfer.customers(which);
  if (assignment.where) {
    transfer.keep(Customer::entity_name, KeptReason::denied,
                  transfer.seen().count(Customer::entity_name, which) - static_cast<std::int64_t>(customers.size()));
  } else {
    check_all_there(transfer, assignment, customers);
  }
  for (const OwnedCustomer& customer : customers)
    transfer.give(customer, assignment.owner,
                  assignment.team    ? *assignment.team
                  : assignment.owner ? to.team
                                     : customer.team);
  if (assignment.with_open_records) transfer.give_open_records();
  return transfer.finish();
}

}  // namespace emptor
