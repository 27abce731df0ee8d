#include <cmath>

#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/campaigns/uplift_study.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// JSON has no infinity and no NaN.
json::value finite(double number) { return std::isfinite(number) ? json::value(number) : json::value(); }

json::object point_json(const mine::ProfitPoint& point) {
  return {{"threshold", finite(point.threshold)},
          {"share", point.share},
          {"uplift", point.uplift},
          {"profit_per_contact", point.profit_per_contact},
          {"profit", point.profit}};
}

json::object arm_json(const mine::ArmSummary& arm) { return {{"rows", arm.rows}, {"mean", arm.mean}}; }

json::object figures_json(const std::vector<NamedFigure>& figures) {
  json::object told;
  for (const NamedFigure& figure : figures) {
    json::object one = interval_json(figure.value);
    one["as_scored"] = {{"lower", finite(figure.as_scored.lower)}, {"upper", finite(figure.as_scored.upper)}};
    told[figure.name] = std::move(one);
  }
  return told;
}

json::object targeting_json(const mine::Targeting& targeting) {
  return {{"advice", name_of(targeting.advice())},
          {"cut", point_json(targeting.cut)},
          {"share", targeting.share},
          {"profit_of_chosen", interval_json(targeting.profit)},
          {"profit_of_everybody", interval_json(targeting.profit_of_all)},
          {"chosen_beyond_everybody", interval_json(targeting.beyond_all)},
          {"profit_of_nobody", 0}};
}

}  // namespace

const std::string_view uplift_properties =
    R"("model":{"type":"string","enum":["logistic","gradient_boosting"],"description":"of what each arm does; logistic without it, of amounts gradient_boosting"},
"folds":{"type":"integer","minimum":2,"maximum":50,"description":"in which each row is scored by models that never saw it; 5 without it"},
"seed":{"type":"integer","minimum":0,"description":"of the folds and draws"},
"repetitions":{"type":"integer","minimum":20,"maximum":100000,"description":"of the bootstrap; 500 without it"},
"level":{"type":"number","minimum":0.5,"maximum":0.999,"description":"of the intervals; 0.95 without it"},
"value":{"type":"number","minimum":0,"description":"what a response brings; of amounts the share that is earned"},
"cost":{"type":"number","minimum":0,"description":"what a contact costs"})";

double number_option(const json::object& options, std::string_view name, double otherwise) {
  const json::value* value = options.if_contains(name);
  return value == nullptr ? otherwise : value->to_number<double>();
}

UpliftRequest uplift_request(const json::object& options) {
  UpliftRequest request;
  request.model = choice_option<ArmModelKind>(options, "model", arm_model_names);
  request.folds = static_cast<std::uint32_t>(number_option(options, "folds", request.folds));
  if (const json::value* seed = options.if_contains("seed")) request.seed = seed->to_number<std::uint64_t>();
  request.repetitions =
      static_cast<std::size_t>(number_option(options, "repetitions", static_cast<double>(request.repetitions)));
  request.level = number_option(options, "level", request.level);
  request.economics.value = number_option(options, "value", request.economics.value);
  request.economics.cost = number_option(options, "cost", request.economics.cost);
  return request;
}

std::string_view name_of(mine::TargetingAdvice advice) noexcept {
  constexpr std::string_view names[] = {"chosen", "everybody", "nobody", "undecided"};
  return names[static_cast<std::size_t>(advice)];
}

json::object interval_json(const mine::Interval& interval) {
  return {{"value", finite(interval.value)}, {"lower", finite(interval.lower)}, {"upper", finite(interval.upper)}};
}

json::object effect_json(const mine::CampaignEffect& effect) {
  return {{"treated", arm_json(effect.treated)},
          {"held_out", arm_json(effect.held_out)},
          {"difference", effect.difference},
          {"lower", effect.lower},
          {"upper", effect.upper},
          {"standard_error", effect.standard_error},
          {"p_value", effect.p_value},
          {"lift", finite(effect.lift())}};
}

json::object ratio_json(const mine::SampleRatio& ratio) {
  return {{"chi_square", ratio.statistic},
          {"degrees", ratio.degrees},
          {"p_value", ratio.p_value},
          {"suspicious", ratio.suspicious}};
}

json::object study_json(const UpliftStudy& study) {
  json::array curve;
  for (const mine::ProfitPoint& point : study.curve) curve.push_back(point_json(point));
  json::array unequal;
  for (const std::string& name : study.unequal) unequal.emplace_back(name);
  return {{"qini", figures_json(study.qini)},
          {"uplift_at", figures_json(study.at)},
          {"targeting", targeting_json(study.targeting)},
          {"curve", std::move(curve)},
          {"unequal_columns", std::move(unequal)}};
}

}  // namespace emptor
