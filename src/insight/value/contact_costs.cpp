#include "insight/value/contact_costs.hpp"

#include <algorithm>

#include "core/sort_stably.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"

namespace emptor {

ContactCosts read_contact_costs(const View& view) {
  ContactCosts costs;
  DayFinder days(Zone::of(view.info().zone));
  const Query query{.entity = "interaction",
                    .where = Where::present("cost"),
                    .fields = {"customer_id", "at", "cost", "deleted_at", "version"},
                    .limit = 20'000,
                    .with_deleted = true};
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const auto& columns = batch.columns;
    if (columns[4].valid[i]) costs.data_version = std::max(costs.data_version, columns[4].bits[i]);
    if (columns[3].valid[i] || !columns[0].valid[i] || !columns[1].valid[i]) return;
    costs.all.push_back({columns[0].bits[i], days.of(columns[1].bits[i]), columns[2].bits[i]});
  });
  sort_stably(costs.all, [](const ContactCost& a, const ContactCost& b) { return a.customer < b.customer; });
  return costs;
}

void take_off(const ContactCosts& costs, std::int32_t period, ValueRows& rows) {
  std::size_t row = 0;
  for (const ContactCost& one : costs.all) {
    while (row < rows.size() && rows.customer[row] < one.customer) ++row;
    if (row == rows.size()) return;
    const std::int32_t after = one.day - rows.day.days;  // 1 is the first day of the next window
    if (rows.customer[row] != one.customer || after <= -period || after > period) continue;
    (after > 0 ? rows.next_earned : rows.earned)[row] -= one.micros;
  }
}

}  // namespace emptor
