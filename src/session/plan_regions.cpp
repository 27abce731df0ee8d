// The part of a plan that tells where telephone numbers are dialled: in the country of the contact point, else in that
// of its customer.
#include <algorithm>

#include "emptor/core/country.hpp"
#include "emptor/core/phone.hpp"
#include "emptor/model/party.hpp"
#include "emptor/session/phone_keys.hpp"
#include "session/plan.hpp"

namespace emptor {
namespace {

bool is_number(const RowRules& rules, Row row) {
  return rules.phone && row[rules.phone->value].present() && is_phone_channel(row[rules.phone->channel].text());
}

std::string_view own_region(const RowRules& rules, Row row) {
  if (!rules.phone->country || !row[*rules.phone->country].present()) return {};
  return country_code(row[*rules.phone->country].text());
}

/// A number that says its country needs no region; nor does one whose contact point has a country.
bool needs_region(const RowRules& rules, Row row) {
  return is_number(rules, row) && rules.customer && row[*rules.customer].present() &&
         !parse_phone(row[rules.phone->value].text()).international() && own_region(rules, row).empty();
}

}  // namespace

void Plan::find_regions() {
  const Entity* const customer = cache_.schema->find(Customer::entity_name);
  const Field* const country = customer == nullptr ? nullptr : customer->find("country");
  if (country == nullptr) return;
  std::vector<Id> wanted;
  for (const PlannedChange& planned : changes_) {
    const RowRules& rules = cache_.rules[planned.entity->number];
    if (needs_region(rules, after(planned))) wanted.push_back(after(planned)[*rules.customer].id());
  }
  if (wanted.empty()) return;
  for (const PlannedChange& planned : changes_)
    if (planned.entity == customer) regions_[planned.id.value] = country_code(after(planned)[country->number].text());
  std::erase_if(wanted, [&](Id id) { return regions_.contains(id.value); });
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  if (wanted.empty()) return;
  Batch batch;
  writer_.get(*customer, wanted, batch);
  for (std::size_t i = 0; i < wanted.size(); ++i)
    regions_[wanted[i].value] = country_code(batch.columns[country->number].value(i).text());
}

std::string_view Plan::region_of(const RowRules& rules, Row row) const {
  if (!is_number(rules, row)) return {};
  if (const std::string_view own = own_region(rules, row); !own.empty() || !rules.customer) return own;
  const Value& customer = row[*rules.customer];
  const auto found = customer.present() ? regions_.find(customer.id().value) : regions_.end();
  return found == regions_.end() ? std::string_view{} : found->second;
}

}  // namespace emptor
