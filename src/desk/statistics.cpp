#include "emptor/desk/statistics.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "desk/json_writer.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/model/plain.hpp"

namespace emptor {
namespace {

constexpr std::size_t rows_at_once = 8192;

StatisticsTable grouped(const View& view, std::string name, std::string_view entity, std::vector<std::string> by,
                        Where where = {}) {
  StatisticsTable table{std::move(name), by, {}};
  AggregateQuery query;
  query.entity = entity;
  query.where = std::move(where);
  query.group_by = std::move(by);
  query.measures = {{Measure::count, ""}};
  const Groups groups = view.aggregate(query);
  for (const Groups::Group& group : groups.groups) {
    StatisticsRow row;
    for (const Value& key : group.keys) row.keys.push_back(to_plain(key));
    row.count = group.results.front().integer();
    table.rows.push_back(std::move(row));
  }
  return table;
}

StatisticsTable records_by_entity(const View& view) {
  StatisticsTable table{"records", {"entity"}, {}};
  for (const Entity& entity : view.schema().entities()) {
    if (entity.keeping != Keeping::journalled) continue;
    const std::int64_t count = view.count(entity.name);
    if (count > 0) table.rows.push_back({{entity.name}, count, {}});
  }
  return table;
}

// Numbers of users become their names; two of one name stay two rows.
void name_agents(const View& view, StatisticsTable& table) {
  for (StatisticsRow& row : table.rows) {
    if (row.keys.front().empty()) continue;
    const auto user = view.get("user", Id{std::stoll(row.keys.front())}, true);
    if (user) row.keys.front() = user->get("name").text();
  }
  table.keys.front() = "agent";
}

StatisticsTable by_agent(const View& view, std::string name, std::string_view entity, std::string_view field,
                         Where where) {
  StatisticsTable table = grouped(view, std::move(name), entity, {std::string(field)}, std::move(where));
  name_agents(view, table);
  return table;
}

// ---- months

std::string month_of(Date day) { return to_string(day).substr(0, 7); }

template <class Visit>
void each_row(const View& view, const Query& query, const Visit& visit) {
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = view.scan(query, key, batch);
    for (std::size_t row = 0; row < batch.rows(); ++row) visit(batch, row);
  }
}

struct Month {
  std::int64_t orders = 0;
  IntegerSum revenue;
};

Query scan_of(std::string_view entity, std::vector<std::string> fields) {
  Query query;
  query.entity = entity;
  query.fields = std::move(fields);
  query.limit = rows_at_once;
  return query;
}

// Orders carry the day, their lines the money: one pass over each.
StatisticsTable orders_by_month(const View& view, bool revenue) {
  std::map<std::string, Month> months;
  std::unordered_map<std::int64_t, Month*> month_of_order;
  const Zone zone = Zone::of(view.info().zone);
  each_row(view, scan_of("order", {"ordered_at", "kind"}), [&](const Batch& batch, std::size_t row) {
    const Value at = batch.columns[0].value(row);
    Month& month = months[at.present() ? month_of(zone.date_of(at.instant())) : std::string()];
    month.orders += batch.columns[1].text(row) != "credit_note";
    if (revenue) month_of_order.emplace(batch.ids[row].value, &month);
  });
  if (revenue)
    each_row(view, scan_of("order_line", {"order_id", "base_amount"}), [&](const Batch& batch, std::size_t row) {
      const auto month = month_of_order.find(batch.columns[0].bits[row]);
      const Value amount = batch.columns[1].value(row);
      if (month != month_of_order.end() && amount.present()) month->second->revenue.add(amount.micros());
    });
  StatisticsTable table{"orders_by_month", {"month"}, {}};
  for (const auto& [name, month] : months) {
    StatisticsRow row{{name}, month.orders, {}};
    if (revenue) row.amount = Decimal::from_micros(static_cast<std::int64_t>(month.revenue.value()));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

Statistics read_statistics(const View& view, const StatisticsOptions& options) {
  const Where open_case = Where::missing("closed_at");
  const Where open_task = Where::all({Where::missing("done_at"), Where::compare("status", Operator::not_equal, "done"),
                                      Where::compare("status", Operator::not_equal, "cancelled")});
  Statistics statistics;
  statistics.position = view.info().position;
  auto& tables = statistics.tables;
  tables.push_back(records_by_entity(view));
  for (const char* field : {"stage", "tier", "country"})
    tables.push_back(grouped(view, std::string("customers_by_") + field, "customer", {field}));
  tables.push_back(orders_by_month(view, options.revenue));
  tables.push_back(grouped(view, "interactions_by_channel", "interaction", {"channel", "direction"}));
  tables.push_back(by_agent(view, "interactions_by_agent", "interaction", "user_id", {}));
  tables.push_back(grouped(view, "open_cases_by_state", "case", {"state"}, open_case));
  tables.push_back(by_agent(view, "open_cases_by_agent", "case", "owner_id", open_case));
  tables.push_back(by_agent(view, "open_tasks_by_agent", "task", "user_id", open_task));
  tables.push_back(grouped(view, "open_opportunities_by_stage", "opportunity", {"stage"}, Where::missing("outcome")));
  return statistics;
}

std::string to_json(const Statistics& statistics) {
  std::string out;
  desk::JsonWriter json(out);
  const auto texts = [&](const std::vector<std::string>& all) {
    json.open('[');
    for (const std::string& each : all) {
      std::string quoted;
      append_json_text(quoted, each);
      json.raw(quoted);
    }
    json.close(']');
  };
  json.open('{');
  json.name("position").value(Value(statistics.position));
  json.name("tables").open('[');
  for (const StatisticsTable& table : statistics.tables) {
    json.open('{');
    json.member("name", Value(std::string_view(table.name)));
    json.name("keys");
    texts(table.keys);
    json.name("rows").open('[');
    for (const StatisticsRow& row : table.rows) {
      json.open('{');
      json.name("keys");
      texts(row.keys);
      json.name("count").value(Value(row.count));
      if (row.amount) json.name("amount").value(Value(*row.amount));
      json.close('}');
    }
    json.close(']');
    json.close('}');
  }
  json.close(']');
  json.close('}');
  return out;
}

}  // namespace emptor
