#include "insight/contacts/touch_counts.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "insight/facts/facts_scan.hpp"

namespace emptor {
namespace {

struct Counted {
  std::map<std::int64_t, std::int64_t> by_customer;
  std::int64_t version = 0;
};

/// Days of interactions without an instant are not known: they count unless there is a horizon.
Counted count_interactions(const View& view, std::int32_t first_day, std::int32_t last_day) {
  DayFinder days(Zone::of(view.info().zone));
  Query query{.entity = "interaction",
              .fields = {"customer_id", "at", "deleted_at", "version"},
              .limit = 20'000,
              .with_deleted = true};
  Counted counted;
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = view.scan(query, key, batch);
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      const auto& columns = batch.columns;
      if (columns[3].valid[i]) counted.version = std::max(counted.version, columns[3].bits[i]);
      if (columns[2].valid[i] || !columns[0].valid[i]) continue;
      const std::int32_t day = columns[1].valid[i] ? days.of(columns[1].bits[i]) : last_day;
      if (day >= first_day && day <= last_day) ++counted.by_customer[columns[0].bits[i]];
    }
  }
  return counted;
}

}  // namespace

Touches count_touches(const View& view, const Measures& measures, const TouchOptions& options) {
  const bool bounded = measures.size() > 0;
  const std::int32_t last_day = bounded ? measures.as_of.days : std::numeric_limits<std::int32_t>::max();
  const std::int32_t first_day =
      bounded && options.horizon_days ? last_day - *options.horizon_days + 1 : std::numeric_limits<std::int32_t>::min();
  Counted counted = count_interactions(view, first_day, last_day);
  Touches touches;
  touches.data_version = counted.version;
  std::map<std::int64_t, std::int64_t> spend;
  for (std::size_t i = 0; i < measures.size(); ++i) {
    counted.by_customer[measures.customer[i]] += options.orders_count ? measures.frequency[i] : 0;
    spend[measures.customer[i]] = measures.monetary[i];
  }
  for (const auto& [customer, count] : counted.by_customer) {
    const auto found = spend.find(customer);
    touches.customer.push_back(customer);
    touches.value.push_back(found == spend.end() ? 0 : found->second);
    touches.count.push_back(count);
  }
  return touches;
}

}  // namespace emptor
