#include "core/options.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/rfm/rfm_json.hpp"
#include "insight/tables/purchase_options.hpp"

namespace emptor {

namespace json = boost::json;

std::string_view compute_rfm_schema() {
  static const std::string text = with_purchase_columns(rfm_schema);
  return text;
}

ComputedResult compute_rfm(const PlainData& data) {
  const OptionReader options(compute_rfm_schema(), data.json);
  const json::object given = checked_options(rfm_schema, without_purchase_columns(options));
  const RfmOptions rfm = rfm_options(given, options.day("as_of"));
  const Zone zone = purchase_zone(options);
  const ArrowTable table(data.stream);
  const PlainPurchases purchases = plain_purchases(table, purchase_columns(options), zone);
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
  return {json::serialize(summary), rfm_table(scored, keys_at(scored.measures.customer, purchases.customers))};
}

}  // namespace emptor
