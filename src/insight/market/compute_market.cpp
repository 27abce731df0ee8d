// Segments of the buyers of a plain table: a row a line item, and columns of what is known of customers.
#include <limits>

#include "core/options.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/market/market_telling.hpp"
#include "insight/tables/plain_fields.hpp"
#include "insight/tables/purchase_options.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view own_columns =
    R"("attributes":{"type":"array","items":{"type":"string"},"description":"columns that segments are made of beside behaviour: numbers, truths, classes; the newest row of a customer counts"},
"wallet":{"type":"string","description":"column of what a customer spends in a year on what we sell, with anybody"})";

}  // namespace

std::string_view compute_market_schema() {
  static const std::string text = with_purchase_columns(with_properties(market_schema, own_columns));
  return text;
}

ComputedResult compute_market(const PlainData& data) {
  const OptionReader options(compute_market_schema(), data.json);
  MarketRequest request =
      market_request(checked_options(with_properties(market_schema, own_columns), without_purchase_columns(options)),
                     options.day("as_of"));
  PurchaseColumnNames names = purchase_columns(options);
  names.instants = names.places = true;
  const ArrowTable table(data.stream);
  const PlainPurchases purchases = plain_purchases(table, names, purchase_zone(options));
  if (!request.until) request.until = last_purchase_day(purchases, Purchases::positive);
  const std::int32_t until = request.until ? request.until->days : 0;
  MarketOutcome outcome;
  outcome.rows = buyer_rows(lines_of(purchases), until, request.segments.window_days);
  const PlainFields fields(table, purchases, until);
  outcome.segmentation = segment_market(outcome.rows, fields.fields(request.segments.attributes, outcome.rows.customer),
                                        request.segments, std::nullopt, {data.executor, data.progress});
  if (!request.wallet.empty()) outcome.wallet = fields.numbers(request.wallet, outcome.rows.customer).values;
  json::object summary = market_json(request, outcome);
  summary.erase("competition");  // of deals and of what customers say, which are not in such a table
  tell_table(summary, "market", purchases);
  return {summary_text(summary), segment_table(outcome, keys_at(outcome.rows.customer, purchases.customers))};
}

}  // namespace emptor
