/// Simple operational statistics: how much there is of everything, counted in one snapshot.
///
///     std::puts(to_json(read_statistics(session.view())).c_str());
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

struct StatisticsRow {
  std::vector<std::string> keys;  ///< one a key of the table; empty where the records have none
  std::int64_t count = 0;
  std::optional<Decimal> amount;  ///< in the base currency
};

struct StatisticsTable {
  std::string name;                 ///< "records", "customers_by_stage", "orders_by_month" ...
  std::vector<std::string> keys;    ///< what the rows are told apart by: {"month"}
  std::vector<StatisticsRow> rows;  ///< in the order of keys
};

struct StatisticsOptions {
  /// Sums the lines of every month, which reads all orders and lines; months are otherwise only counted.
  bool revenue = true;
};

struct Statistics {
  std::int64_t position = 0;  ///< journal position of the snapshot
  std::vector<StatisticsTable> tables;
};

/// Records by entity; customers by stage, tier and country; orders and revenue by month (of the store's zone; the
/// revenue of a month is that of its orders' lines, credit notes included); interactions by channel and direction,
/// and by agent; open cases by state and by agent; open tasks by agent; opportunities that are open, by stage.
Statistics read_statistics(const View& view, const StatisticsOptions& options = {});
/// {"position":"12","tables":[{"name":"records","keys":["entity"],"rows":[{"keys":["customer"],"count":"3"}]}]}
std::string to_json(const Statistics& statistics);

}  // namespace emptor
