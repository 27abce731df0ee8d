#include "insight/value/value_portrait.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

ValueGroup group_of(const ValueRequest& request, const ValueOutcome& outcome, std::size_t tier) {
  ValueGroup group{"tier:" + request.tiers[tier].name, {}};
  for (const std::uint8_t of : outcome.tier) group.within.push_back(of == tier);
  return group;
}

json::object finding_json(const PortraitFinding& finding) {
  json::object told = {{"field", finding.field}};
  if (finding.kind.empty()) {
    const mine::NumberContrast& number = finding.number;
    told["cliffs_delta"] = number.delta.value;
    told["lower"] = number.delta.lower;
    told["upper"] = number.delta.upper;
    told["cohens_d"] = number.d.value;
    told["median_within"] = number.median_within;
    told["median_outside"] = number.median_outside;
  } else {
    const mine::ShareContrast& share = finding.share;
    told["kind"] = finding.kind;
    told["phi"] = share.phi;
    told["log_lift"] = share.log_lift.value;
    told["lower"] = share.log_lift.lower;
    told["upper"] = share.log_lift.upper;
  }
  told["p_value"] = finding.p_value;
  told["adjusted"] = finding.adjusted;
  told["en"] = finding_in_words(finding, Language::english);
  told["zh"] = finding_in_words(finding, Language::chinese);
  return told;
}

}  // namespace

ValueGroup tier_group(const ValueRequest& request, const ValueOutcome& outcome) {
  if (outcome.tier.empty()) return {};
  if (request.group.empty())
    return group_of(request, outcome, *std::min_element(outcome.tier.begin(), outcome.tier.end()));
  for (std::size_t tier = 0; tier < request.tiers.size(); ++tier)
    if (request.group == "tier:" + request.tiers[tier].name) return group_of(request, outcome, tier);
  throw Error(Problem{.code = Code::invalid,
                      .message = "the option 'group' names no group that is known here",
                      .field = "group",
                      .hint = "tier:NAME with the name of a tier; on a store also tag:NAME and score:NAME=LABEL"});
}

PortraitColumns behaviour_of(const ValueOutcome& outcome) {
  PortraitColumns columns;
  const ValueRows& rows = outcome.rows;
  std::vector<double> spend, mean_spend;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    spend.push_back(static_cast<double>(rows.spend[row]) / static_cast<double>(Decimal::micros_per_unit));
    mean_spend.push_back(spend.back() / rows.orders[row]);
  }
  columns.numbers = {{"recency", rows.recency},
                     {"orders", rows.orders},
                     {"spend", std::move(spend)},
                     {"mean_spend", std::move(mean_spend)}};
  for (std::size_t i = 0; i < value_driver_count; ++i)
    if (!outcome.drivers.of[i].empty())
      columns.numbers.push_back({std::string(value_driver_names[i]), outcome.drivers.of[i]});
  return columns;
}

json::object portrait_json(const ValueGroup& group, const Portrait& portrait) {
  json::object told = {
      {"group", group.name}, {"customers", portrait.within}, {"others", portrait.outside}, {"tests", portrait.tests}};
  if (!portrait.why.empty()) told["why"] = portrait.why;
  json::array findings;
  for (const PortraitFinding& finding : portrait.findings) findings.push_back(finding_json(finding));
  told["findings"] = std::move(findings);
  return told;
}

}  // namespace emptor
