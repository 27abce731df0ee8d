#include "core/options.hpp"
#include "insight/compute_runs.hpp"
#include "insight/habits/habit_work.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/plain_details.hpp"
#include "insight/tables/purchase_options.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// Days, and times as the clock on the wall shows them, are of no zone.
Zone zone_of_hours(const ArrowTable& table, const std::string& date, const Zone& zone) {
  const ArrowType& type = table.columns()[table.column(date)].type;
  return type.kind == ArrowType::Kind::timestamp && !type.zoned ? Zone() : zone;
}

}  // namespace

std::string_view compute_habits_schema() {
  static const std::string text = with_purchase_columns(
      with_properties(with_detail_columns(habits_schema),
                      R"("channel":{"type":"string","description":"column of the channel of the sale"},
"payment_method":{"type":"string","description":"column of how it was paid"})"));
  return text;
}

ComputedResult compute_habits(const PlainData& data) {
  const OptionReader options(compute_habits_schema(), data.json);
  const OptionReader own(compute_habits_schema(), without_purchase_columns(options));
  const OptionReader details_too(with_detail_columns(habits_schema), own.without({"channel", "payment_method"}));
  const HabitRequest request =
      habit_request(checked_options(habits_schema, without_detail_columns(details_too)), options.day("as_of"));
  const Zone zone = purchase_zone(options);
  PurchaseColumnNames names = purchase_columns(options);
  names.instants = true;
  names.details = detail_columns(options);
  names.details.channel = options.text("channel");
  names.details.method = options.text("payment_method");
  const ArrowTable table(data.stream);
  const PlainPurchases purchases = plain_purchases(table, names, zone);
  const LineDetails details = details_of(purchases);
  const LineKinds channel = kinds_of(purchases.channel, purchases.channels),
                  method = kinds_of(purchases.method, purchases.methods),
                  category = kinds_of(purchases.category, purchases.categories);
  const HabitOutcome outcome = find_customer_habits(
      {lines_of(purchases), details, channel, method, category, zone_of_hours(table, names.date, zone)}, request,
      {data.executor, data.progress});
  json::object summary = habits_json(request, outcome);
  tell_table(summary, "habits", purchases);
  return {summary_text(summary),
          habits_table(request, outcome, keys_at(outcome.occasions.customer, purchases.customers))};
}

}  // namespace emptor
