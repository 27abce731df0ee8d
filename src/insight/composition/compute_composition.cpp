// Composition of the customers of a plain table: a row a line item, and columns that tell customers apart.
#include <algorithm>
#include <limits>
#include <numeric>

#include "core/options.hpp"
#include "insight/composition/composition_purchases.hpp"
#include "insight/composition/composition_telling.hpp"
#include "insight/composition/group_column.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/plain_details.hpp"
#include "insight/tables/plain_fields.hpp"
#include "insight/tables/purchase_options.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view own_columns =
    R"("by":{"type":"array","items":{"type":"string"},"description":"columns that tell customers apart: texts, truths or whole numbers; the newest row of a customer counts"},
"places":{"type":"array","items":{"type":"string"},"description":"such columns that are places, of which white spots are told"},
"cost":{"type":"string","description":"column of what the row cost us: margins are told then"})";

CompositionDimension dimension_of(const std::vector<std::string>& texts, const std::string& name, bool place) {
  GroupColumn groups(name, place, texts.size());
  for (std::size_t row = 0; row < texts.size(); ++row) groups.add(row, texts[row]);
  return groups.take();
}

/// A row without an order is one of its own: those have numbers below 0.
std::int64_t order_of(const PlainPurchases& purchases, std::uint32_t place) {
  const bool named = !purchases.order.empty() && purchases.order[place] != PlainPurchases::none;
  return named ? std::int64_t{purchases.order[place]} : -1 - std::int64_t{place};
}

CompositionRows plain_composition(const PlainPurchases& purchases, const CompositionWindow& window) {
  CompositionRows rows;
  rows.customer.resize(purchases.customers.size());
  std::iota(rows.customer.begin(), rows.customer.end(), std::int64_t{1});
  const CustomerLines lines = lines_of(purchases);
  const LineDetails details = details_of(purchases);
  add_purchases({lines, details, [](std::int64_t customer) { return static_cast<std::size_t>(customer - 1); },
                 [&](std::size_t, std::size_t, const TimedLine& line) { return order_of(purchases, line.place); }},
                window, rows);
  return rows;
}

}  // namespace

std::string_view compute_composition_schema() {
  static const std::string text = with_purchase_columns(with_properties(composition_schema, own_columns));
  return text;
}

ComputedResult compute_composition(const PlainData& data) {
  const OptionReader options(compute_composition_schema(), data.json);
  const OptionReader own(with_properties(composition_schema, own_columns), without_purchase_columns(options));
  CompositionRequest request = composition_request(
      checked_options(composition_schema, own.without({"by", "places", "cost"})), options.day("as_of"));
  PurchaseColumnNames names = purchase_columns(options);
  names.places = true;
  names.details.cost = options.text("cost");
  const ArrowTable table(data.stream);
  const PlainPurchases purchases = plain_purchases(table, names, purchase_zone(options));
  if (!request.until) request.until = last_purchase_day(purchases, Purchases::positive);
  const std::int32_t until = request.until ? request.until->days : 0;
  CompositionRows rows = plain_composition(purchases, {until, request.window_days});
  const std::vector<std::string> places = options.texts("places");
  request.by = options.texts("by");
  for (const std::string& place : places)
    if (std::find(request.by.begin(), request.by.end(), place) == request.by.end()) request.by.push_back(place);
  const PlainFields fields(table, purchases, until);
  for (const std::string& name : request.by)
    rows.dimensions.push_back(
        dimension_of(fields.texts(name), name, std::find(places.begin(), places.end(), name) != places.end()));
  const CompositionOutcome outcome = compose(rows, request);
  json::object summary = composition_json(request, outcome);
  tell_table(summary, "composition", purchases);
  return {summary_text(summary), composition_table(request, outcome)};
}

}  // namespace emptor
