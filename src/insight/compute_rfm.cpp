#include "core/option_reader.hpp"
#include "core/options.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/plain_purchases.hpp"
#include "insight/rfm_json.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// The options of "rfm" and the names of the columns.
const std::string& schema_text() {
  static const std::string text =
      with_properties(rfm_schema,
                      R"("customer":{"type":"string","description":"column of who bought: whole numbers or texts"},
"date":{"type":"string","description":"column of when: days, times, or texts in ISO 8601"},
"amount":{"type":"string","description":"column of how much: numbers"},
"order":{"type":"string","description":"column of what was bought together; without it each row is a purchase of its own"},
"quantity":{"type":"string","description":"column of how many; below 0 is taken back"},
"as_of":{"type":"string","description":"YYYY-MM-DD, the day it stands for; without it the last day with a purchase"},
"zone":{"type":"string","description":"IANA name of the zone whose days count, for dates that are instants; UTC without it"})");
  return text;
}

/// The columns are called by these names unless the options say otherwise.
PurchaseColumnNames names_in(const OptionReader& options) {
  return {options.text("customer", "customer"), options.text("date", "date"), options.text("amount", "amount"),
          options.text("order"), options.text("quantity")};
}

/// The customers of the scored table: numbers from 1 stand for places among all.
Column scored_customers(const RfmTable& scored, const Column& all) {
  Column customers{.type = all.type};
  for (const std::int64_t number : scored.measures.customer)
    customers.append(all.value(static_cast<std::size_t>(number - 1)));
  return customers;
}

}  // namespace

std::string_view compute_rfm_schema() { return schema_text(); }

ComputedResult compute_rfm(const PlainData& data) {
  const OptionReader options(compute_rfm_schema(), data.json);
  const std::string rest = options.without({"customer", "date", "amount", "order", "quantity", "as_of", "zone"});
  const json::object given = checked_options(rfm_schema, rest);
  const RfmOptions rfm = rfm_options(given, options.day("as_of"));
  const Zone zone = options.has("zone") ? Zone::of(options.text("zone")) : Zone();
  const ArrowTable table(data.stream);
  const PlainPurchases purchases = plain_purchases(table, names_in(options), zone);
  const RfmTable scored = score_rfm(measure_purchases(purchases, rfm.measures), rfm);
  const json::object summary = {{"computation", "rfm"},
                                {"as_of", day_json(scored.measures)},
                                {"rows", purchases.rows},
                                {"skipped", purchases.skipped},
                                {"customers", scored.size()},
                                {"total", decimal_json(scored.measures.total)},
                                {"options", json::parse(rfm_options_json(given, rfm))},
                                {"cuts", rfm_cuts_json(scored)},
                                {"segments", rfm_segments_json(scored)}};
  return {json::serialize(summary), rfm_table(scored, scored_customers(scored, purchases.customers))};
}

}  // namespace emptor
