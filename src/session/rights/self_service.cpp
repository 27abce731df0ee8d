#include "session/rights/self_service.hpp"

#include <algorithm>
#include <iterator>

#include "emptor/model/agreement.hpp"
#include "emptor/model/deal.hpp"
#include "emptor/model/marketing.hpp"
#include "emptor/model/party.hpp"
#include "emptor/model/sales.hpp"
#include "emptor/model/service.hpp"
#include "emptor/model/touch.hpp"

namespace emptor {
namespace {

struct PageEntity {
  EntityNumber number;
  bool shown;  ///< without a permission that says so
};
// Nothing else is ever on a customer's page: not what staff noted, what was worked out, whom they know.
constexpr PageEntity page[] = {
    {Customer::entity_number, true},  {ContactPoint::entity_number, true}, {Consent::entity_number, true},
    {Order::entity_number, true},     {OrderLine::entity_number, true},    {Payment::entity_number, true},
    {Return::entity_number, true},    {Contract::entity_number, true},     {Subscription::entity_number, true},
    {Issue::entity_number, true},     {Case::entity_number, true},         {RepairOrder::entity_number, true},
    {Asset::entity_number, true},     {Message::entity_number, true},      {Feedback::entity_number, true},
    {Response::entity_number, true},  {Answer::entity_number, true},       {Coupon::entity_number, true},
    {Enrolment::entity_number, true}, {Quote::entity_number, false},       {QuoteLine::entity_number, false},
};

// What is nobody's: a permission may open it whole.
constexpr EntityNumber catalogue[] = {Product::entity_number, BundleItem::entity_number, Programme::entity_number,
                                      Article::entity_number, Survey::entity_number,     SurveyQuestion::entity_number};

constexpr Action possible[] = {Action::read, Action::create, Action::update, Action::remove};

// Who looks after the customer and how they are judged; what it costs; numbers of what is not theirs.
constexpr std::string_view kept_back[] = {
    "origin_id",      "name_key",       "value_key",   "owner_id",     "team_id",  "territory_id", "stage",
    "segment",        "tier",           "source",      "source_key",   "notes",    "workflow_id",  "service_level_id",
    "technician_id",  "received_by_id", "priority",    "cause",        "cost",     "sentiment",    "routed_to",
    "interaction_id", "opportunity_id", "campaign_id", "care_date_id", "evidence", "failure"};

const PageEntity* on_page(EntityNumber number) {
  const auto* found = std::ranges::find(page, number, &PageEntity::number);
  return found == std::end(page) ? nullptr : found;
}

std::vector<std::string> kept_back_of(const Entity& entity) {
  std::vector<std::string> names;
  for (const std::string_view name : kept_back)
    if (entity.find(name) != nullptr) names.emplace_back(name);
  return names;
}

bool names_read(const std::vector<Grant>& grants, EntityNumber entity) {
  return std::ranges::any_of(
      grants, [&](const Grant& grant) { return grant.action == Action::read && grant.entity == entity; });
}

// A permission for every entity is one for each of the page, with what is kept back by itself.
void add_for_page(const Schema& schema, const Grant& grant, const std::vector<Grant>& of_role,
                  std::vector<Grant>& grants) {
  for (const PageEntity& each : page) {
    const Entity* entity = schema.find(each.number);
    if (entity == nullptr || (grant.action == Action::read && names_read(of_role, each.number))) continue;
    Grant own = grant;
    own.entity = each.number;
    own.scope = ScopeKind::self;
    for (std::string& name : kept_back_of(*entity)) own.hidden.push_back(std::move(name));
    grants.push_back(std::move(own));
  }
}

void add(const Schema& schema, const Grant& grant, const std::vector<Grant>& of_role, std::vector<Grant>& grants) {
  if (std::ranges::find(possible, grant.action) == std::end(possible) || grant.scope >= ScopeKind::rules) return;
  if (grant.entity == 0) return add_for_page(schema, grant, of_role, grants);
  if (on_page(grant.entity) != nullptr) {
    grants.push_back(grant);
    grants.back().scope = ScopeKind::self;
    return;
  }
  const bool public_read = grant.action == Action::read && grant.scope == ScopeKind::all &&
                           std::ranges::find(catalogue, grant.entity) != std::end(catalogue);
  if (public_read) grants.push_back(grant);
}

// What a customer reads on their page they may take along.
void add_exports(std::vector<Grant>& grants) {
  std::vector<Grant> exports;
  std::ranges::copy_if(grants, std::back_inserter(exports),
                       [](const Grant& grant) { return grant.action == Action::read; });
  for (Grant& grant : exports) grant.action = Action::export_records;
  grants.insert(grants.end(), exports.begin(), exports.end());
}

}  // namespace

std::vector<Grant> self_service_grants(const Schema& schema, const std::vector<Grant>& of_role) {
  std::vector<Grant> grants;
  for (const Grant& grant : of_role) add(schema, grant, of_role, grants);
  for (const PageEntity& each : page) {
    const Entity* entity = schema.find(each.number);
    if (entity == nullptr || !each.shown || names_read(of_role, each.number)) continue;
    grants.push_back({each.number, Action::read, ScopeKind::self, kept_back_of(*entity), {}, {}});
  }
  add_exports(grants);
  return grants;
}

std::string_view shown_since(const Entity& entity) noexcept {
  return entity.number == Message::entity_number ? "sent_at" : "";
}

}  // namespace emptor
