#include "core/options.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/plain_business.hpp"
#include "insight/trends/trend_work.hpp"

namespace emptor {

namespace json = boost::json;

std::string_view compute_trends_schema() {
  static const std::string text = with_business_columns(trends_schema);
  return text;
}

ComputedResult compute_trends(const PlainData& data) {
  const PlainBusiness plain = plain_business(trends_schema, data);
  const TrendRequest request = trend_request(checked_options(trends_schema, plain.own_options), plain.as_of);
  const BusinessSpan span = span_of(plain.business, request.until, request.series.period);
  const TrendOutcome outcome = find_trends(business_series(plain.business, span.whole, request.series), span.until,
                                           span.whole, request, {data.executor, data.progress});
  json::object summary = trends_json(request, outcome);
  plain.tell(summary, "trends");
  return {summary_text(summary), trends_table(request, outcome)};
}

}  // namespace emptor
