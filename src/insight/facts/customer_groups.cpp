#include "insight/facts/customer_groups.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "insight/facts/each_row.hpp"

namespace emptor {

std::uint32_t CustomerGroups::of(std::int64_t id) const noexcept {
  const auto found = std::lower_bound(customer.begin(), customer.end(), id);
  if (found == customer.end() || *found != id) return none;
  return group[static_cast<std::size_t>(found - customer.begin())];
}

CustomerGroups groups_of(const RfmTable& table) {
  CustomerGroups groups{.by = "rfm", .customer = table.measures.customer, .group = {}, .names = table.names};
  groups.group.assign(table.segment.begin(), table.segment.end());
  return groups;
}

CustomerGroups groups_of_tags(const View& view, const std::string& source) {
  std::map<std::int64_t, std::string> names;
  std::set<std::string> all;
  each_row(view,
           {.entity = "tag",
            .where = Where::equal("source", std::string_view(source)),
            .fields = {"customer_id", "name"},
            .limit = 10'000},
           [&](const Batch& batch, std::size_t i) {
             if (!batch.columns[0].valid[i]) return;
             const std::string name(batch.columns[1].text(i));
             const auto [at, fresh] = names.try_emplace(batch.columns[0].bits[i], name);
             if (!fresh && name < at->second) at->second = name;
             all.insert(name);
           });
  CustomerGroups groups{.by = source, .customer = {}, .group = {}, .names = {all.begin(), all.end()}};
  for (const auto& [customer, name] : names) {
    groups.customer.push_back(customer);
    const auto place = std::lower_bound(groups.names.begin(), groups.names.end(), name) - groups.names.begin();
    groups.group.push_back(static_cast<std::uint32_t>(place));
  }
  return groups;
}

}  // namespace emptor
