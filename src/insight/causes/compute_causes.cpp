#include "core/options.hpp"
#include "insight/causes/cause_work.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/plain_business.hpp"

namespace emptor {

namespace json = boost::json;

std::string_view compute_causes_schema() {
  static const std::string text = with_business_columns(causes_schema);
  return text;
}

ComputedResult compute_causes(const PlainData& data) {
  constexpr int digits = 2;  // of what currency the amounts are is not known
  const PlainBusiness plain = plain_business(causes_schema, data);
  const CauseRequest request = cause_request(checked_options(causes_schema, plain.own_options), plain.as_of);
  const Voice english(Language::english, digits), chinese(Language::chinese, digits);
  const CauseOutcome outcome = find_causes(plain.business, request, plain.product_name, english, chinese);
  json::object summary = causes_json(request, outcome, english, chinese);
  plain.tell(summary, "causes");
  return {summary_text(summary), causes_table(outcome)};
}

}  // namespace emptor
