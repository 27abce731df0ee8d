#include "insight/value/value_groups.hpp"

#include <algorithm>

#include "insight/facts/each_row.hpp"

namespace emptor {
namespace {

/// The customers of the rows to whom one of the records belongs.
ValueGroup owners_of(const View& view, const char* entity, Where where, const ValueRequest& request,
                     const ValueOutcome& outcome) {
  const std::vector<std::int64_t>& customers = outcome.rows.customer;
  ValueGroup group{request.group, std::vector<std::uint8_t>(customers.size())};
  const Query query{.entity = entity, .where = std::move(where), .fields = {"customer_id"}, .limit = 10'000};
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const auto at = std::lower_bound(customers.begin(), customers.end(), batch.columns[0].bits[i]);
    if (at != customers.end() && *at == batch.columns[0].bits[i])
      group.within[static_cast<std::size_t>(at - customers.begin())] = 1;
  });
  return group;
}

}  // namespace

ValueGroup stored_group(const View& view, const ValueRequest& request, const ValueOutcome& outcome) {
  const std::string_view asked = request.group;
  if (asked.starts_with("tag:")) return owners_of(view, "tag", Where::equal("name", asked.substr(4)), request, outcome);
  const std::size_t label = asked.find('=');
  if (asked.starts_with("score:") && label != std::string_view::npos)
    return owners_of(
        view, "score",
        Where::all({Where::equal("name", asked.substr(6, label - 6)), Where::equal("label", asked.substr(label + 1))}),
        request, outcome);
  return tier_group(request, outcome);
}

}  // namespace emptor
