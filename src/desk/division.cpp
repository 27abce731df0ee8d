#include "desk/division.hpp"

#include "emptor/model/access.hpp"
#include "emptor/model/party.hpp"

namespace emptor::desk {
namespace {

constexpr std::size_t deepest_tree = 100;  // trees that go round end too

std::unordered_map<Id, Id> parents(const View& view, std::string_view entity) {
  std::unordered_map<Id, Id> above;
  for (const Record& record : view.select({.entity = std::string(entity), .limit = 100'000}))
    above[record.id()] = record.get("parent_id").id();
  return above;
}

}  // namespace

Divider::Divider(const View& whole, Division division, std::vector<Recipient> successors)
    : division_(division), successors_(std::move(successors)) {
  if (division == Division::territory) above_ = parents(whole, Territory::entity_name);
  if (division == Division::team) above_ = parents(whole, Team::entity_name);
}

const Recipient* Divider::for_customer(const OwnedCustomer& customer) {
  if (division_ == Division::equal) return for_record(Customer::entity_name);
  const bool by_team = division_ == Division::team;
  Id node = by_team ? customer.team : customer.territory;
  for (std::size_t step = 0; node && step < deepest_tree; ++step) {
    if (const Recipient* found =
            fewest(Customer::entity_name, by_team ? &Recipient::team : &Recipient::territory, node))
      return found;
    const auto above = above_.find(node);
    node = above == above_.end() ? no_id : above->second;
  }
  return nullptr;
}

const Recipient* Divider::for_record(std::string_view entity) { return fewest(entity, nullptr, no_id); }

const Recipient* Divider::fewest(std::string_view entity, Id Recipient::*place, Id wanted) {
  std::vector<std::size_t>& got = got_.try_emplace(std::string(entity), successors_.size()).first->second;
  std::size_t best = successors_.size();
  for (std::size_t i = 0; i < successors_.size(); ++i) {
    if (place != nullptr && successors_[i].*place != wanted) continue;
    if (best == successors_.size() || got[i] < got[best]) best = i;
  }
  if (best == successors_.size()) return nullptr;
  ++got[best];
  return &successors_[best];
}

}  // namespace emptor::desk
